// Envelope encryption: a data key for each secret, wrapped by the vault key, with tenant and name as additional data,
// so that a sealed value copied to another tenant's row does not open (CAPSULE.md S8). A sealed value names the vault key
// that wraps it, so that the key can be replaced while values of both are about (docs/secrets.md, decision 0016).
import { overArrayBuffer } from "../../core/capsule/bytes.ts";
import type { SecretName } from "./secret-name.ts";
import { readVaultKeys, type VaultEnv, type VaultKey, type VaultKeys } from "./vault-keys.ts";

const IV_BYTES = 12;
const KEY_BYTES = 32;
const WRAPPED_KEY_BYTES = KEY_BYTES + 16;
/** Before values named their key; they still open. */
const UNNAMED_KEY_VERSION = "v1";
const VERSION = "v2";
/** Bound into the seal. Not the version in front: re-wrapping changes that and leaves the ciphertext as it is. */
const CONTEXT = "v1";

/**
 * Seals a secret with a data key of its own, wrapped by the current vault key.
 * @returns `v2.<id of the vault key>.<base64 of iv ‖ wrapped data key ‖ iv ‖ ciphertext>`
 */
export async function sealSecret(env: VaultEnv, name: SecretName, secret: Uint8Array): Promise<string> {
  const { current } = await readVaultKeys(env);
  return await sealUnder(current, name, secret);
}

/** The same under a vault key of the caller's choice. */
export async function sealUnder(key: VaultKey, name: SecretName, secret: Uint8Array): Promise<string> {
  const additionalData = describe(name);
  const dataKeyBytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  const dataKey = await crypto.subtle.importKey("raw", dataKeyBytes, "AES-GCM", false, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const wrapped = await wrapDataKey(key, additionalData, dataKeyBytes);
  const ciphertext = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData },
    dataKey,
    overArrayBuffer(secret),
  );
  return format(key, [wrapped, iv, new Uint8Array(ciphertext)]);
}

/**
 * Opens a sealed secret. Throws when no accepted vault key is the one that wraps it, and when the tenant or the name is
 * not the one it was sealed with. What is thrown shows nothing of the secret.
 */
export async function openSecret(env: VaultEnv, name: SecretName, sealed: string): Promise<Uint8Array> {
  const parts = parse(sealed);
  const additionalData = describe(name);
  const { dataKeyBytes } = await unwrapDataKey(await readVaultKeys(env), parts, additionalData);
  const dataKey = await crypto.subtle.importKey("raw", dataKeyBytes, "AES-GCM", false, ["decrypt"]);
  const { iv, ciphertext } = parts;
  const secret = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, dataKey, ciphertext);
  return new Uint8Array(secret);
}

/**
 * The same secret under the current vault key: only its data key is wrapped anew, the secret itself stays closed.
 * Null when it stands under the current key already. Throws as {@link openSecret} does.
 */
export async function rewrapSecret(env: VaultEnv, name: SecretName, sealed: string): Promise<string | null> {
  const keys = await readVaultKeys(env);
  const parts = parse(sealed);
  if (parts.keyId === keys.current.id) return null;
  const additionalData = describe(name);
  const { dataKeyBytes } = await unwrapDataKey(keys, parts, additionalData);
  const wrapped = await wrapDataKey(keys.current, additionalData, dataKeyBytes);
  return format(keys.current, [wrapped, parts.iv, parts.ciphertext]);
}

/** With what a value under this vault key begins. */
export function sealedPrefix(vaultKeyId: string): string {
  return `${VERSION}.${vaultKeyId}.`;
}

/** The id of the accepted vault key that wraps this value; null when none of them does. */
export async function findVaultKeyOf(
  env: VaultEnv,
  name: SecretName,
  sealed: string,
): Promise<string | null> {
  try {
    const { keyId } = await unwrapDataKey(await readVaultKeys(env), parse(sealed), describe(name));
    return keyId;
  } catch (error) {
    if (error instanceof WrongVaultKey) return null;
    throw error;
  }
}

class WrongVaultKey extends Error {
  override readonly name = "WrongVaultKey";
}

type Sealed = {
  /** Null in a value that does not name its key. */
  readonly keyId: string | null;
  /** Iv ‖ wrapped data key. */
  readonly wrapped: Uint8Array<ArrayBuffer>;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly ciphertext: Uint8Array<ArrayBuffer>;
};

function parse(sealed: string): Sealed {
  const [version, ...rest] = sealed.split(".");
  const keyId = version === VERSION ? rest.shift() : null;
  const [payload, ...more] = rest;
  const isKnown = version === VERSION || version === UNNAMED_KEY_VERSION;
  if (!isKnown || keyId === undefined || payload === undefined || more.length > 0) {
    throw new Error("not a sealed secret of a known version");
  }
  const bytes = new Uint8Array(Buffer.from(payload, "base64"));
  const wrappedEnd = IV_BYTES + WRAPPED_KEY_BYTES;
  return {
    keyId,
    wrapped: bytes.slice(0, wrappedEnd),
    iv: bytes.slice(wrappedEnd, wrappedEnd + IV_BYTES),
    ciphertext: bytes.slice(wrappedEnd + IV_BYTES),
  };
}

function format({ id }: VaultKey, parts: readonly Uint8Array[]): string {
  return `${sealedPrefix(id)}${Buffer.concat(parts).toString("base64")}`;
}

async function wrapDataKey(
  { key }: VaultKey,
  additionalData: Uint8Array<ArrayBuffer>,
  dataKeyBytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const wrapped = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, dataKeyBytes);
  return Buffer.concat([iv, new Uint8Array(wrapped)]);
}

/** With the key that the value names; one that names none is tried with each. */
async function unwrapDataKey(
  { accepted }: VaultKeys,
  { keyId, wrapped }: Sealed,
  additionalData: Uint8Array<ArrayBuffer>,
): Promise<{ readonly keyId: string; readonly dataKeyBytes: Uint8Array<ArrayBuffer> }> {
  const candidates = keyId === null ? accepted : accepted.filter(({ id }) => id === keyId);
  const algorithm = { name: "AES-GCM", iv: wrapped.slice(0, IV_BYTES), additionalData };
  for (const { id, key } of candidates) {
    try {
      const opened = await crypto.subtle.decrypt(algorithm, key, wrapped.slice(IV_BYTES));
      return { keyId: id, dataKeyBytes: new Uint8Array(opened) };
    } catch (error) {
      // WebCrypto tells a wrong key, tenant or name by nothing more than this.
      if (!(error instanceof Error) || error.name !== "OperationError") throw error;
    }
  }
  throw new WrongVaultKey(
    keyId === null || candidates.length > 0
      ? "a sealed value does not open: it belongs elsewhere, was changed, or was sealed with another vault key"
      : `a value is sealed with the vault key ${keyId}, which is not among those that were given`,
  );
}

function describe(name: SecretName): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify([CONTEXT, name.organizationId, name.name]);
  return new Uint8Array(new TextEncoder().encode(text));
}
