// What was live in an environment, read from the timeline: who made it so, and what one can go back to.
import type { Environment } from "../../../../schemas/environment.ts";
import type { ActorRef, TimelineEvent } from "../../../../schemas/event.ts";

export type PastActivation = {
  readonly seq: number;
  readonly environment: string;
  readonly revision: number;
  readonly capsuleDigest: string;
  readonly activatedAt: number;
  readonly actor: ActorRef;
  /** Why the gate let it in; null where it asks for nothing. */
  readonly gateBasis: string | null;
};

/** The newest first; events of other types, and erased ones, are passed over. */
export function readActivations(events: readonly TimelineEvent[]): readonly PastActivation[] {
  return events
    .flatMap((event) => {
      const { type, data, seq, ts, actor } = event;
      if (type !== "environment.activated" || data === null) return [];
      const { env, revision, capsuleDigest, gate } = data;
      if (typeof env !== "string" || typeof revision !== "number" || typeof capsuleDigest !== "string")
        return [];
      const gateBasis = isRecord(gate) && typeof gate.basis === "string" ? gate.basis : null;
      return [{ seq, environment: env, revision, capsuleDigest, activatedAt: ts, actor, gateBasis }];
    })
    .sort((one, other) => other.seq - one.seq);
}

/** What made this revision live; undefined when the events at hand do not reach back so far. */
export function findActivation(
  past: readonly PastActivation[],
  environment: Environment,
  revision: number,
): PastActivation | undefined {
  return past.find((one) => one.environment === environment && one.revision === revision);
}

/** Earlier capsules of an environment, each once by its newest time there, without the one that is live. */
export function rollbackChoices(
  past: readonly PastActivation[],
  environment: Environment,
  liveDigest: string | null,
): readonly PastActivation[] {
  const seen = new Set<string | null>([liveDigest]);
  return past.filter((one) => {
    if (one.environment !== environment || seen.has(one.capsuleDigest)) return false;
    seen.add(one.capsuleDigest);
    return true;
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
