// /studio/status: whether the platform and what it stands on answer.
import type { Health } from "../../../../schemas/api/health.ts";
import { useResource } from "../../data/resource.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { ViewHeading } from "../../shell/view-heading.tsx";

export function StatusView() {
  // 503 is an answer too: it says which part is down.
  const health = useResource("health", async (signal) => {
    const response = await fetch("/health", { signal });
    return (await response.json()) as Health;
  });
  return (
    <section class="view">
      <ViewHeading title="Status" />
      <ProblemNote error={health.error} retry={health.reload} />
      {health.value === undefined ? null : (
        <dl>
          {Object.entries(health.value.checks).map(([name, isUp]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{isUp ? "answers" : "does not answer"}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
