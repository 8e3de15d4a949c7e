// What the gate asks of a capsule and what it says to it now (MESH.md M18). Deciding takes time (signatures are checked
// anew), so a decision notes what it rests on, and whoever acts on it looks again whether all of that still stands
// (ARCHITECTURE.md "Who holds the truth").
import { compileStored } from "../../adapters/build/compile-stored.ts";
import { judgeEvidence } from "../../adapters/mesh/judge-evidence.ts";
import { createPlatformHmac } from "../../adapters/vault/platform-secret.ts";
import { decideGate, type GateEvidence } from "../../core/deploy/gate-decision.ts";
import { drawGateSeeds, gateParameters, withThresholds } from "../../core/deploy/gate-policy.ts";
import type { FindReceipts } from "../../core/signing/receipt.ts";
import type { Environment } from "../../schemas/environment.ts";
import type { GateDecision, GateOverride, GatePolicy } from "../../schemas/gate.ts";
import type { MeshParameters } from "../../schemas/mesh-parameters.ts";
import type { Restatement } from "../../schemas/restatement.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import type { Build, EnvironmentStorage } from "./environment-storage.ts";
import type { EvidenceStorage, SealedEvidence } from "./evidence-storage.ts";
import type { PolicyStorage } from "./policy-storage.ts";
import type { SecretStorage } from "./secret-storage.ts";
import type { TrustStorage } from "./trust-storage.ts";

/** All that a decision rests on; when none has moved, it still stands. */
export type GateRevisions = Restatement["revisions"];

/** What a `gate` run of this capsule is given today. */
export type GateAsk = {
  readonly policy: GatePolicy;
  readonly policyRevision: number;
  readonly build: Build;
  readonly params: MeshParameters;
};

export type GateVerdict = { readonly decision: GateDecision; readonly revisions: GateRevisions };

export type GateFailure = { readonly code: string; readonly message: string };

export type GateKeeperOptions = {
  readonly env: Cloudflare.Env;
  readonly trust: TrustStorage;
  readonly findReceipts: FindReceipts;
  readonly environments: EnvironmentStorage;
  readonly policies: PolicyStorage;
  readonly evidence: EvidenceStorage;
  readonly secrets: SecretStorage;
};

export class GateKeeper {
  readonly #options: GateKeeperOptions;

  constructor(options: GateKeeperOptions) {
    this.#options = options;
  }

  revisions(environment: Environment): GateRevisions {
    const { environments, policies, trust, evidence, secrets } = this.#options;
    return {
      environment: environments.revision(environment),
      policy: policies.revision(),
      trust: trust.revision(),
      evidence: evidence.revision(),
      secrets: secrets.revision(environment),
    };
  }

  /** Compiles the capsule when it was never built here; fails when it cannot be. */
  async ask(environment: Environment, capsuleDigest: string): Promise<Result<GateAsk, GateFailure>> {
    const { env, policies } = this.#options;
    const build = await this.#build(capsuleDigest);
    if (!build.ok) return build;
    const policy = policies.find(environment);
    const policyRevision = policies.revision();
    const { artifactDigest } = build.value;
    const hmac = await createPlatformHmac(env, "gate");
    const seeds = await drawGateSeeds(hmac, { capsuleDigest, artifactDigest, policyRevision }, policy.seeds);
    return ok({ policy, policyRevision, build: build.value, params: gateParameters(policy, seeds) });
  }

  /** What the gate says now, with the revisions that were current before it began to look. */
  async decide(
    environment: Environment,
    capsuleDigest: string,
    override: GateOverride | null,
  ): Promise<Result<GateVerdict, GateFailure>> {
    const { environments, evidence, policies } = this.#options;
    const revisions = this.revisions(environment);
    if (!policies.find(environment).isGuarded)
      return ok({ decision: this.#letIn(environment, capsuleDigest), revisions });
    const asked = await this.ask(environment, capsuleDigest);
    if (!asked.ok) return asked;
    const { policy, policyRevision, build, params } = asked.value;
    const { artifactDigest } = build;
    const trust = this.trustFor(environment);
    const candidates = await this.#judge(evidence.ofCapsule(capsuleDigest), trust);
    const decision = decideGate({
      environment,
      policy,
      policyRevision,
      capsuleDigest,
      artifactDigest,
      expectedParams: params,
      evidence: candidates,
      wasLiveOnEvidence: environments.wasLiveOnEvidence(environment, { capsuleDigest, artifactDigest }),
      override,
      now: Date.now(),
    });
    return ok({ decision, revisions });
  }

  /** Where nothing is guarded, nothing has to be built to say so. */
  #letIn(environment: Environment, capsuleDigest: string): GateDecision {
    const { environments, policies } = this.#options;
    return decideGate({
      environment,
      policy: policies.find(environment),
      policyRevision: policies.revision(),
      capsuleDigest,
      artifactDigest: environments.findBuild(capsuleDigest)?.artifactDigest ?? null,
      expectedParams: {},
      evidence: [],
      wasLiveOnEvidence: false,
      override: null,
      now: Date.now(),
    });
  }

  /** The project's trust, with as many keys for each role as the environment's policy asks beyond it. */
  trustFor(environment: Environment): TrustRecord {
    const { trust, policies } = this.#options;
    const policy = policies.find(environment);
    return policy.isGuarded ? withThresholds(trust.record(), policy.thresholds) : trust.record();
  }

  async #judge(sealed: readonly SealedEvidence[], trust: TrustRecord): Promise<GateEvidence[]> {
    const { env, findReceipts } = this.#options;
    const gateRuns = sealed.filter(({ kind }) => kind === "gate");
    return await Promise.all(
      gateRuns.map(async (result) => ({
        ...result,
        trust: await judgeEvidence(env.BLOBS, result, { trust, findReceipts }),
      })),
    );
  }

  async #build(capsuleDigest: string): Promise<Result<Build, GateFailure>> {
    const { env, environments } = this.#options;
    const known = environments.findBuild(capsuleDigest);
    if (known !== null) return ok(known);
    const built = await compileStored(env.BLOBS, capsuleDigest);
    if (!built.ok) return fail(built.reason);
    const { artifactDigest, configurationDigest } = built.value;
    environments.putBuild(capsuleDigest, { artifactDigest, configurationDigest }, Date.now());
    return ok({ artifactDigest, configurationDigest });
  }
}

/** Whether nothing that a decision rests on has moved. */
export function areSame(a: GateRevisions, b: GateRevisions): boolean {
  return (
    a.environment === b.environment &&
    a.policy === b.policy &&
    a.trust === b.trust &&
    a.evidence === b.evidence &&
    a.secrets === b.secrets
  );
}
