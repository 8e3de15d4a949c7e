// Hostname to pointer, remembered in this isolate for less than the 5 s in which a rollback must be seen everywhere.
// Below the project object in the order of imports, so that it can drop a name in its own isolate when it activates.
import type { HostPointer } from "../../schemas/artifact.ts";

/** Counted from the start of the lookup: with the time that a visit takes it stays below 5 s. */
const FRESH_MS = 4_000;
const MISS_FRESH_MS = 1_000;
const MAX_ENTRIES = 10_000;
/** A lookup belongs to the visit that began it, and dies with it; others do not wait for it longer than this. */
const MAX_SHARED_WAIT_MS = 1_000;

type FindPointer = (database: D1Database, hostname: string) => Promise<HostPointer | null>;
type Entry = { readonly pointer: HostPointer | null; readonly freshUntil: number };
type Lookup = { readonly result: Promise<HostPointer | null>; readonly startedAt: number };

const entries = new Map<string, Entry>();
const lookups = new Map<string, Lookup>();

/** The pointer of a hostname, at most 4 s old (1 s when there is none); null when no app lives there. */
export async function cachedPointer(
  database: D1Database,
  hostname: string,
  find: FindPointer,
): Promise<HostPointer | null> {
  const now = Date.now();
  const entry = entries.get(hostname);
  if (entry !== undefined && now < entry.freshUntil) return entry.pointer;
  const running = lookups.get(hostname);
  if (running !== undefined && now - running.startedAt < MAX_SHARED_WAIT_MS) {
    const shared = await Promise.race([running.result.then(asFound, () => NOT_FOUND_YET), waitBriefly()]);
    if (shared.isFound) return shared.pointer;
  }
  return await lookUp(database, hostname, find, now);
}

/** Makes the next visit in this isolate look again; also what a running lookup finds is not kept. */
export function forgetPointer(hostname: string): void {
  entries.delete(hostname);
  lookups.delete(hostname);
}

async function lookUp(
  database: D1Database,
  hostname: string,
  find: FindPointer,
  startedAt: number,
): Promise<HostPointer | null> {
  const lookup: Lookup = { result: find(database, hostname), startedAt };
  lookups.set(hostname, lookup);
  try {
    const pointer = await lookup.result;
    if (lookups.get(hostname) === lookup) remember(hostname, pointer, startedAt);
    return pointer;
  } finally {
    if (lookups.get(hostname) === lookup) lookups.delete(hostname);
  }
}

function remember(hostname: string, pointer: HostPointer | null, startedAt: number): void {
  entries.delete(hostname);
  if (entries.size >= MAX_ENTRIES) {
    const oldest = entries.keys().next();
    if (oldest.done !== true) entries.delete(oldest.value);
  }
  entries.set(hostname, { pointer, freshUntil: startedAt + (pointer === null ? MISS_FRESH_MS : FRESH_MS) });
}

type Shared = { readonly isFound: true; readonly pointer: HostPointer | null } | { readonly isFound: false };

const NOT_FOUND_YET: Shared = { isFound: false };

function asFound(pointer: HostPointer | null): Shared {
  return { isFound: true, pointer };
}

async function waitBriefly(): Promise<Shared> {
  await scheduler.wait(MAX_SHARED_WAIT_MS);
  return NOT_FOUND_YET;
}
