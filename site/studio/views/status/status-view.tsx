// /studio/status: whether the platform and what it stands on answer, how far away it is, and what may be asked of it.
import { useEffect } from "preact/hooks";
import type { Health } from "../../../../schemas/api/health.ts";
import { Badge } from "../../../halo/badge.tsx";
import { Button } from "../../../halo/button.tsx";
import { Card } from "../../../halo/card.tsx";
import { RelativeTime } from "../../../halo/relative-time.tsx";
import { Skeleton } from "../../../halo/skeleton.tsx";
import { Unreachable } from "../../data/problem.ts";
import { useResource } from "../../data/resource.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { ViewHeading } from "../../shell/view-heading.tsx";
import { QuotaCard } from "./quota-card.tsx";
import "./status-view.css";

const LOOK_EVERY_MS = 30_000;

const PARTS: Readonly<Record<keyof Health["checks"], readonly [string, string]>> = {
  d1: ["Database", "projects, members, tokens, what is live where"],
  r2: ["Blobs", "files of capsules and apps"],
  objects: ["Objects", "timelines, runs, simulations"],
  vault: ["Vault", "signing keys and secrets"],
};

export function StatusView() {
  const status = useResource("status", readStatus);
  const { reload } = status;
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") reload();
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [reload]);
  const { value } = status;
  return (
    <section class="view">
      <ViewHeading title="Status" eyebrow="Platform">
        <Button icon="retry" size="small" isBusy={status.isLoading} onClick={reload}>
          Look again
        </Button>
      </ViewHeading>
      <ProblemNote error={status.error} retry={reload} isRetrying={status.isLoading} />
      {value === undefined && status.error === undefined ? (
        <Skeleton label="Asking the platform" shape="card" count={4} />
      ) : null}
      {value === undefined ? null : (
        <>
          <p class="status__word" role="status">
            {value.health.ok ? (
              <Badge tone="good" icon="check">
                All parts answer
              </Badge>
            ) : (
              <Badge tone="bad" icon="alert">
                Something does not answer
              </Badge>
            )}{" "}
            <span class="muted">
              Looked at <RelativeTime ts={value.askedAt} />; the answer took {value.tookMs} ms.
            </span>
          </p>
          {value.health.detail === undefined ? null : <p role="alert">{value.health.detail}</p>}
          <ul class="status__parts">
            {Object.entries(value.health.checks).map(([part, isUp]) => (
              <li key={part}>
                <PartCard part={part} isUp={isUp} />
              </li>
            ))}
          </ul>
          <div class="status__more">
            <Card title="Version" headingLevel={2}>
              <p>OurSynth {value.health.version}</p>
              <p>
                <a href="/api/docs">The API, to read</a>
              </p>
            </Card>
            <QuotaCard />
          </div>
        </>
      )}
    </section>
  );
}

function PartCard({ part, isUp }: { readonly part: string; readonly isUp: boolean }) {
  const [name, about] = (PARTS as Readonly<Record<string, readonly [string, string]>>)[part] ?? [part, ""];
  return (
    <Card
      title={name}
      headingLevel={2}
      aside={isUp ? <Badge tone="good">answers</Badge> : <Badge tone="bad">no answer</Badge>}
    >
      <p class="muted">{about}</p>
    </Card>
  );
}

/** 503 is an answer too: it says which part is down. */
async function readStatus(signal: AbortSignal) {
  const askedAt = Date.now();
  const startedAt = performance.now();
  const response = await fetch("/health", { signal }).catch((error) => {
    throw signal.aborted ? error : new Unreachable(error);
  });
  const health = (await response.json()) as Health;
  return { health, askedAt, tookMs: Math.round(performance.now() - startedAt) };
}
