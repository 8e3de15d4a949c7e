// What to do next in a project, from nothing but what is: what was pushed, what is live where, what the gate says, and
// what waits for an answer.

import type { CapsuleSummary } from "../../../../schemas/api/capsules.ts";
import type { Deploy } from "../../../../schemas/api/deploys.ts";
import type { EnvironmentState } from "../../../../schemas/api/projects.ts";
import type { Environment } from "../../../../schemas/environment.ts";
import type { TimelineEvent } from "../../../../schemas/event.ts";
import type { GateDecision } from "../../../../schemas/gate.ts";
import { pendingConfirmations } from "../../prod/pending-confirmations.ts";

export type NextStep =
  | { readonly kind: "push" }
  | { readonly kind: "answer"; readonly confirmationId: string; readonly sentence: string }
  | { readonly kind: "wait"; readonly deploy: Deploy }
  | { readonly kind: "look-why"; readonly deploy: Deploy }
  | { readonly kind: "deploy"; readonly capsuleDigest: string; readonly env: Environment }
  | {
      readonly kind: "promote";
      readonly capsuleDigest: string;
      readonly from: Environment;
      readonly to: Environment;
    }
  | {
      readonly kind: "rehearse";
      readonly capsuleDigest: string;
      readonly env: Environment;
      readonly basis: GateDecision["basis"];
    }
  | {
      readonly kind: "ship";
      readonly capsuleDigest: string;
      readonly env: Environment;
      readonly basis: GateDecision["basis"];
    }
  | { readonly kind: "done" };

export type ProjectFacts = {
  readonly environments: readonly EnvironmentState[];
  /** Newest first. */
  readonly capsules: readonly CapsuleSummary[];
  /** Newest first. */
  readonly deploys: readonly Deploy[];
  /** In order; the newest are enough. */
  readonly events: readonly TimelineEvent[];
  /** What prod's gate says to what staging runs; null when nothing would go there. */
  readonly gate: GateDecision | null;
  readonly now: number;
};

/** The one step that is shown; what waits for a person comes first. */
export function findNextStep(facts: ProjectFacts): NextStep {
  const { capsules, deploys, environments } = facts;
  const waiting = pendingConfirmations(facts.events, facts.now).at(-1);
  if (waiting !== undefined) {
    const { confirmationId, sentence } = waiting;
    return { kind: "answer", confirmationId, sentence };
  }
  const newest = capsules[0];
  if (newest === undefined) return { kind: "push" };
  const lastDeploy = deploys[0];
  if (lastDeploy?.status === "queued" || lastDeploy?.status === "running") {
    return { kind: "wait", deploy: lastDeploy };
  }
  const live = (name: Environment): string | null =>
    environments.find((environment) => environment.name === name)?.live?.capsuleDigest ?? null;
  const isLiveSomewhere = environments.some((environment) => live(environment.name) === newest.capsuleDigest);
  if (!isLiveSomewhere) {
    const hasFailed = lastDeploy?.status === "error" && lastDeploy.capsuleDigest === newest.capsuleDigest;
    if (hasFailed) return { kind: "look-why", deploy: lastDeploy };
    return { kind: "deploy", capsuleDigest: newest.capsuleDigest, env: "dev" };
  }
  const [dev, staging, prod] = [live("dev"), live("staging"), live("prod")];
  if (dev !== null && dev !== staging) {
    return { kind: "promote", capsuleDigest: dev, from: "dev", to: "staging" };
  }
  if (staging !== null && staging !== prod && facts.gate !== null) return towardsProd(staging, facts.gate);
  return { kind: "done" };
}

/** What prod's gate is to be asked about; null when what staging runs is there already. */
export function findProdCandidate(environments: readonly EnvironmentState[]): string | null {
  const live = (name: Environment): string | null =>
    environments.find((environment) => environment.name === name)?.live?.capsuleDigest ?? null;
  const staging = live("staging");
  return staging === null || staging === live("prod") ? null : staging;
}

function towardsProd(capsuleDigest: string, { isAllowed, basis }: GateDecision): NextStep {
  const step = { capsuleDigest, env: "prod", basis } as const;
  return isAllowed ? { kind: "ship", ...step } : { kind: "rehearse", ...step };
}
