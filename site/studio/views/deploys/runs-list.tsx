// The runs, the newest first: filtered by the address, each a link to its page.
import type { CapsuleSummary } from "../../../../schemas/api/capsules.ts";
import type { Deploy } from "../../../../schemas/api/deploys.ts";
import { ENVIRONMENTS } from "../../../../schemas/environment.ts";
import { Badge, type Tone } from "../../../halo/badge.tsx";
import { Button } from "../../../halo/button.tsx";
import { EmptyState } from "../../../halo/empty-state.tsx";
import { RelativeTime } from "../../../halo/relative-time.tsx";
import { SelectField } from "../../../halo/select-field.tsx";
import { Skeleton } from "../../../halo/skeleton.tsx";
import { useAddressQuery } from "../../data/address-query.ts";
import type { NameActor } from "../../data/people.ts";
import { nameCapsule } from "../../data/project-capsules.ts";
import { useProject } from "../../data/project-room.ts";
import type { Resource } from "../../data/resource.ts";
import { formatElapsed } from "../../format-elapsed.ts";
import { routes } from "../../routes.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { SimulateLink } from "../../shell/simulate-link.tsx";
import { elapsedOf, isEnded } from "./run-steps.ts";
import type { OlderRuns } from "./runs.ts";
import { filterRuns } from "./runs-filter.ts";

const STATUSES = [
  { value: "", label: "Every state" },
  { value: "active", label: "Under way" },
  { value: "done", label: "Done" },
  { value: "error", label: "Failed" },
  { value: "cancelled", label: "Cancelled" },
] as const;

type RunsListProps = {
  readonly runs: Resource<readonly Deploy[]>;
  readonly older: OlderRuns;
  readonly capsules: readonly CapsuleSummary[];
  readonly nameActor: NameActor;
};

export function RunsList({ runs, older, capsules, nameActor }: RunsListProps) {
  const { query, change } = useAddressQuery();
  const filter = { env: query.in ?? "", status: query.status ?? "" };
  const all = runs.value;
  const shown = filterRuns(all ?? [], filter);
  return (
    <section class="deploys__runs" aria-labelledby="runs">
      <div class="deploys__runs-head">
        <h2 id="runs">Runs</h2>
        <div class="deploys__filters">
          <SelectField
            label="Environment"
            value={filter.env}
            options={[
              { value: "", label: "Everywhere" },
              ...ENVIRONMENTS.map((env) => ({ value: env, label: env })),
            ]}
            onChange={(value) => change({ in: value === "" ? null : value }, "replace")}
          />
          <SelectField
            label="State"
            value={filter.status}
            options={STATUSES}
            onChange={(value) => change({ status: value === "" ? null : value }, "replace")}
          />
        </div>
      </div>
      <ProblemNote error={runs.error} retry={runs.reload} />
      {all === undefined && runs.error === undefined ? (
        <Skeleton label="Loading the runs" shape="row" />
      ) : null}
      {all?.length === 0 ? (
        <EmptyState icon="rocket" title="Nothing was deployed yet">
          <p>
            Deploy a capsule to dev: it is verified, built, published, asked whether it answers, and then
            live.
          </p>
        </EmptyState>
      ) : null}
      {all !== undefined && all.length > 0 && shown.length === 0 ? (
        <p class="muted">No run is like that. Choose another environment or state.</p>
      ) : null}
      <ol class="deploys__list">
        {shown.map((run) => (
          <RunRow key={run.deployId} run={run} capsules={capsules} nameActor={nameActor} />
        ))}
      </ol>
      <ProblemNote error={older.action.error} />
      {older.load === null ? null : (
        <div>
          <Button isBusy={older.action.isBusy} onClick={older.load}>
            Show older runs
          </Button>
        </div>
      )}
    </section>
  );
}

type RunRowProps = Omit<RunsListProps, "runs" | "older"> & { readonly run: Deploy };

function RunRow({ run, capsules, nameActor }: RunRowProps) {
  const { label } = useProject();
  const { deployId, env, capsuleDigest, startedAt, failure, actor, confirmedBy } = run;
  const name = nameCapsule(capsules, capsuleDigest);
  return (
    <li class="deploys__run">
      <StatusBadge run={run} />
      <div class="deploys__run-main">
        <a class="deploys__run-link" href={routes.deploy(label, deployId)}>
          {name} to {env}
        </a>
        <p class="muted">
          <RelativeTime ts={startedAt} />, by {nameActor(actor)}
          {confirmedBy === null ? null : `, confirmed by ${nameActor(confirmedBy)}`}
          {isEnded(run) ? `, took ${formatElapsed(elapsedOf(run, Date.now()))}` : null}
        </p>
        {failure === null ? null : <p class="deploys__failure">{failure.message}</p>}
      </div>
      <SimulateLink capsuleDigest={capsuleDigest} of={name} />
    </li>
  );
}

export function StatusBadge({ run }: { readonly run: Pick<Deploy, "status" | "phase"> }) {
  const { tone, text } = sayStatus(run);
  return <Badge tone={tone}>{text}</Badge>;
}

function sayStatus({ status, phase }: Pick<Deploy, "status" | "phase">): { tone: Tone; text: string } {
  switch (status) {
    case "queued":
      return { tone: "info", text: "queued" };
    case "running":
      return { tone: "info", text: phase };
    case "done":
      return { tone: "good", text: "done" };
    case "error":
      return { tone: "bad", text: "failed" };
    case "cancelled":
      return { tone: "neutral", text: "cancelled" };
  }
}
