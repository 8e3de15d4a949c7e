// The hash chain of a timeline (ARCHITECTURE.md "Events"): each event fixes all before it, and data can be erased
// from one without breaking it.
import type { ActorRef, Snapshot, TimelineEvent } from "../../schemas/event.ts";
import type { EventSource } from "../../schemas/event-types.ts";
import { canonicalBytes } from "../capsule/canonical-json.ts";

/** A synchronous SHA-256: an append happens inside one storage transaction, which cannot await. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

export type EventDraft = {
  readonly source: EventSource;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly actor: ActorRef;
  readonly runId?: string | null;
  readonly snapshot?: Snapshot | null;
};

export type EventPlace = {
  readonly seq: number;
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly ts: number;
  readonly prevHash: string;
  /** 16 random bytes. */
  readonly salt: Uint8Array;
};

export const SALT_BYTES = 16;

/** Makes the event that stands at this place: `dataHash` over salt and data, `hash` over all but data and salt. */
export function sealEvent(draft: EventDraft, place: EventPlace, sha256: Sha256): TimelineEvent {
  const open = {
    seq: place.seq,
    id: place.id,
    ts: place.ts,
    source: draft.source,
    type: draft.type,
    dataHash: hashData(place.salt, draft.data, sha256),
    actor: draft.actor,
    runId: draft.runId ?? null,
    snapshot: draft.snapshot ?? null,
    prevHash: place.prevHash,
  };
  return { ...open, data: draft.data, salt: toBase64(place.salt), hash: hashEnvelope(open, sha256) };
}

/** What the first event of a project names as its predecessor: SHA-256 of the project's id. */
export function firstPrevHash(projectId: string, sha256: Sha256): string {
  return toHex(sha256(new TextEncoder().encode(projectId)));
}

export type ChainBreak = { readonly seq: number; readonly problem: "seq" | "prevHash" | "dataHash" | "hash" };

/**
 * Checks consecutive events against what came before them.
 * @param after the seq and hash of the event before the first of these (0 and {@link firstPrevHash} at the start)
 * @returns the place of the first break, or null when the chain holds
 */
export function findChainBreak(
  events: readonly TimelineEvent[],
  after: { readonly seq: number; readonly hash: string },
  sha256: Sha256,
): ChainBreak | null {
  let previous = after;
  for (const event of events) {
    const { data, salt, hash, ...open } = event;
    if (event.seq !== previous.seq + 1) return { seq: event.seq, problem: "seq" };
    if (event.prevHash !== previous.hash) return { seq: event.seq, problem: "prevHash" };
    const isErased = data === null && salt === null;
    if (!isErased && (data === null || salt === null)) return { seq: event.seq, problem: "dataHash" };
    if (data !== null && salt !== null && hashData(fromBase64(salt), data, sha256) !== event.dataHash) {
      return { seq: event.seq, problem: "dataHash" };
    }
    if (hashEnvelope(open, sha256) !== hash) return { seq: event.seq, problem: "hash" };
    previous = { seq: event.seq, hash };
  }
  return null;
}

function hashData(salt: Uint8Array, data: Readonly<Record<string, unknown>>, sha256: Sha256): string {
  const json = canonicalBytes(data);
  const salted = new Uint8Array(salt.byteLength + json.byteLength);
  salted.set(salt);
  salted.set(json, salt.byteLength);
  return toHex(sha256(salted));
}

function hashEnvelope(open: Omit<TimelineEvent, "data" | "salt" | "hash">, sha256: Sha256): string {
  return toHex(sha256(canonicalBytes(open)));
}

function toHex(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return hex;
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
