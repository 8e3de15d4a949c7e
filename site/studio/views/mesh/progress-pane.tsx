// A rehearsal under way: what the real nodes do, how many seeds have run, and how to stop it.
import { useMemo, useState } from "preact/hooks";
import type { MeshEvent } from "../../../../schemas/mesh-event.ts";
import { MESH_PHASES } from "../../../../schemas/mesh-parameters.ts";
import { Badge } from "../../../halo/badge.tsx";
import { Button } from "../../../halo/button.tsx";
import { EmptyState } from "../../../halo/empty-state.tsx";
import { Progress } from "../../../halo/progress.tsx";
import { apiPath, askApi } from "../../data/api-client.ts";
import { useActionBlock } from "../../data/project-room.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { phaseTone } from "./phase-words.ts";
import { readStream } from "./stream-run.ts";
import type { Simulation, SimulationProgress } from "./use-simulation.ts";
import { Player } from "./watch-tab.tsx";

type ProgressPaneProps = { readonly simulation: Simulation; readonly progress: SimulationProgress };

const PHASE_WORDS: Readonly<Record<string, string>> = {
  queued: "Waiting for its turn",
  observing: "Real nodes receive, verify and start the capsule",
  simulating: "Simulating, seed by seed",
  sealing: "Sealing the result",
};

export function ProgressPane({ simulation, progress }: ProgressPaneProps) {
  const { simId, status, phase, doneCount, seedCount, failure } = progress;
  const block = useActionBlock("simulations:write");
  const streamed = useMemo(() => readStream(simulation.events), [simulation.events]);
  const [isCancelling, setIsCancelling] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  if (status === "error" || status === "cancelled") {
    return (
      <EmptyState
        icon="alert"
        title={status === "cancelled" ? "It was cancelled" : "It ended without a result"}
      >
        <p>{failure?.message ?? "Nothing was sealed."}</p>
      </EmptyState>
    );
  }
  const cancel = async (): Promise<void> => {
    setIsCancelling(true);
    setError(undefined);
    try {
      await askApi(apiPath`/api/mesh-sim/${simId}/cancel`, { method: "POST" });
      simulation.reload();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setIsCancelling(false);
    }
  };
  return (
    <div class="mesh-progress">
      <Progress
        label={PHASE_WORDS[phase] ?? phase}
        {...(phase === "simulating" ? { value: doneCount, max: seedCount } : {})}
        text={`${doneCount} of ${seedCount} seeds`}
      />
      {simulation.stream === "reconnecting" ? (
        <p role="status">The stream was cut off; it goes on where it stopped.</p>
      ) : null}
      <RealNodes events={simulation.events} />
      {streamed === null ? null : (
        <>
          <p class="watch__source">
            The first seed, as the platform streams it
            {streamed.each > 1 ? `: one packet in ${streamed.each}` : ""}.
          </p>
          <Player run={streamed} isLinked={false} partitions={[]} violation={null} />
        </>
      )}
      <div class="start-form__actions">
        <Button isBusy={isCancelling} disabledReason={block} onClick={cancel}>
          Cancel
        </Button>
      </div>
      <ProblemNote error={error} />
    </div>
  );
}

/** Where each real node is, by the last that was heard of it. */
function RealNodes({ events }: { readonly events: readonly MeshEvent[] }) {
  const last = new Map<string, MeshEvent>();
  for (const event of events) {
    if (event.nodeId !== null && event.phase !== "packet" && event.details.virtualMs === undefined)
      last.set(event.nodeId, event);
  }
  if (last.size === 0) return null;
  return (
    <ul class="node-list__nodes" aria-label="Real nodes">
      {[...last].map(([name, { phase, status }]) => {
        const known = MESH_PHASES.find((one) => one === phase) ?? null;
        return (
          <li key={name}>
            <span>{name}</span>
            <Badge tone={status === "error" ? "bad" : phaseTone(known)}>
              {phase}
              {status === "error" ? " failed" : ""}
            </Badge>
          </li>
        );
      })}
    </ul>
  );
}
