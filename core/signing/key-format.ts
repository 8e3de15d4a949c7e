// Keys as text: PEM that OpenSSL reads, or base64 (CAPSULE.md S7); and a key's id (S3).
import { fail, ok, type Result } from "../../schemas/result.ts";
import { equalBytes, fromBase64, fromHex, joinBytes, toBase64 } from "../capsule/bytes.ts";
import { toDigest } from "../capsule/digest.ts";
import type { Hashing } from "../hashing.ts";
import { keyPairFromSeed, type PrivateKey } from "./ed25519.ts";

export type KeyReason = {
  readonly code: "not-pem-or-base64" | "not-ed25519" | "wrong-length" | "public-key-mismatch";
  readonly message: string;
};

const SEED_LENGTH = 32;
const PKCS8_PREFIX = hexBytes("302e020100300506032b657004220420");
/** PKCS#8 version 2 (RFC 5958) carries the public key behind the seed. */
const PKCS8_V2_PREFIX = hexBytes("3051020101300506032b657004220420");
const PKCS8_V2_PUBLIC_TAG = hexBytes("812100");
const SPKI_PREFIX = hexBytes("302a300506032b6570032100");
const MAX_TEXT_LENGTH = 4_096;

/** A private key from PKCS#8 PEM, or base64 of the 32-byte seed or of the 64-byte seed‖public (CAPSULE.md S7). */
export async function parsePrivateKey(text: string): Promise<Result<PrivateKey, KeyReason>> {
  const bytes = readText(text, "PRIVATE KEY");
  if (!bytes.ok) return bytes;
  const parts = bytes.value.isPem ? splitPkcs8(bytes.value.bytes) : splitRaw(bytes.value.bytes);
  if (!parts.ok) return parts;
  const pair = await keyPairFromSeed(parts.value.seed);
  if (parts.value.publicKey === null || equalBytes(parts.value.publicKey, pair.publicKey)) return ok(pair);
  return fail({ code: "public-key-mismatch", message: "the public half does not belong to the seed" });
}

/** The 32 raw bytes of a public key from SPKI PEM, or base64 of those bytes (CAPSULE.md S7). */
export function parsePublicKey(text: string): Result<Uint8Array, KeyReason> {
  const bytes = readText(text, "PUBLIC KEY");
  if (!bytes.ok) return bytes;
  const raw = bytes.value.bytes;
  if (!bytes.value.isPem) return raw.length === SEED_LENGTH ? ok(raw) : wrongLength();
  const key = behindPrefix(raw, SPKI_PREFIX);
  if (key === null) return notEd25519();
  return key.length === SEED_LENGTH ? ok(key) : wrongLength();
}

/** PKCS#8 PEM (RFC 8410), as `openssl pkey` writes it. */
export function formatPrivateKey(key: PrivateKey): string {
  return toPem("PRIVATE KEY", joinBytes([PKCS8_PREFIX, key.seed]));
}

/** SPKI PEM (RFC 8410), as `openssl pkey -pubout` writes it. */
export function formatPublicKey(publicKey: Uint8Array): string {
  return toPem("PUBLIC KEY", joinBytes([SPKI_PREFIX, publicKey]));
}

/** `sha256:` and the hex of the SHA-256 of the raw public key (CAPSULE.md S3). */
export async function keyIdOf(publicKey: Uint8Array, hashing: Hashing): Promise<string> {
  return toDigest(await hashing.sha256(publicKey));
}

type KeyText = { readonly bytes: Uint8Array; readonly isPem: boolean };
type PrivateParts = { readonly seed: Uint8Array; readonly publicKey: Uint8Array | null };

function readText(text: string, label: string): Result<KeyText, KeyReason> {
  const trimmed = text.length > MAX_TEXT_LENGTH ? "" : text.trim();
  const begin = `-----BEGIN ${label}-----`;
  const end = `-----END ${label}-----`;
  const isPem = trimmed.startsWith(begin) && trimmed.endsWith(end);
  const body = isPem ? trimmed.slice(begin.length, trimmed.length - end.length).replace(/\s+/g, "") : trimmed;
  const bytes = fromBase64(body);
  if (bytes !== null && bytes.length > 0) return ok({ bytes, isPem });
  return fail({ code: "not-pem-or-base64", message: `expected a PEM ${label} or padded base64` });
}

function splitPkcs8(der: Uint8Array): Result<PrivateParts, KeyReason> {
  const seed = behindPrefix(der, PKCS8_PREFIX);
  if (seed !== null) return seed.length === SEED_LENGTH ? ok({ seed, publicKey: null }) : wrongLength();
  const rest = behindPrefix(der, PKCS8_V2_PREFIX);
  if (rest === null) return notEd25519();
  const publicKey = behindPrefix(rest.subarray(SEED_LENGTH), PKCS8_V2_PUBLIC_TAG);
  if (publicKey?.length !== SEED_LENGTH) return wrongLength();
  return ok({ seed: rest.subarray(0, SEED_LENGTH), publicKey });
}

function splitRaw(raw: Uint8Array): Result<PrivateParts, KeyReason> {
  if (raw.length === SEED_LENGTH) return ok({ seed: raw, publicKey: null });
  if (raw.length !== 2 * SEED_LENGTH) return wrongLength();
  return ok({ seed: raw.subarray(0, SEED_LENGTH), publicKey: raw.subarray(SEED_LENGTH) });
}

function behindPrefix(bytes: Uint8Array, prefix: Uint8Array): Uint8Array | null {
  return equalBytes(bytes.subarray(0, prefix.length), prefix) ? bytes.subarray(prefix.length) : null;
}

function notEd25519(): Result<never, KeyReason> {
  return fail({ code: "not-ed25519", message: "the key is not an Ed25519 key" });
}

function wrongLength(): Result<never, KeyReason> {
  return fail({ code: "wrong-length", message: "the key does not have the length of an Ed25519 key" });
}

function toPem(label: string, der: Uint8Array): string {
  const lines = toBase64(der).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

function hexBytes(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  if (bytes === null) throw new TypeError("not hex");
  return bytes;
}
