// What a token's own structure says about whether it is one: checksums, decoded parts, documented examples.
import { base62Checksum } from "./base62-checksum.ts";
import { fromBase64 } from "./bytes.ts";
import { crc32 } from "./crc32.ts";

const BECH32_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const BECH32_GENERATORS: readonly number[] = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const CHECKSUM_CHARACTERS = 6;
/** GitHub's tokens of this length carry the checksum; longer ones are not documented to. */
const GITHUB_BODY_CHARACTERS = 36;
const AZURE_KEY_BYTES = 64;
/** Fewer different characters than this and it is a placeholder: `xxxx…`, `0000…`. */
const MIN_DISTINCT_CHARACTERS = 6;

/** Whether somebody wrote it to be filled in. Takes the part behind the prefix. */
export function isPlaceholder(body: string): boolean {
  return new Set(body).size < MIN_DISTINCT_CHARACTERS;
}

/** `<prefix>_<random><6 of checksum>` (GitHub and `osk_`). */
export function hasBase62Checksum(token: string): boolean {
  const body = token.slice(token.indexOf("_") + 1);
  const random = body.slice(0, -CHECKSUM_CHARACTERS);
  return base62Checksum(random, crc32) === body.slice(-CHECKSUM_CHARACTERS);
}

export function isGithubToken(token: string): boolean {
  const bodyCharacters = token.length - token.indexOf("_") - 1;
  return bodyCharacters !== GITHUB_BODY_CHARACTERS || hasBase62Checksum(token);
}

/** Grafana's service accounts: `glsa_<32>_<CRC-32 in hex of the 32>`. */
export function isGrafanaToken(token: string): boolean {
  const [, body = "", checksum = ""] = token.split("_");
  const text = crc32(new TextEncoder().encode(body), 0).toString(16).padStart(8, "0");
  return text === checksum.toLowerCase();
}

/** Bech32 as age writes its identities (BIP 173, upper case). */
export function isBech32(text: string): boolean {
  const lower = text.toLowerCase();
  const split = lower.lastIndexOf("1");
  const prefix = [...lower.slice(0, split)].map((character) => character.charCodeAt(0));
  const data = [...lower.slice(split + 1)].map((character) => BECH32_ALPHABET.indexOf(character));
  if (split < 1 || data.includes(-1)) return false;
  const values = [...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31), ...data];
  return bech32Polymod(values) === 1;
}

/** An account's key is 64 bytes in base64. */
export function isAzureStorageKey(text: string): boolean {
  return fromBase64(text.slice(text.indexOf("=") + 1))?.length === AZURE_KEY_BYTES;
}

/** AWS shows keys that end in EXAMPLE in its documentation; none of them opens anything. */
export function isNoAwsExample(text: string): boolean {
  return !/EXAMPLE(?:KEY)?$/.test(text);
}

/** A value that mixes letters and digits: a name or a word in its place does not. */
export function mixesLettersAndDigits(text: string): boolean {
  const value = /[A-Za-z0-9/+_-]+$/.exec(text)?.[0] ?? "";
  return /[A-Za-z]/.test(value) && /\d/.test(value) && !isPlaceholder(value) && isNoAwsExample(value);
}

/** A JWT whose payload gives the role that passes by every row policy of Supabase. */
export function isServiceRoleToken(token: string): boolean {
  const payload = decodeJsonPart(token.split(".")[1] ?? "");
  return (
    typeof payload === "object" && payload !== null && "role" in payload && payload.role === "service_role"
  );
}

function bech32Polymod(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (const [bit, generator] of BECH32_GENERATORS.entries()) if ((top >> bit) & 1) sum ^= generator;
  }
  return sum;
}

function decodeJsonPart(part: string): unknown {
  const base64 = part.replaceAll("-", "+").replaceAll("_", "/");
  const bytes = fromBase64(base64.padEnd(Math.ceil(base64.length / 4) * 4, "="));
  if (bytes === null) return null;
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // Only text that is JSON is a token's payload.
    return null;
  }
}
