// What the gate of an environment looks at for a capsule (MESH.md M18), read at one moment.
import type { Environment } from "../../schemas/environment.ts";
import type { GatePolicy } from "../../schemas/gate.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import type { Activation, EnvironmentStorage } from "./environment-storage.ts";
import type { EvidenceStorage, SealedEvidence } from "./evidence-storage.ts";
import type { PolicyStorage } from "./policy-storage.ts";
import type { TrustStorage } from "./trust-storage.ts";

export type GateFacts = {
  readonly environment: Environment;
  readonly capsuleDigest: string;
  readonly policy: GatePolicy;
  readonly policyRevision: number;
  readonly trust: TrustRecord;
  readonly evidenceRevision: number;
  /** Of this capsule, newest first. */
  readonly evidence: readonly SealedEvidence[];
  /** Artifacts of this capsule that were live there, let in on evidence. */
  readonly artifactsLiveOnEvidence: readonly string[];
  /** What is live in prod, with the newest evidence on it: the baseline. */
  readonly baseline: { readonly live: Activation; readonly evidence: SealedEvidence } | null;
};

export type GateSources = {
  readonly sql: SqlStorage;
  readonly policies: PolicyStorage;
  readonly evidence: EvidenceStorage;
  readonly trust: TrustStorage;
  readonly environments: EnvironmentStorage;
};

const MAX_ARTIFACTS = 100;

export function readGateFacts(
  sources: GateSources,
  environment: Environment,
  capsuleDigest: string,
): GateFacts {
  const { sql, policies, evidence, trust } = sources;
  const rows = sql.exec<{ artifact_digest: string }>(
    `SELECT DISTINCT artifact_digest FROM activations
     WHERE environment = ? AND capsule_digest = ? AND gate_basis = 'evidence' LIMIT ?`,
    environment,
    capsuleDigest,
    MAX_ARTIFACTS,
  );
  return {
    environment,
    capsuleDigest,
    policy: policies.find(environment),
    policyRevision: policies.revision(),
    trust: trust.record(),
    evidenceRevision: evidence.revision(),
    evidence: evidence.ofCapsule(capsuleDigest),
    artifactsLiveOnEvidence: rows.toArray().map((row) => row.artifact_digest),
    baseline: findBaseline(sources),
  };
}

/** The result that what is live in prod shipped on; else its newest that passed. */
function findBaseline({ environments, evidence }: GateSources): GateFacts["baseline"] {
  const live = environments.findLive("prod");
  if (live === null) return null;
  const passed = evidence
    .ofCapsule(live.capsuleDigest)
    .filter(({ outcome, kind }) => outcome === "pass" && kind !== "replay");
  const before = passed.filter(({ receivedAt }) => receivedAt <= live.activatedAt);
  const found = before.find(({ kind }) => kind === "gate") ?? before[0] ?? passed[0];
  return found === undefined ? null : { live, evidence: found };
}
