import { describe, expect, test } from "vitest";
import type { TimelineEvent } from "../../../../schemas/event.ts";
import { findActivation, readActivations, rollbackChoices } from "./activation-history.ts";

function activated(seq: number, env: string, revision: number, capsuleDigest: string): TimelineEvent {
  const actor = { kind: "user", id: `usr_${seq}` };
  const data = { env, revision, capsuleDigest, gate: revision > 1 ? { basis: "evidence" } : null };
  return { seq, ts: seq * 10, type: "environment.activated", data, actor } as unknown as TimelineEvent;
}

const EVENTS = [
  activated(1, "dev", 1, "a"),
  activated(2, "dev", 2, "b"),
  activated(3, "prod", 1, "a"),
  activated(4, "dev", 3, "a"),
  activated(5, "dev", 4, "c"),
  { seq: 6, type: "environment.activated", data: null } as unknown as TimelineEvent,
  { seq: 7, type: "capsule.deploy.completed", data: { env: "dev" } } as unknown as TimelineEvent,
];

describe("what was live", () => {
  const past = readActivations(EVENTS);

  test("is read from activations alone, the newest first", () => {
    expect(past.map(({ seq }) => seq)).toEqual([5, 4, 3, 2, 1]);
    expect(past[0]).toMatchObject({ revision: 4, gateBasis: "evidence", actor: { id: "usr_5" } });
  });

  test("names who made a revision live", () => {
    expect(findActivation(past, "dev", 2)?.actor.id).toBe("usr_2");
    expect(findActivation(past, "staging", 2)).toBeUndefined();
  });

  test("one can go back to each earlier capsule of that environment, once, and not to what is live", () => {
    expect(rollbackChoices(past, "dev", "c").map(({ revision }) => revision)).toEqual([3, 2]);
    expect(rollbackChoices(past, "prod", "a")).toEqual([]);
  });
});
