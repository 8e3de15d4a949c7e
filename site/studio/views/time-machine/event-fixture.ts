// Events for the tests of the timeline's logic.
import type { TimelineEvent } from "../../../../schemas/event.ts";

const HASH = "0".repeat(64);

/** An event with the given facts; the rest is as plain as can be. */
export function makeEvent(facts: Partial<TimelineEvent> & { readonly seq: number }): TimelineEvent {
  return {
    id: `evt_${facts.seq}`,
    ts: 1_700_000_000_000 + facts.seq * 1_000,
    source: "project",
    type: "project.updated",
    data: {},
    salt: null,
    dataHash: HASH,
    actor: { kind: "user", id: "usr_1" },
    runId: null,
    snapshot: null,
    prevHash: HASH,
    hash: HASH,
    ...facts,
  };
}

/** A history as projects have them: commits, capsules, deploys and rehearsals in bursts with pauses between. */
export function makeHistory(count: number): TimelineEvent[] {
  const kinds = [
    { source: "project", type: "commit.created", data: { branch: "main", message: "a change" } },
    { source: "capsule", type: "capsule.accepted", data: { version: "1.0.0" } },
    { source: "deploy", type: "run.updated", data: { env: "dev" } },
    { source: "deploy", type: "environment.activated", data: { env: "dev" } },
    { source: "mesh", type: "mesh.sealed", data: { outcome: "pass" } },
  ] as const;
  const events: TimelineEvent[] = [];
  let ts = 1_700_000_000_000;
  for (let seq = 1; seq <= count; seq++) {
    const kind = kinds[(seq * 7) % kinds.length];
    ts += seq % 50 === 0 ? 86_400_000 : 400;
    if (kind !== undefined) events.push(makeEvent({ seq, ts, ...kind }));
  }
  return events;
}
