// The course of one simulation on the platform as a state machine (MESH.md M1, M2, M14): what was cut off is begun again
// once, and ends with the reason when it is cut off again. It never hangs.

export const REHEARSAL_PHASES = ["observing", "simulating", "sealing"] as const;
export type RehearsalPhase = (typeof REHEARSAL_PHASES)[number];

export type RehearsalStatus = "queued" | "running" | "done" | "error" | "cancelled";

export type RehearsalFailure = { readonly code: string; readonly message: string };

export type Rehearsal = {
  readonly status: RehearsalStatus;
  readonly phase: RehearsalPhase;
  /** How often this phase was begun since it last got anywhere. */
  readonly attempt: number;
  /** Seeds that have run. */
  readonly doneCount: number;
  readonly isCancelRequested: boolean;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly failure: RehearsalFailure | null;
};

/** A phase that was cut off this often is not begun again: the app probably takes the runtime down with it. */
export const MAX_REHEARSAL_ATTEMPTS = 2;
/** The whole of it may take no longer. */
export const MAX_REHEARSAL_MS = 1_800_000;
/** How long a phase may go without a sign of life before it is taken up again. */
export const REHEARSAL_LEASE_MS = 30_000;

/** @param isObserved whether the observations are there already, as for a replay */
export function createRehearsal(startedAt: number, isObserved: boolean): Rehearsal {
  return {
    status: "queued",
    phase: isObserved ? "simulating" : "observing",
    attempt: 0,
    doneCount: 0,
    isCancelRequested: false,
    startedAt,
    finishedAt: null,
    failure: null,
  };
}

/** Begins the phase, or begins it again after it was cut off; ends the rehearsal where that cannot go on. */
export function beginRehearsalPhase(rehearsal: Rehearsal, now: number): Rehearsal {
  const ended = endIfDue(rehearsal, now);
  if (isRehearsalEnded(ended)) return ended;
  if (ended.attempt >= MAX_REHEARSAL_ATTEMPTS) {
    const message = `the platform was stopped ${ended.attempt} times while ${ended.phase}; it is not tried again`;
    return failRehearsal(ended, { code: "interrupted", message }, now);
  }
  return { ...ended, status: "running", attempt: ended.attempt + 1 };
}

/** Ends what was asked to stop, and what has taken too long. */
export function endIfDue(rehearsal: Rehearsal, now: number): Rehearsal {
  if (isRehearsalEnded(rehearsal)) return rehearsal;
  if (rehearsal.isCancelRequested) {
    return { ...rehearsal, status: "cancelled", finishedAt: now };
  }
  if (now - rehearsal.startedAt <= MAX_REHEARSAL_MS) return rehearsal;
  const minutes = MAX_REHEARSAL_MS / 60_000;
  const message = `it took more than ${minutes} minutes; ask for fewer seeds, fewer nodes or shorter faults`;
  return failRehearsal(rehearsal, { code: "took-too-long", message }, now);
}

/** One more seed has run: the phase got somewhere. */
export function countSeed(rehearsal: Rehearsal): Rehearsal {
  return { ...rehearsal, doneCount: rehearsal.doneCount + 1, attempt: 1 };
}

/** The phase is done; after the last one so is the rehearsal. */
export function completeRehearsalPhase(rehearsal: Rehearsal, now: number): Rehearsal {
  if (isRehearsalEnded(rehearsal)) return rehearsal;
  const next = REHEARSAL_PHASES[REHEARSAL_PHASES.indexOf(rehearsal.phase) + 1];
  if (next === undefined) return { ...rehearsal, status: "done", finishedAt: now };
  return { ...rehearsal, phase: next, attempt: 0 };
}

export function failRehearsal(rehearsal: Rehearsal, failure: RehearsalFailure, now: number): Rehearsal {
  return isRehearsalEnded(rehearsal)
    ? rehearsal
    : { ...rehearsal, status: "error", failure, finishedAt: now };
}

export function isRehearsalEnded({ status }: Rehearsal): boolean {
  return status === "done" || status === "error" || status === "cancelled";
}
