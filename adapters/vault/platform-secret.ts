// Random secrets of the platform itself, made when they are first needed and kept sealed: unlike something derived from
// the vault key they stay what they are when that key is replaced.
import { addPlatformSecret, findPlatformSecret } from "../database/platform-secrets.ts";
import { platformSecretName } from "./secret-name.ts";
import { openSecret, sealSecret } from "./vault.ts";
import type { VaultEnv } from "./vault-keys.ts";

/** `gate` draws the gate's seeds (MESH.md M18). */
export type PlatformSecretPurpose = "gate";

type SecretEnv = VaultEnv & Pick<Cloudflare.Env, "DB">;

const SECRET_BYTES = 32;

/** An HMAC-SHA-256 (RFC 2104) under the platform's secret for this purpose: 32 bytes. */
export async function createPlatformHmac(
  env: SecretEnv,
  purpose: PlatformSecretPurpose,
): Promise<(message: Uint8Array) => Promise<Uint8Array>> {
  const secret = await readPlatformSecret(env, purpose);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", new Uint8Array(secret), algorithm, false, ["sign"]);
  return async (message) => new Uint8Array(await crypto.subtle.sign("HMAC", key, new Uint8Array(message)));
}

async function readPlatformSecret(env: SecretEnv, purpose: PlatformSecretPurpose): Promise<Uint8Array> {
  const name = platformSecretName(purpose);
  const known = await findPlatformSecret(env.DB, purpose);
  if (known !== null) return await openSecret(env, name, known);
  const made = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  await addPlatformSecret(env.DB, purpose, await sealSecret(env, name, made));
  // Somebody else may have been first: what stands there counts.
  const stored = await findPlatformSecret(env.DB, purpose);
  if (stored === null) throw new Error(`the platform's secret ${purpose} was not stored`);
  return await openSecret(env, name, stored);
}
