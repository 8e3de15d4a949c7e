// The vault keys that this isolate accepts: one seals, all of them open. While a key is replaced there are two.
import { webHashing } from "../../core/capsule/web-hashing.ts";
import { vaultKeyIdOf } from "../../core/secrets/vault-key.ts";

const KEY_BYTES = 32;
const MAX_OTHER_KEYS = 8;
const MAX_CACHED = 16;

/** A part of Cloudflare.Env; spelled out, because Node's scripts and tests seal and open as well. */
export type VaultEnv = {
  readonly OURSYNTH_VAULT_KEY: string;
  readonly OURSYNTH_VAULT_KEYS_OTHER?: string;
};

export type VaultKey = {
  readonly id: string;
  readonly key: CryptoKey;
};

export type VaultKeys = {
  readonly current: VaultKey;
  /** The current one first. */
  readonly accepted: readonly VaultKey[];
};

/** A key that is missing or cannot be one. The message is one line and says what to do. */
export class VaultKeyError extends Error {
  override readonly name = "VaultKeyError";
}

const cached = new Map<string, Promise<VaultKey>>();

/**
 * The keys of `OURSYNTH_VAULT_KEY` (base64 of 32 bytes: seals and opens) and `OURSYNTH_VAULT_KEYS_OTHER` (the same,
 * comma-separated, may be absent: only open). Throws a VaultKeyError that never quotes a key.
 */
export async function readVaultKeys(env: VaultEnv): Promise<VaultKeys> {
  const others = (env.OURSYNTH_VAULT_KEYS_OTHER ?? "").split(",").flatMap((text) => text.trim() || []);
  if (others.length > MAX_OTHER_KEYS) {
    throw new VaultKeyError(
      `OURSYNTH_VAULT_KEYS_OTHER names ${others.length} keys; at most ${MAX_OTHER_KEYS} are taken.`,
    );
  }
  const current = await importKey(env.OURSYNTH_VAULT_KEY ?? "", "OURSYNTH_VAULT_KEY");
  const rest = await Promise.all(others.map((text) => importKey(text, "OURSYNTH_VAULT_KEYS_OTHER")));
  return { current, accepted: [current, ...rest.filter(({ id }) => id !== current.id)] };
}

function importKey(text: string, variable: string): Promise<VaultKey> {
  const known = cached.get(text);
  if (known !== undefined) return known;
  const bytes = new Uint8Array(Buffer.from(text, "base64"));
  if (bytes.byteLength !== KEY_BYTES) {
    const what =
      variable === "OURSYNTH_VAULT_KEY"
        ? "OURSYNTH_VAULT_KEY is missing or is not base64 of 32 bytes: set it as a secret (npx wrangler secret put OURSYNTH_VAULT_KEY)."
        : "OURSYNTH_VAULT_KEYS_OTHER holds something that is not base64 of 32 bytes: correct it or remove it.";
    throw new VaultKeyError(what);
  }
  if (cached.size >= MAX_CACHED) cached.clear();
  const imported = importBytes(bytes);
  cached.set(text, imported);
  return imported;
}

async function importBytes(bytes: Uint8Array<ArrayBuffer>): Promise<VaultKey> {
  const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  return { id: await vaultKeyIdOf(bytes, webHashing), key };
}
