// Six base-62 digits of a CRC-32 at a token's end, as GitHub and this platform write it: a scanner then tells a token
// from a text that only looks like one (github.blog, "Behind GitHub's new authentication token formats").
import type { Hashing } from "../hashing.ts";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECKSUM_CHARACTERS = 6;

/** The checksum of an ASCII text, with leading zeros. */
export function base62Checksum(text: string, crc32: Hashing["crc32"]): string {
  let value = crc32(new TextEncoder().encode(text), 0);
  let digits = "";
  for (let index = 0; index < CHECKSUM_CHARACTERS; index++) {
    digits = ALPHABET.charAt(value % ALPHABET.length) + digits;
    value = Math.floor(value / ALPHABET.length);
  }
  return digits;
}
