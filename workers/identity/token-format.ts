// The form of an API token: `osk_` + 32 random base-62 characters + 6 of checksum, so that secret scanners find one and
// a mistyped one is refused without a look into the database. Only its hash is kept, as better-auth's API keys do it:
// unpadded base64url of SHA-256 over the whole token.
import { base62Checksum } from "../../core/capsule/base62-checksum.ts";
import type { Hashing } from "../../core/hashing.ts";

export const TOKEN_PREFIX = "osk_";
/** How much of it is kept readable, to know it by. */
export const TOKEN_START_CHARACTERS = 10;

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const RANDOM_CHARACTERS = 32;
/** The largest multiple of 62 in a byte: above it a byte would favour some characters. */
const UNBIASED_LIMIT = 248;
const TOKEN_PATTERN = /^osk_([0-9A-Za-z]{32})([0-9A-Za-z]{6})$/;

/** A new token (190 random bits); show it once and keep only its hash. */
export function mintToken(fillRandom: (bytes: Uint8Array<ArrayBuffer>) => void, crc32: Crc32): string {
  let random = "";
  while (random.length < RANDOM_CHARACTERS) {
    const bytes = new Uint8Array(RANDOM_CHARACTERS);
    fillRandom(bytes);
    for (const byte of bytes) {
      if (byte < UNBIASED_LIMIT && random.length < RANDOM_CHARACTERS)
        random += ALPHABET[byte % ALPHABET.length];
    }
  }
  return TOKEN_PREFIX + random + base62Checksum(random, crc32);
}

/** Whether this can be a token at all: prefix, length and checksum. */
export function isWellFormedToken(token: string, crc32: Crc32): boolean {
  const match = TOKEN_PATTERN.exec(token);
  return match?.[1] !== undefined && base62Checksum(match[1], crc32) === match[2];
}

/** What is kept of a token. */
export async function hashToken(token: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token)));
  return btoa(String.fromCharCode(...digest))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

type Crc32 = Hashing["crc32"];
