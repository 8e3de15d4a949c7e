// Prod actions on their way through a person (ARCHITECTURE.md "Prod actions", API.md confirmations): restated, stored, and
// carried out by confirming, while every word of the restatement is still true.
import { readStoredManifest } from "../../adapters/build/compile-stored.ts";
import { workerdHashing } from "../../adapters/hashing/workerd-hashing.ts";
import { newId } from "../../adapters/random/new-id.ts";
import { computeJsonDigest } from "../../core/capsule/digest.ts";
import { type RestatementFacts, restate } from "../../core/deploy/restate.ts";
import type { EventDraft } from "../../core/timeline/seal-event.ts";
import type { ActorRef } from "../../schemas/event.ts";
import type { GateRefusal } from "../../schemas/gate.ts";
import type { ProdRequest } from "../../schemas/prod-request.ts";
import type { Restatement } from "../../schemas/restatement.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import type { BranchStorage } from "./branch-storage.ts";
import { CONFIRMATION_TTL_MS, type Confirmation, type ConfirmationStorage } from "./confirmation-storage.ts";
import type { EnvironmentStorage } from "./environment-storage.ts";
import type { GateFailure, GateKeeper, GateRevisions } from "./gate-keeper.ts";
import type { GateSummaries } from "./gate-summaries.ts";
import type { PolicyStorage } from "./policy-storage.ts";
import { notFound, type ProjectFailure } from "./project-failure.ts";

/** The person who answers, as the door has found them: a fresh browser session with the permission. */
export type Decider = { readonly actor: ActorRef; readonly isOwner: boolean };

/** What a person confirmed: it goes on by itself from here, and only from the environment's revision that was restated. */
export type Confirmed = {
  readonly confirmationId: string;
  readonly confirmedBy: ActorRef;
  readonly requestedBy: ActorRef;
  readonly revisions: GateRevisions;
};

/** The refusal of a confirmation: the gate's own code, or the project's. */
export type DecisionFailure = ProjectFailure | { readonly code: GateRefusal; readonly message: string };

export type ProdRequestsOptions = {
  readonly bucket: R2Bucket;
  readonly facts: () => { readonly projectId: string; readonly label: string };
  readonly hostnameOf: (request: ProdRequest) => string;
  readonly confirmations: ConfirmationStorage;
  readonly branches: BranchStorage;
  readonly environments: EnvironmentStorage;
  readonly policies: PolicyStorage;
  readonly gate: GateKeeper;
  readonly record: (events: readonly EventDraft[]) => void;
  /** A refusal by the gate is signed and stands on the timeline, too. */
  readonly summaries: GateSummaries;
};

/** The id also says in which project it waits, so that it can be found again. */
const SEPARATOR = ".";

export class ProdRequests {
  readonly #options: ProdRequestsOptions;

  constructor(options: ProdRequestsOptions) {
    this.#options = options;
  }

  /** Restates and stores; nothing is done yet. */
  async ask(
    request: ProdRequest,
    requestedBy: Restatement["requestedBy"],
  ): Promise<Result<Confirmation, GateFailure>> {
    const { confirmations, facts, record } = this.#options;
    const restated = await this.#restate(request, requestedBy);
    if (!restated.ok) return restated;
    const confirmationId = `${newId("confirmation")}${SEPARATOR}${facts().projectId}`;
    const confirmation: Confirmation = {
      confirmationId,
      request,
      ...restated.value,
      expiresAt: Date.now() + CONFIRMATION_TTL_MS,
    };
    confirmations.add(confirmation, Date.now());
    record([draftDecision("confirmation.asked", confirmation, requestedBy.actor)]);
    return ok(confirmation);
  }

  find(confirmationId: string): Confirmation | null {
    return this.#options.confirmations.find(confirmationId, Date.now());
  }

  refuse(confirmationId: string, { actor }: Decider): Result<Confirmation, ProjectFailure> {
    const taken = this.#take(confirmationId);
    if (taken.ok) this.#options.record([draftDecision("confirmation.refused", taken.value, actor)]);
    return taken;
  }

  /**
   * Uses the confirmation up and gives what is to be carried out; the caller begins it before it waits for anything, so
   * that both are stored together. Fails, and leaves it open, when the gate would refuse; fails, and drops it, when
   * something that it covers has moved.
   */
  async confirm(
    confirmationId: string,
    decider: Decider,
  ): Promise<Result<{ readonly request: ProdRequest; readonly confirmed: Confirmed }, DecisionFailure>> {
    const { confirmations, gate, record, summaries } = this.#options;
    const found = this.find(confirmationId);
    if (found === null) return fail(noConfirmation());
    const { request, restatement } = found;
    if (overrides(request) && !decider.isOwner) {
      return fail({ code: "conflict", message: "only an owner of the organization may override the gate" });
    }
    const again = await this.#restate(request, restatement.requestedBy);
    if (!again.ok) return fail({ code: "conflict", message: again.reason.message });
    const revisions = gate.revisions(request.env);
    if (again.value.restatementHash !== found.restatementHash) {
      confirmations.remove(confirmationId);
      record([draftDecision("confirmation.voided", found, decider.actor)]);
      return fail({ code: "confirmation-void", message: explainVoid(restatement, again.value.restatement) });
    }
    const decision = restatement.release?.gate ?? null;
    if (decision !== null && !decision.isAllowed) {
      await summaries.recordRefusal(request.env, decision, decider.actor);
      return fail({ code: decision.basis as GateRefusal, message: decision.message });
    }
    const taken = this.#take(confirmationId);
    if (!taken.ok) return taken;
    record([draftDecision("confirmation.confirmed", found, decider.actor)]);
    const confirmed: Confirmed = {
      confirmationId,
      confirmedBy: decider.actor,
      requestedBy: restatement.requestedBy.actor,
      revisions,
    };
    return ok({ request, confirmed });
  }

  /** Single use: of two who answer at once, one finds it gone. */
  #take(confirmationId: string): Result<Confirmation, ProjectFailure> {
    const found = this.find(confirmationId);
    if (found === null) return fail(noConfirmation());
    this.#options.confirmations.remove(confirmationId);
    return ok(found);
  }

  async #restate(
    request: ProdRequest,
    requestedBy: Restatement["requestedBy"],
  ): Promise<Result<{ readonly restatement: Restatement; readonly restatementHash: string }, GateFailure>> {
    const { facts, gate } = this.#options;
    const release = await this.#describeRelease(request);
    if (!release.ok) return release;
    const restatement = await restate(request, {
      ...facts(),
      requestedBy,
      revisions: gate.revisions(request.env),
      release: release.value,
      policy: this.#describePolicy(request),
    });
    return ok({ restatement, restatementHash: await computeJsonDigest(restatement, workerdHashing) });
  }

  async #describeRelease(request: ProdRequest): Promise<Result<RestatementFacts["release"], GateFailure>> {
    if (request.kind !== "deploy" && request.kind !== "activate") return ok(null);
    const { bucket, branches, environments, gate, hostnameOf } = this.#options;
    const { env, capsuleDigest, override } = request;
    const judged = await gate.decide(env, capsuleDigest, override);
    if (!judged.ok) return judged;
    const { decision } = judged.value;
    const live = environments.findLive(env);
    const held = branches.findHolding(capsuleDigest);
    const [manifest, liveManifest] = await Promise.all([
      readStoredManifest(bucket, capsuleDigest),
      live === null ? null : readStoredManifest(bucket, live.capsuleDigest),
    ]);
    return ok({
      capsuleDigest,
      manifest,
      liveManifest,
      branch: held?.name ?? null,
      commitSeq: held?.headSeq ?? null,
      artifactDigest: decision.artifactDigest,
      live:
        live === null
          ? null
          : {
              capsuleDigest: live.capsuleDigest,
              artifactDigest: live.artifactDigest,
              revision: live.revision,
            },
      hostnames: [hostnameOf(request)],
      gate: decision,
      override,
    });
  }

  #describePolicy(request: ProdRequest): Restatement["policy"] {
    if (request.kind !== "policy") return null;
    return { before: this.#options.policies.find(request.env), after: request.policy };
  }
}

/** The project that a confirmation's id names; null when it has no such form. */
export function projectOfConfirmation(confirmationId: string): string | null {
  return confirmationId.split(SEPARATOR)[1] ?? null;
}

function overrides(request: ProdRequest): boolean {
  return (request.kind === "deploy" || request.kind === "activate") && request.override !== null;
}

function noConfirmation(): ProjectFailure {
  return notFound("there is no such confirmation; it may have been answered or have expired");
}

function explainVoid(before: Restatement, after: Restatement): string {
  const moved = Object.entries(after.revisions)
    .filter(([name, revision]) => before.revisions[name as keyof GateRevisions] !== revision)
    .map(([name]) => name);
  const what = moved.length === 0 ? "what it says" : `the ${moved.join(", the ")}`;
  return `${what} moved since it was asked; ask again and read it anew`;
}

function draftDecision(
  type: `confirmation.${"asked" | "confirmed" | "refused" | "voided"}`,
  { confirmationId, restatement, restatementHash }: Confirmation,
  actor: ActorRef,
): EventDraft {
  const { sentence, env } = restatement;
  return { source: "deploy", type, data: { confirmationId, env, sentence, restatementHash }, actor };
}
