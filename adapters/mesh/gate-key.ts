// The platform's gate key (MESH.md M18): HMAC-SHA-256 under a key derived from the vault's by HKDF (RFC 5869), so that
// seeds are the platform's and nobody else can foresee or choose them.

import { overArrayBuffer } from "../../core/capsule/bytes.ts";
import type { GateHmac } from "../../core/deploy/gate-policy.ts";

const KEY_BYTES = 32;
/** One purpose, one derived key. */
const PURPOSE = new TextEncoder().encode("oursynth gate seeds v1");
const NO_SALT = new Uint8Array(0);

/** Throws when the vault key is not base64 of 32 bytes. */
export async function openGateKey(env: Pick<Cloudflare.Env, "OURSYNTH_VAULT_KEY">): Promise<GateHmac> {
  const vaultKey = new Uint8Array(Buffer.from(env.OURSYNTH_VAULT_KEY ?? "", "base64"));
  if (vaultKey.byteLength !== KEY_BYTES) throw new Error("OURSYNTH_VAULT_KEY is missing or not 32 bytes");
  const material = await crypto.subtle.importKey("raw", vaultKey, "HKDF", false, ["deriveKey"]);
  const key = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: NO_SALT, info: PURPOSE },
    material,
    { name: "HMAC", hash: "SHA-256", length: KEY_BYTES * 8 },
    false,
    ["sign"],
  );
  return async (message) => new Uint8Array(await crypto.subtle.sign("HMAC", key, overArrayBuffer(message)));
}
