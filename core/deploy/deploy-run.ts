// The deploy run as a state machine (ARCHITECTURE.md "Deploy"): every phase is idempotent, a run is leased while a
// phase works, and whoever finds the lease lapsed takes it up again or ends it with the reason.

import type { Environment } from "../../schemas/environment.ts";
import type { ActorRef } from "../../schemas/event.ts";
import type { GateOverride } from "../../schemas/gate.ts";

export const DEPLOY_PHASES = [
  "verifying",
  "gating",
  "building",
  "publishing",
  "checking",
  "activating",
] as const;
export type DeployPhase = (typeof DEPLOY_PHASES)[number];

export type RunStatus = "queued" | "running" | "done" | "error" | "cancelled";

export type RunFailure = { readonly code: string; readonly message: string };

/** What a person confirmed, for a run into an environment that asks for it. */
export type RunConfirmation = {
  readonly confirmationId: string;
  readonly confirmedBy: ActorRef;
  /** The environment's revision that was restated: the run swaps from there, or not at all. */
  readonly environmentRevision: number;
  readonly override: GateOverride | null;
};

export type DeployRun = {
  readonly deployId: string;
  readonly capsuleDigest: string;
  readonly environment: Environment;
  readonly actor: ActorRef;
  readonly status: RunStatus;
  readonly phase: DeployPhase;
  /** How often this phase has been begun. */
  readonly attempt: number;
  readonly isCancelRequested: boolean;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly artifactDigest: string | null;
  readonly configurationDigest: string | null;
  readonly failure: RunFailure | null;
  /** Null where nobody had to confirm. */
  readonly confirmation: RunConfirmation | null;
};

/** A phase that was cut off this often is not begun again: the app probably takes the runtime down with it. */
export const MAX_PHASE_ATTEMPTS = 2;

/** How long a phase may go without a sign of life before another takes the run up. */
export const LEASE_MS = 45_000;

export type NewDeployRun = Pick<
  DeployRun,
  "deployId" | "capsuleDigest" | "environment" | "actor" | "startedAt" | "confirmation"
>;

export function createDeployRun(input: NewDeployRun): DeployRun {
  return {
    ...input,
    status: "queued",
    phase: "verifying",
    attempt: 0,
    isCancelRequested: false,
    finishedAt: null,
    artifactDigest: null,
    configurationDigest: null,
    failure: null,
  };
}

/**
 * Begins the run's phase, or begins it again after it was cut off; ends it where that cannot go on.
 * A run that has ended stays as it is.
 */
export function beginPhase(run: DeployRun, now: number): DeployRun {
  if (isEnded(run)) return run;
  if (run.isCancelRequested) return endRun(run, "cancelled", null, now);
  if (run.attempt >= MAX_PHASE_ATTEMPTS) {
    const message = `The platform was stopped ${run.attempt} times while ${run.phase}; it is not tried again. See the app's logs, mend it, and deploy anew.`;
    return endRun(run, "error", { code: "interrupted", message }, now);
  }
  return { ...run, status: "running", attempt: run.attempt + 1 };
}

/** The phase is done, with what it found; the last phase ends the run. */
export function completePhase(
  run: DeployRun,
  found: Partial<Pick<DeployRun, "artifactDigest" | "configurationDigest">>,
  now: number,
): DeployRun {
  if (isEnded(run)) return run;
  const next = DEPLOY_PHASES[DEPLOY_PHASES.indexOf(run.phase) + 1];
  if (next === undefined) return endRun({ ...run, ...found }, "done", null, now);
  return { ...run, ...found, phase: next, attempt: 0 };
}

export function failRun(run: DeployRun, failure: RunFailure, now: number): DeployRun {
  return isEnded(run) ? run : endRun(run, "error", failure, now);
}

/** Asks a run to stop before its next phase; activation, once begun, is not undone by it. */
export function requestCancel(run: DeployRun): DeployRun {
  return isEnded(run) ? run : { ...run, isCancelRequested: true };
}

export function isEnded(run: DeployRun): boolean {
  return run.status === "done" || run.status === "error" || run.status === "cancelled";
}

function endRun(run: DeployRun, status: RunStatus, failure: RunFailure | null, now: number): DeployRun {
  return { ...run, status, failure, finishedAt: now };
}
