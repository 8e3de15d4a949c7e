// What signs session cookies and the logins of devices. It is derived from the vault key (HKDF, RFC 5869), so that an
// operator keeps one secret; a stolen copy of the database alone makes no valid cookie.

const PURPOSE = "oursynth sessions v1";
const SECRET_BYTES = 32;
const VAULT_KEY_BYTES = 32;

let derived: { readonly vaultKey: string; readonly secret: Promise<string> } | null = null;

/** Lowercase hex of 32 bytes; derived once for each isolate. Throws when the vault key is missing or cannot be one. */
export async function sessionSecret(env: { readonly OURSYNTH_VAULT_KEY: string }): Promise<string> {
  const vaultKey = env.OURSYNTH_VAULT_KEY ?? "";
  if (derived?.vaultKey !== vaultKey) derived = { vaultKey, secret: deriveSecret(vaultKey) };
  return await derived.secret;
}

async function deriveSecret(vaultKey: string): Promise<string> {
  const bytes = new Uint8Array(Buffer.from(vaultKey, "base64"));
  if (bytes.byteLength !== VAULT_KEY_BYTES) {
    throw new Error("OURSYNTH_VAULT_KEY is missing or is not base64 of 32 bytes; set it as a secret");
  }
  const key = await crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveBits"]);
  const info = new TextEncoder().encode(PURPOSE);
  const bits = await crypto.subtle.deriveBits(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info },
    key,
    SECRET_BYTES * 8,
  );
  return Buffer.from(bits).toString("hex");
}
