// Whether the vault keys that this Worker was given are those that its data is sealed with. Asked before anything is
// served: a platform that ran on with another key would seal new values beside old ones that nobody can open.
import { findAnySealed } from "../database/sealed-values.ts";
import { addVaultCheck, listVaultChecks, type VaultCheck } from "../database/vault-checks.ts";
import { vaultCheckName } from "./secret-name.ts";
import { findVaultKeyOf, openSecret, sealUnder } from "./vault.ts";
import { readVaultKeys, type VaultEnv, type VaultKey, VaultKeyError, type VaultKeys } from "./vault-keys.ts";

export type CheckedEnv = VaultEnv & Pick<Cloudflare.Env, "DB">;

const CHECK_TEXT = "this platform's secrets are sealed with this vault key";

/**
 * Gives null when the keys fit, else one line on what is wrong and what to do. The first look of all seals the check
 * value; the first with a new key beside the old one adds its own. Rejects when D1 does not answer.
 */
export async function findVaultFault(env: CheckedEnv): Promise<string | null> {
  let keys: VaultKeys;
  try {
    keys = await readVaultKeys(env);
  } catch (error) {
    if (error instanceof VaultKeyError) return error.message;
    throw error;
  }
  const checks = await listVaultChecks(env.DB);
  const acceptedIds = new Set(keys.accepted.map(({ id }) => id));
  const missing = checks.filter(({ vaultKeyId }) => !acceptedIds.has(vaultKeyId));
  if (missing.length > 0) return describeMissing(keys, checks, missing);
  if (checks.length === 0) return await beginChecks(env, keys);
  for (const { vaultKeyId, checkValue } of checks) {
    const text = await openSecret(env, vaultCheckName(vaultKeyId), checkValue);
    if (new TextDecoder().decode(text) !== CHECK_TEXT) throw new Error("a check value says something else");
  }
  if (!checks.some(({ vaultKeyId }) => vaultKeyId === keys.current.id)) await addCheck(env, keys.current);
  return null;
}

/** No check value yet: nothing is sealed, or it was sealed before there were check values. */
async function beginChecks(env: CheckedEnv, { current, accepted }: VaultKeys): Promise<string | null> {
  const sealed = await findAnySealed(env.DB);
  const usedKeyId = sealed === null ? current.id : await findVaultKeyOf(env, sealed.name, sealed.sealed);
  const used = accepted.find(({ id }) => id === usedKeyId);
  if (used === undefined) {
    return `OURSYNTH_VAULT_KEY (${current.id}) is not the key that this platform's secrets are sealed with: restore that key.`;
  }
  if (used.id !== current.id) await addCheck(env, used);
  await addCheck(env, current);
  return null;
}

async function addCheck(env: CheckedEnv, key: VaultKey): Promise<void> {
  const checkValue = await sealUnder(key, vaultCheckName(key.id), new TextEncoder().encode(CHECK_TEXT));
  await addVaultCheck(env.DB, { vaultKeyId: key.id, checkValue, createdAt: Date.now() });
}

function describeMissing(
  { current }: VaultKeys,
  checks: readonly VaultCheck[],
  missing: readonly VaultCheck[],
): string {
  const ids = missing.map(({ vaultKeyId }) => vaultKeyId).join(", ");
  if (missing.length === checks.length) {
    return `OURSYNTH_VAULT_KEY is another key (${current.id}) than the one that this platform's secrets are sealed with (${ids}): restore that key, or give it in OURSYNTH_VAULT_KEYS_OTHER to replace it by this one.`;
  }
  return `Values may still be sealed with the vault key ${ids}, which was not given: add it to OURSYNTH_VAULT_KEYS_OTHER until the re-wrapping says that it may be removed.`;
}
