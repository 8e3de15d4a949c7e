import { sha256 } from "@noble/hashes/sha2.js";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TimelineEvent } from "../../schemas/event.ts";
import { canonicalBytes } from "../capsule/canonical-json.ts";
import { type EventDraft, findChainBreak, firstPrevHash, SALT_BYTES, sealEvent } from "./seal-event.ts";

const PROJECT_ID = "prj_0123456789abcdefghjk";
const START = { seq: 0, hash: firstPrevHash(PROJECT_ID, sha256) };
const DIGEST = `sha256:${"a".repeat(64)}`;

const draftArbitrary = fc.record({
  source: fc.constantFrom("project", "capsule", "deploy"),
  type: fc.constantFrom("project.updated", "capsule.accepted", "run.updated"),
  data: fc.dictionary(
    fc.string({ maxLength: 8, unit: "grapheme" }),
    fc.oneof(fc.string({ unit: "grapheme" }), fc.integer(), fc.boolean(), fc.constant(null)),
    { noNullPrototype: true },
  ),
  actor: fc.record({ kind: fc.constantFrom("user", "token", "platform"), id: fc.string({ maxLength: 8 }) }),
  runId: fc.option(fc.string({ maxLength: 8 })),
  snapshot: fc.option(fc.constant({ contentDigest: DIGEST, settingsDigest: DIGEST })),
});

/** At least two events, so that there is an order. */
const chainArbitrary = fc
  .array(fc.tuple(draftArbitrary, fc.uint8Array({ minLength: SALT_BYTES, maxLength: SALT_BYTES })), {
    minLength: 2,
    maxLength: 12,
  })
  .map((parts) => sealAll(parts));

function sealAll(parts: readonly (readonly [EventDraft, Uint8Array])[]): TimelineEvent[] {
  const events: TimelineEvent[] = [];
  for (const [index, [draft, salt]] of parts.entries()) {
    const prevHash = events.at(-1)?.hash ?? START.hash;
    const place = { seq: index + 1, id: `evt_${index}`, ts: 1_790_000_000_000 + index, prevHash, salt };
    events.push(sealEvent(draft, place, sha256));
  }
  return events;
}

/** The chain with one event changed; the index may be any number. */
function changeOne(
  events: readonly TimelineEvent[],
  index: number,
  change: (event: TimelineEvent) => TimelineEvent,
): TimelineEvent[] {
  return events.map((event, place) => (place === index % events.length ? change(event) : event));
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

describe("sealEvent", () => {
  test("hashes as ARCHITECTURE.md Events says: data with its salt, and everything but data, salt and hash", () => {
    const salt = new Uint8Array(SALT_BYTES).fill(7);
    const [event] = sealAll([
      [{ source: "project", type: "t", data: { b: 1, a: "x" }, actor: { kind: "user", id: "usr_1" } }, salt],
    ]);
    if (event === undefined) throw new Error("one was sealed");
    expect(event).toMatchObject({ seq: 1, runId: null, snapshot: null, prevHash: START.hash });
    expect(event.salt).toBe(btoa(String.fromCharCode(...salt)));
    const salted = new Uint8Array([...salt, ...new TextEncoder().encode('{"a":"x","b":1}')]);
    expect(event.dataHash).toBe(hex(sha256(salted)));
    const { data: _data, salt: _salt, hash, ...rest } = event;
    expect(hash).toBe(hex(sha256(canonicalBytes(rest))));
    expect(START.hash).toBe(hex(sha256(new TextEncoder().encode(PROJECT_ID))));
  });

  test("gives another hash for the same data with another salt", () => {
    const draft: EventDraft = { source: "oai", type: "t", data: {}, actor: { kind: "user", id: "u" } };
    const [one] = sealAll([[draft, new Uint8Array(SALT_BYTES).fill(1)]]);
    const [two] = sealAll([[draft, new Uint8Array(SALT_BYTES).fill(2)]]);
    expect(one?.dataHash).not.toBe(two?.dataHash);
  });
});

describe("findChainBreak", () => {
  test("finds none in a chain, nor in any page of it", () => {
    fc.assert(
      fc.property(chainArbitrary, fc.nat(), (events, cut) => {
        expect(findChainBreak(events, START, sha256)).toBeNull();
        const at = cut % events.length;
        const before = events[at - 1] ?? START;
        expect(findChainBreak(events.slice(at), before, sha256)).toBeNull();
      }),
    );
  });

  test("finds none in an empty chain", () => {
    expect(findChainBreak([], START, sha256)).toBeNull();
  });

  test("holds across a passage through JSON", () => {
    fc.assert(
      fc.property(chainArbitrary, (events) => {
        expect(findChainBreak(JSON.parse(JSON.stringify(events)), START, sha256)).toBeNull();
      }),
    );
  });

  test("finds changed data, a changed salt, and data or salt that is gone alone, where they are", () => {
    const changes: ((event: TimelineEvent) => TimelineEvent)[] = [
      (event) => ({ ...event, data: { ...event.data, forged: true } }),
      (event) => ({ ...event, salt: btoa("another salt ...") }),
      (event) => ({ ...event, data: null }),
      (event) => ({ ...event, salt: null }),
    ];
    fc.assert(
      fc.property(chainArbitrary, fc.nat(), fc.constantFrom(...changes), (events, index, change) => {
        const forged = changeOne(events, index, change);
        const seq = (index % events.length) + 1;
        expect(findChainBreak(forged, START, sha256)).toEqual({ seq, problem: "dataHash" });
      }),
    );
  });

  test("finds any other changed field, where it is", () => {
    const changes: ((event: TimelineEvent) => TimelineEvent)[] = [
      (event) => ({ ...event, ts: event.ts + 1 }),
      (event) => ({ ...event, id: `${event.id}x` }),
      (event) => ({ ...event, type: `${event.type}x` }),
      (event) => ({ ...event, source: "mesh" }),
      (event) => ({ ...event, actor: { ...event.actor, id: `${event.actor.id}x` } }),
      (event) => ({ ...event, runId: `${event.runId}x` }),
      (event) => ({
        ...event,
        snapshot: event.snapshot === null ? { contentDigest: DIGEST, settingsDigest: DIGEST } : null,
      }),
      (event) => ({ ...event, hash: event.hash.replace(/^./, (digit) => (digit === "0" ? "1" : "0")) }),
    ];
    fc.assert(
      fc.property(chainArbitrary, fc.nat(), fc.constantFrom(...changes), (events, index, change) => {
        const forged = changeOne(events, index, change);
        const seq = (index % events.length) + 1;
        expect(findChainBreak(forged, START, sha256)).toEqual({ seq, problem: "hash" });
      }),
    );
  });

  test("finds an event that was sealed anew: the one after it names another predecessor", () => {
    fc.assert(
      fc.property(chainArbitrary, fc.nat(), draftArbitrary, (events, index, draft) => {
        const at = index % (events.length - 1);
        const forged = changeOne(events, at, (event) => {
          const salt = new Uint8Array(SALT_BYTES).fill(9);
          return sealEvent(draft, { ...event, ts: event.ts + 1, salt }, sha256);
        });
        expect(findChainBreak(forged, START, sha256)).toEqual({ seq: at + 2, problem: "prevHash" });
      }),
    );
  });

  test("finds an event that was taken out, put in twice, or put elsewhere", () => {
    fc.assert(
      fc.property(chainArbitrary, fc.nat(), (events, index) => {
        const at = index % (events.length - 1);
        const without = events.filter((_event, place) => place !== at);
        expect(findChainBreak(without, START, sha256)).toEqual({ seq: at + 2, problem: "seq" });
        const twice = events.flatMap((event, place) => (place === at ? [event, event] : [event]));
        expect(findChainBreak(twice, START, sha256)).toEqual({ seq: at + 1, problem: "seq" });
        const swapped = events.toSpliced(at, 2, ...events.slice(at, at + 2).toReversed());
        expect(findChainBreak(swapped, START, sha256)).toEqual({ seq: at + 2, problem: "seq" });
      }),
    );
  });

  test("finds a chain of another project at its first event", () => {
    fc.assert(
      fc.property(chainArbitrary, (events) => {
        const other = { seq: 0, hash: firstPrevHash("prj_other", sha256) };
        expect(findChainBreak(events, other, sha256)).toEqual({ seq: 1, problem: "prevHash" });
      }),
    );
  });

  test("holds when data and salt were erased together, from any of the events", () => {
    fc.assert(
      fc.property(chainArbitrary, fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), (events, erased) => {
        const places = new Set(erased.map((index) => index % events.length));
        const after = events.map((event, place) =>
          places.has(place) ? { ...event, data: null, salt: null } : event,
        );
        expect(findChainBreak(after, START, sha256)).toBeNull();
      }),
    );
  });
});
