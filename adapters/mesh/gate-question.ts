// What the gate of an environment asks for, and what it would say now (MESH.md M18). The project gives its facts of one
// moment; signatures are verified here against the trust of that moment.
import { decideGate, type GateQuestion } from "../../core/deploy/gate-decision.ts";
import { drawGateSeeds, gateParameters } from "../../core/deploy/gate-policy.ts";
import type { GateDecision, GateOverride, GatePolicy } from "../../schemas/gate.ts";
import type { MeshParameters } from "../../schemas/mesh-parameters.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import type { BlobReader } from "../blobs/blob-store.ts";
import { openGateKey } from "./gate-key.ts";
import { judgeEvidence, type SealedEvidence } from "./judge-evidence.ts";

export type GateEnv = Pick<Cloudflare.Env, "OURSYNTH_VAULT_KEY"> & { readonly BLOBS: BlobReader };

/** As the project object reads them (durable-objects/project/gate-facts.ts). */
export type GateFactsOf = {
  readonly environment: string;
  readonly capsuleDigest: string;
  readonly policy: GatePolicy;
  readonly policyRevision: number;
  readonly trust: TrustRecord;
  readonly evidence: readonly SealedEvidence[];
  readonly artifactsLiveOnEvidence: readonly string[];
};

/** The complete parameters of a `gate` run for this capsule and artifact under the policy, its seeds included. */
export async function askedParameters(
  env: Pick<Cloudflare.Env, "OURSYNTH_VAULT_KEY">,
  { policy, policyRevision, capsuleDigest }: Pick<GateFactsOf, "policy" | "policyRevision" | "capsuleDigest">,
  artifactDigest: string,
): Promise<MeshParameters> {
  const subject = { capsuleDigest, artifactDigest, policyRevision };
  const seeds = await drawGateSeeds(await openGateKey(env), subject, policy.seeds);
  return gateParameters(policy, seeds);
}

/** The question with everything verified, ready for `decideGate`. */
export async function prepareGate(
  env: GateEnv,
  facts: GateFactsOf,
  about: { readonly artifactDigest: string; readonly override: GateOverride | null; readonly now: number },
): Promise<GateQuestion & { readonly expectedParams: MeshParameters }> {
  const { environment, capsuleDigest, policy, policyRevision, trust } = facts;
  const { artifactDigest } = about;
  const asked: TrustRecord = { ...trust, thresholds: { ...trust.thresholds, ...policy.thresholds } };
  return {
    environment,
    policy,
    policyRevision,
    capsuleDigest,
    expectedParams: await askedParameters(env, facts, artifactDigest),
    evidence: await judgeEvidence(
      env.BLOBS,
      asked,
      facts.evidence.filter(({ kind }) => kind === "gate"),
    ),
    wasLiveOnEvidence: facts.artifactsLiveOnEvidence.includes(artifactDigest),
    ...about,
  };
}

export async function askGate(
  env: GateEnv,
  facts: GateFactsOf,
  about: { readonly artifactDigest: string; readonly now: number },
): Promise<{ readonly params: MeshParameters; readonly decision: GateDecision }> {
  const question = await prepareGate(env, facts, { ...about, override: null });
  return { params: question.expectedParams, decision: decideGate(question) };
}
