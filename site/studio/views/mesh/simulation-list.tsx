// A project's rehearsals, newest first, live.
import { useState } from "preact/hooks";
import type * as z from "zod";
import type { simulationSummarySchema } from "../../../../schemas/api/simulations.ts";
import { Badge, type Tone } from "../../../halo/badge.tsx";
import { EmptyState } from "../../../halo/empty-state.tsx";
import { RelativeTime } from "../../../halo/relative-time.tsx";
import { SegmentedControl } from "../../../halo/segmented-control.tsx";
import { Table } from "../../../halo/table.tsx";
import { apiPath } from "../../data/api-client.ts";
import { askAllPages } from "../../data/pages.ts";
import { useProject, useReloadOn } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { routes } from "../../routes.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";

type Summary = z.infer<typeof simulationSummarySchema>;

const KINDS = ["all", "explore", "gate", "replay"] as const;
type Shown = (typeof KINDS)[number];

export function SimulationList() {
  const { projectId, label } = useProject();
  const [kind, setKind] = useState<Shown>("all");
  const all = useResource(`simulations ${projectId}`, (signal) =>
    askAllPages<Summary>(apiPath`/api/projects/${projectId}/simulations`, { signal }),
  );
  useReloadOn(["mesh.started", "mesh.sealed", "mesh.failed"], all.reload);
  const rows = (all.value ?? []).filter((one) => kind === "all" || one.kind === kind);
  return (
    <section class="mesh-list" aria-labelledby="mesh-list-title">
      <h2 id="mesh-list-title">Rehearsals</h2>
      <ProblemNote error={all.error} retry={all.reload} />
      <SegmentedControl
        label="Kind"
        isLabelHidden
        segments={KINDS.map((value) => ({ value, label: value }))}
        value={kind}
        onChange={setKind}
      />
      {all.value === undefined ? (
        <p class="muted" role="status">
          Reading the rehearsals …
        </p>
      ) : (
        <Table
          caption="Rehearsals"
          isCaptionHidden
          columns={[
            {
              id: "when",
              title: "Started",
              isRowHeader: true,
              cell: (one) => (
                <a href={routes.simulation(label, one.simId)}>
                  <RelativeTime ts={one.startedAt} />
                </a>
              ),
            },
            {
              id: "kind",
              title: "Kind",
              cell: ({ kind: what, env }) => (env === null ? what : `${what} for ${env}`),
            },
            { id: "outcome", title: "Outcome", cell: (one) => <OutcomeBadge simulation={one} /> },
            { id: "nodes", title: "Nodes", isNumber: true, cell: ({ nodeCount }) => nodeCount },
            { id: "seeds", title: "Seeds", isNumber: true, cell: ({ seedCount }) => seedCount },
            {
              id: "capsule",
              title: "Capsule",
              cell: ({ capsuleHash }) => <code>{capsuleHash.slice(7, 15)}</code>,
            },
            { id: "by", title: "Observed by", cell: ({ observedBy }) => observedBy },
          ]}
          rows={rows}
          rowId={({ simId }) => simId}
          empty={
            <EmptyState
              icon="mesh"
              title={kind === "all" ? "Nothing was rehearsed yet" : "None of this kind"}
            >
              <p>Start one above: it takes a few seconds, and touches no environment.</p>
            </EmptyState>
          }
        />
      )}
    </section>
  );
}

/** How it stands, in a word. */
export function OutcomeBadge({ simulation }: { readonly simulation: Summary }) {
  const { status, outcome, failure } = simulation;
  const [tone, words] = sayOutcome(status, outcome);
  return (
    <>
      <Badge tone={tone}>{words}</Badge>
      {failure === null ? null : <span class="muted"> {failure}</span>}
    </>
  );
}

function sayOutcome(status: Summary["status"], outcome: Summary["outcome"]): readonly [Tone, string] {
  switch (status) {
    case "queued":
    case "running":
      return ["live", status];
    case "cancelled":
      return ["neutral", "cancelled"];
    case "error":
      return ["bad", "no result"];
    case "done":
      return outcome === "pass" ? ["good", "passed"] : ["bad", "failed"];
  }
}
