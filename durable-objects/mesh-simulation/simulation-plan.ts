// Everything that a simulation is started with: from here on it asks nobody what to do.
import type { MeshCapsule } from "../../core/mesh/mesh-capsule.ts";
import type { RehearsalFailure } from "../../core/mesh/rehearsal.ts";
import type { ActorRef } from "../../schemas/event.ts";
import type { MeshParameters } from "../../schemas/mesh-parameters.ts";
import type { MeshMeasured, MeshObservation, MeshSimResult } from "../../schemas/mesh-result.ts";
import type { Result } from "../../schemas/result.ts";
import type { TrustRecord } from "../../schemas/trust.ts";

export type SimulationPlan = {
  readonly simId: string;
  readonly organizationId: string;
  readonly projectId: string;
  readonly kind: MeshSimResult["kind"];
  /** Of a `gate` run. */
  readonly environment: string | null;
  readonly replayOf: string | null;
  readonly capsule: MeshCapsule;
  readonly artifactDigest: string;
  readonly configurationDigest: string;
  readonly toolchainVersion: string;
  readonly secretsRevision: number;
  /** Names (SHA-256) of the statements about the capsule, and of the receipts for them. */
  readonly envelopes: readonly string[];
  readonly receipts: readonly string[];
  readonly trust: TrustRecord;
  readonly params: MeshParameters;
  /** Of the simulation that is replayed; null when nodes are to look for themselves. */
  readonly observed: ObservedTable | null;
  readonly actor: ActorRef;
  readonly startedAt: number;
};

/** M1: the verdicts, and what was measured beside them. */
export type ObservedTable = {
  readonly observations: readonly MeshObservation[];
  readonly measured: MeshMeasured | null;
};

/** What stands on the timeline at the start. */
export type SimulationStart = Pick<
  SimulationPlan,
  "simId" | "kind" | "environment" | "replayOf" | "artifactDigest" | "actor"
> & { readonly capsuleDigest: string; readonly nodeCount: number; readonly seedCount: number };

export type SealedSimulation = { readonly envelopeSha256: string; readonly seq: number };

/** Why it ended without a result. */
export type SimulationEnd = {
  readonly simId: string;
  readonly status: "error" | "cancelled";
  readonly failure: RehearsalFailure | null;
  readonly actor: ActorRef;
};

export type SimulationFailure = { readonly code: string; readonly message: string };

/** All that a simulation may do to its project, and to no other: a capability that is handed to it (MESH.md M3). */
export type SimulationDesk = {
  begin(start: SimulationStart): Promise<Result<null, SimulationFailure>>;
  seal(
    result: MeshSimResult,
    about: Pick<SimulationPlan, "replayOf" | "actor">,
  ): Promise<Result<SealedSimulation, SimulationFailure>>;
  end(end: SimulationEnd): Promise<Result<null, SimulationFailure>>;
};
