// Envelope encryption: a data key for each secret, wrapped by the vault key, with tenant and name as additional data,
// so that a sealed value copied to another tenant's row does not open (CAPSULE.md S8).

const IV_BYTES = 12;
const KEY_BYTES = 32;
const WRAPPED_KEY_BYTES = KEY_BYTES + 16;
const VERSION = "v1";

/** Whose secret it is and what it is called: both are bound into the seal. */
export type SecretName = { readonly organizationId: string; readonly name: string };

/**
 * Seals a secret.
 * @param vaultKey base64 of 32 bytes (`OURSYNTH_VAULT_KEY`)
 * @returns `v1.<base64 of iv ‖ wrapped data key ‖ iv ‖ ciphertext>`
 */
export async function sealSecret(vaultKey: string, name: SecretName, secret: Uint8Array): Promise<string> {
  const wrapping = await importVaultKey(vaultKey);
  const additionalData = describe(name);
  const dataKeyBytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  const dataKey = await crypto.subtle.importKey("raw", dataKeyBytes, "AES-GCM", false, ["encrypt"]);
  const wrapIv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const wrapped = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv: wrapIv, additionalData },
    wrapping,
    dataKeyBytes,
  );
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, dataKey, secret);
  const parts = [wrapIv, new Uint8Array(wrapped), iv, new Uint8Array(sealed)];
  return `${VERSION}.${Buffer.concat(parts).toString("base64")}`;
}

/** Opens a sealed secret; throws when the vault key, the tenant or the name is not the one it was sealed with. */
export async function openSecret(vaultKey: string, name: SecretName, sealed: string): Promise<Uint8Array> {
  const [version, payload] = sealed.split(".");
  if (version !== VERSION || payload === undefined) throw new Error("not a sealed secret of a known version");
  const bytes = new Uint8Array(Buffer.from(payload, "base64"));
  const keyEnd = IV_BYTES + WRAPPED_KEY_BYTES;
  const additionalData = describe(name);
  const dataKeyBytes = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: bytes.slice(0, IV_BYTES), additionalData },
    await importVaultKey(vaultKey),
    bytes.slice(IV_BYTES, keyEnd),
  );
  const dataKey = await crypto.subtle.importKey("raw", dataKeyBytes, "AES-GCM", false, ["decrypt"]);
  const secret = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: bytes.slice(keyEnd, keyEnd + IV_BYTES), additionalData },
    dataKey,
    bytes.slice(keyEnd + IV_BYTES),
  );
  return new Uint8Array(secret);
}

async function importVaultKey(vaultKey: string): Promise<CryptoKey> {
  const bytes = new Uint8Array(Buffer.from(vaultKey ?? "", "base64"));
  if (bytes.byteLength !== KEY_BYTES) {
    throw new Error("OURSYNTH_VAULT_KEY is missing or is not base64 of 32 bytes; set it as a secret");
  }
  return await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

function describe(name: SecretName): Uint8Array {
  return new TextEncoder().encode(JSON.stringify([VERSION, name.organizationId, name.name]));
}
