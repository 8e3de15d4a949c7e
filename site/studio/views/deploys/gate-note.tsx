// What the gate of an environment asks, and what it would say to a capsule now.
import type { GateAnswer } from "../../../../schemas/api/gate.ts";
import { Skeleton } from "../../../halo/skeleton.tsx";
import { apiPath, askApi } from "../../data/api-client.ts";
import { useProject, useReloadOn } from "../../data/project-room.ts";
import { type Resource, useResource } from "../../data/resource.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { SimulateLink } from "../../shell/simulate-link.tsx";
import { sayPolicy } from "./say-policy.ts";

/** What the gate would say; nothing is asked while no capsule is chosen. */
export function useGate(env: string, capsuleDigest: string | null): Resource<GateAnswer> {
  const { projectId } = useProject();
  const key = capsuleDigest === null ? null : `gate ${projectId} ${env} ${capsuleDigest}`;
  const gate = useResource(key, (signal) =>
    askApi<GateAnswer>(apiPath`/api/projects/${projectId}/environments/${env}/gate`, {
      query: { capsuleHash: capsuleDigest },
      signal,
    }),
  );
  useReloadOn(["mesh.sealed", "policy.changed", "trust.changed", "environment.activated"], gate.reload);
  return gate;
}

type GateNoteProps = {
  readonly env: string;
  readonly capsuleDigest: string | null;
  readonly gate: Resource<GateAnswer>;
};

export function GateNote({ env, capsuleDigest, gate }: GateNoteProps) {
  if (capsuleDigest === null) return null;
  if (gate.error !== undefined) return <ProblemNote error={gate.error} retry={gate.reload} />;
  if (gate.value === undefined) return <Skeleton label="Asking the gate" count={2} />;
  const { policy, decision } = gate.value;
  if (!policy.isGuarded && env !== "prod") {
    return <p class="note">{env} is open: every capsule that verifies may go there.</p>;
  }
  return (
    <div class={decision.isAllowed ? "note note--good" : "note note--bad"}>
      <p>
        <strong>{decision.isAllowed ? "The gate would open." : "The gate would refuse."}</strong>{" "}
        {decision.message}
      </p>
      {policy.isGuarded ? <p>{sayPolicy(policy)}</p> : null}
      <p>A person must confirm it besides, in a browser that signed in within 15 minutes.</p>
      {decision.isAllowed ? null : (
        <SimulateLink capsuleDigest={capsuleDigest} env={env} of={`for the gate of ${env}`} />
      )}
    </div>
  );
}
