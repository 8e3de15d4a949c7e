// Replaying on the platform: the same parameters, seeds and observations, no nodes; the trace must be the same (MESH.md M15).
import { useState } from "preact/hooks";
import type * as z from "zod";
import type { simulationStartedSchema } from "../../../../schemas/api/simulations.ts";
import { Badge } from "../../../halo/badge.tsx";
import { Button } from "../../../halo/button.tsx";
import { Digest } from "../../../halo/digest.tsx";
import { apiPath, askApi } from "../../data/api-client.ts";
import { useActionBlock, useProject } from "../../data/project-room.ts";
import { routes } from "../../routes.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { type SealedSimulation, useSimulation } from "./use-simulation.ts";

type Started = z.infer<typeof simulationStartedSchema>;

export function ReplayPane({ sealed }: { readonly sealed: SealedSimulation }) {
  const block = useActionBlock("simulations:write");
  const [replayId, setReplayId] = useState<string | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  const replay = useSimulation(replayId);
  const failure = replay.progress?.failure ?? null;
  const isRunning = replayId !== null && replay.sealed === null && failure === null;
  const start = async (): Promise<void> => {
    setIsAsking(true);
    setError(undefined);
    try {
      const { simId } = await askApi<Started>(apiPath`/api/mesh-sim/${sealed.simId}/replay`, {
        method: "POST",
      });
      setReplayId(simId);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setIsAsking(false);
    }
  };
  return (
    <div class="replay">
      <p>Runs the sealed parameters, seeds and observations once more. It never counts as evidence.</p>
      <div class="evidence__actions">
        <Button icon="retry" isBusy={isAsking || isRunning} disabledReason={block} onClick={start}>
          Replay
        </Button>
      </div>
      <ProblemNote error={error ?? replay.error} />
      <div role="status">
        {isRunning ? <p class="muted">Replaying …</p> : null}
        {failure === null ? null : <p>It ended without a result: {failure.message}</p>}
        {replay.sealed === null ? null : <Outcome first={sealed} second={replay.sealed} />}
      </div>
    </div>
  );
}

type OutcomeProps = { readonly first: SealedSimulation; readonly second: SealedSimulation };

function Outcome({ first, second }: OutcomeProps) {
  const { label } = useProject();
  const isSame = first.traceHash === second.traceHash;
  return (
    <div class="replay__outcome">
      <p>
        {isSame ? (
          <Badge tone="good" icon="check">
            The same trace
          </Badge>
        ) : (
          <Badge tone="bad" icon="alert">
            Another trace
          </Badge>
        )}{" "}
        <a href={routes.simulation(label, second.simId)}>Open the replay</a>
      </p>
      <dl class="evidence__facts">
        <dt>Sealed</dt>
        <dd>
          <Digest value={first.traceHash} of="the sealed trace" />
        </dd>
        <dt>Replayed</dt>
        <dd>
          <Digest value={second.traceHash} of="the replayed trace" />
        </dd>
      </dl>
    </div>
  );
}
