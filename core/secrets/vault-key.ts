// What is known of a vault key without the key: its id, and how long an old one may still be at work.
import { toHex } from "../capsule/bytes.ts";
import type { Hashing } from "../hashing.ts";

const ID_CHARACTERS = 16;
/** Set apart from every other hash of a key. */
const ID_CONTEXT = "oursynth vault key id\0";

/**
 * So long may somebody still seal with the old key after the first sight of the new one: an isolate that was started
 * before, or a prod action that waits for its person (10 minutes, confirmation-storage.ts).
 */
export const OLD_KEY_GRACE_MS = 15 * 60_000;

/** 16 hex digits of a hash of the 32 bytes: sealed values name their key by it, and it may be shown. */
export async function vaultKeyIdOf(key: Uint8Array, hashing: Pick<Hashing, "sha256">): Promise<string> {
  const context = new TextEncoder().encode(ID_CONTEXT);
  const bytes = new Uint8Array(context.length + key.length);
  bytes.set(context);
  bytes.set(key, context.length);
  return toHex(await hashing.sha256(bytes)).slice(0, ID_CHARACTERS);
}
