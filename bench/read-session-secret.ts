// What a platform of a bench's own signs its session cookies with.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { StateFolder } from "../scripts/platform/state-folder.ts";
import { sessionSecret } from "../workers/identity/session-secret.ts";

export async function readSessionSecret(state: StateFolder): Promise<string> {
  const vaultKey = await readFile(join(state.path, "vault-key"), "utf8");
  return await sessionSecret({ OURSYNTH_VAULT_KEY: vaultKey.trim() });
}
