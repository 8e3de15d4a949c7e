// The private keys that a platform made for its projects, opened out of its own database: to look for them everywhere else.
import { DatabaseSync } from "node:sqlite";
import { signingKeyName } from "../../adapters/vault/secret-name.ts";
import { openSecret } from "../../adapters/vault/vault.ts";
import type { Canary } from "./needles.ts";
import { listFiles } from "./search-outputs.ts";

/** The platform that had it open may be a moment behind its own end. */
const LOCK_WAIT_MS = 15_000;

type KeyRow = { orgId: string; projectId: string; keyId: string; sealed: string };

/** @param vaultKeys the current one and those that it replaced, in base64 */
export async function openProjectKeySeeds(
  statePath: string,
  vaultKeys: readonly string[],
): Promise<Canary[]> {
  const [current = "", ...others] = vaultKeys;
  const env = { OURSYNTH_VAULT_KEY: current, OURSYNTH_VAULT_KEYS_OTHER: others.join(",") };
  const seeds: Canary[] = [];
  for (const { orgId: organizationId, projectId, keyId, sealed } of await readKeyRows(statePath)) {
    const name = signingKeyName({ organizationId, projectId }, keyId);
    seeds.push({ name: `the seed of the key of ${projectId}`, value: await openSecret(env, name, sealed) });
  }
  return seeds;
}

async function readKeyRows(statePath: string): Promise<KeyRow[]> {
  const files = (await listFiles(statePath)).filter((path) => path.endsWith(".sqlite"));
  return files.flatMap((path) => {
    const database = new DatabaseSync(path, { timeout: LOCK_WAIT_MS });
    try {
      const found = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'project_keys'").all();
      if (found.length === 0) return [];
      return database
        .prepare("SELECT orgId, projectId, keyId, sealed FROM project_keys")
        .all() as unknown as KeyRow[];
    } finally {
      database.close();
    }
  });
}
