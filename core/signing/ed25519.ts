// Ed25519, strict: one verdict on every input, whatever runtime asks (CAPSULE.md S2; RFC 8032).
import { getPublicKey, hashes, Point, sign } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";
import { equalBytes, joinBytes, overArrayBuffer, toHex } from "../capsule/bytes.ts";

/** A private key as RFC 8032 has it: the 32-byte seed, with the public key that follows from it. */
export type PrivateKey = { readonly seed: Uint8Array; readonly publicKey: Uint8Array };

const KEY_LENGTH = 32;
const SIGNATURE_LENGTH = 64;
/** The field's prime, 2^255 − 19. */
const FIELD_PRIME = 2n ** 255n - 19n;
/** The order of the base point. */
const GROUP_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const SIGN_BIT_MASK = 2n ** 255n - 1n;
/** The y of every point of order 1, 2, 4 and 8; the sign bit is looked past. */
const SMALL_ORDER_Y: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  FIELD_PRIME - 1n,
  2707385501144840649318225287225658788936804267575313519463743609750303402022n,
  55188659117513257062467267217118295137698188065244968500265048394206261417927n,
]);
/** PKCS#8 (RFC 8410) up to the seed. */
const PKCS8_PREFIX = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);

// Its own default is WebCrypto, which a page served without TLS does not have at all.
hashes.sha512 = sha512;

/** Verifying keys are imported once: the import takes as long as a verification. */
const MAX_IMPORTED_KEYS = 64;
const importedKeys = new Map<string, CryptoKey>();
let hasEd25519: boolean | null = null;
const signingKeys = new WeakMap<PrivateKey, Promise<CryptoKey>>();

/**
 * Whether the signature is valid under CAPSULE.md S2: canonical encodings, no point of small order, S below the
 * group's order, and the equation without the cofactor. Malformed input is `false`, never an exception.
 */
export async function verifyEd25519(
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
): Promise<boolean> {
  if (!isWellFormed(signature, publicKey)) return false;
  hasEd25519 ??= await probeWebCrypto();
  if (hasEd25519) return verifyWithWebCrypto(signature, message, publicKey);
  return verifyWithPointArithmetic(signature, message, publicKey);
}

/** The 64-byte signature of the message. Some browsers randomize it (CAPSULE.md C10): never compare fresh ones. */
export async function signEd25519(message: Uint8Array, privateKey: PrivateKey): Promise<Uint8Array> {
  hasEd25519 ??= await probeWebCrypto();
  if (!hasEd25519) return sign(message, privateKey.seed);
  let key = signingKeys.get(privateKey);
  if (key === undefined) {
    const pkcs8 = overArrayBuffer(joinBytes([PKCS8_PREFIX, privateKey.seed]));
    key = crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", false, ["sign"]);
    signingKeys.set(privateKey, key);
  }
  return new Uint8Array(await crypto.subtle.sign("Ed25519", await key, overArrayBuffer(message)));
}

/** The key pair of a 32-byte seed. Randomness comes in from outside (STYLE 31). */
export async function keyPairFromSeed(seed: Uint8Array): Promise<PrivateKey> {
  if (seed.length !== KEY_LENGTH) throw new RangeError("an Ed25519 seed has 32 bytes");
  return { seed: seed.slice(), publicKey: getPublicKey(seed) };
}

/** A new key pair; `fillRandom` fills its argument with secure randomness, as `crypto.getRandomValues` does. */
export function generateKeyPair(
  fillRandom: (bytes: Uint8Array<ArrayBuffer>) => unknown,
): Promise<PrivateKey> {
  const seed = new Uint8Array(KEY_LENGTH);
  fillRandom(seed);
  return keyPairFromSeed(seed);
}

/** The path where the runtime has Ed25519; with the pre-checks it agrees with the other path on every input. */
export async function verifyWithWebCrypto(
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
): Promise<boolean> {
  if (!isWellFormed(signature, publicKey)) return false;
  try {
    const keyName = toHex(publicKey);
    const key = importedKeys.get(keyName) ?? (await importVerifyingKey(publicKey, keyName));
    return await crypto.subtle.verify("Ed25519", key, overArrayBuffer(signature), overArrayBuffer(message));
  } catch {
    // Bytes that are no point on the curve: engines differ in whether import or verify says so.
    return false;
  }
}

/** The path without WebCrypto: encode(S·B − k·A) = R. Never noble's `verify`, which multiplies by the cofactor. */
export async function verifyWithPointArithmetic(
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
): Promise<boolean> {
  if (!isWellFormed(signature, publicKey)) return false;
  const encodedR = signature.subarray(0, KEY_LENGTH);
  const scalarS = readLittleEndian(signature.subarray(KEY_LENGTH));
  const scalarK = readLittleEndian(sha512(joinBytes([encodedR, publicKey, message]))) % GROUP_ORDER;
  try {
    const pointA = Point.fromBytes(publicKey, false);
    const difference = Point.BASE.multiply(scalarS, false).subtract(pointA.multiply(scalarK, false));
    return equalBytes(difference.toBytes(), encodedR);
  } catch {
    // `fromBytes` throws for a y that is not on the curve.
    return false;
  }
}

function isWellFormed(signature: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_LENGTH || publicKey.length !== KEY_LENGTH) return false;
  if (readLittleEndian(signature.subarray(KEY_LENGTH)) >= GROUP_ORDER) return false;
  return isUsablePoint(publicKey) && isUsablePoint(signature.subarray(0, KEY_LENGTH));
}

/** Canonically encoded and not of small order. Whether it lies on the curve is the next step's concern. */
function isUsablePoint(encoded: Uint8Array): boolean {
  const y = readLittleEndian(encoded) & SIGN_BIT_MASK;
  return y < FIELD_PRIME && !SMALL_ORDER_Y.has(y);
}

function readLittleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let offset = bytes.length - 8; offset >= 0; offset -= 8)
    value = (value << 64n) | view.getBigUint64(offset, true);
  return value;
}

async function importVerifyingKey(publicKey: Uint8Array, keyName: string): Promise<CryptoKey> {
  const key = await crypto.subtle.importKey("raw", overArrayBuffer(publicKey), "Ed25519", false, ["verify"]);
  if (importedKeys.size >= MAX_IMPORTED_KEYS) importedKeys.clear();
  importedKeys.set(keyName, key);
  return key;
}

/** A runtime without Ed25519 refuses even a good key. */
async function probeWebCrypto(): Promise<boolean> {
  try {
    const basePoint = overArrayBuffer(Point.BASE.toBytes());
    await crypto.subtle.importKey("raw", basePoint, "Ed25519", false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}
