// The events that the project object writes more than once, in one form each.
import type { DeployRun, RunConfirmation } from "../../core/deploy/deploy-run.ts";
import type { TrustChange } from "../../core/signing/change-trust.ts";
import type { EventDraft } from "../../core/timeline/seal-event.ts";
import type { ActorRef, Snapshot } from "../../schemas/event.ts";
import type { GateDecision } from "../../schemas/gate.ts";
import type { Activation } from "./environment-storage.ts";

export function draftCommit(commit: {
  readonly branch: string;
  readonly capsuleDigest: string | null;
  readonly message: string;
  readonly actor: ActorRef;
  readonly snapshot: Snapshot;
}): EventDraft {
  const { branch, capsuleDigest, message, actor, snapshot } = commit;
  return {
    source: "project",
    type: "commit.created",
    data: { branch, capsuleDigest, message },
    actor,
    snapshot,
  };
}

export type RunEventType =
  | "capsule.deploy.started"
  | "capsule.deploy.accepted"
  | "capsule.deploy.completed"
  | "capsule.deploy.failed"
  | "run.updated";

/** What runs, where to, how far it is, and what came of it. */
export function draftRunEvent(type: RunEventType, run: DeployRun): EventDraft {
  const { deployId, capsuleDigest, environment, phase, status, artifactDigest, failure } = run;
  return {
    source: "deploy",
    type,
    data: { deployId, capsuleDigest, env: environment, phase, status, artifactDigest, failure },
    actor: run.actor,
    runId: deployId,
  };
}

/** An environment's pointer has swapped; `statement` is the SHA-256 of the signed envelope that says so. */
export function draftActivation(
  activation: Activation,
  facts: {
    readonly previous: Activation | null;
    readonly statement: string;
    /** With the SHA-256 of its signed summary; null where the gate asks for nothing. */
    readonly gate: GateDecision & { readonly statement: string | null };
    readonly confirmation: RunConfirmation | null;
    readonly actor: ActorRef;
  },
): EventDraft {
  const { environment, revision, capsuleDigest, artifactDigest, deployId } = activation;
  const previous = facts.previous === null ? null : facts.previous.artifactDigest;
  return {
    source: "deploy",
    type: "environment.activated",
    data: {
      env: environment,
      revision,
      capsuleDigest,
      artifactDigest,
      deployId,
      previous,
      statement: facts.statement,
      gate: facts.gate.basis === "open" ? null : facts.gate,
      confirmation: facts.confirmation,
    },
    actor: facts.actor,
    runId: deployId,
  };
}

/** A change of trust; `statement` is the SHA-256 of the signed envelope behind it, if one was needed. */
export function draftTrustChange(
  change: TrustChange,
  facts: {
    readonly revision: number;
    readonly reason: string | null;
    readonly statement: string | null;
    readonly actor: ActorRef;
  },
): EventDraft {
  const { revision, reason, statement, actor } = facts;
  const source = "project";
  switch (change.kind) {
    case "trusted": {
      const { keyId, roles } = change.key;
      const data = { change: change.kind, keyId, roles, revision, statement };
      return { source, type: "trust.changed", data, actor };
    }
    case "removed": {
      const data = { change: change.kind, keyId: change.keyId, revision, statement };
      return { source, type: "trust.changed", data, actor };
    }
    case "thresholds": {
      const data = { change: change.kind, thresholds: change.thresholds, revision, statement };
      return { source, type: "trust.changed", data, actor };
    }
    case "rotated": {
      const successorKeyId = change.successor.keyId;
      const data = { keyId: change.keyId, successorKeyId, revision, reason, statement };
      return { source, type: "key.rotated", data, actor };
    }
    case "revoked": {
      const { keyId, compromisedSince } = change;
      return { source, type: "key.revoked", data: { keyId, compromisedSince, revision, reason }, actor };
    }
  }
}
