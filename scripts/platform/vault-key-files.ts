// The vault keys of a local platform: files in its state folder that only their owner may read. Everything sealed there
// hangs on them.
import { randomBytes } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { exists, type StateFolder, writePrivate } from "./state-folder.ts";

export type VaultKeyTexts = {
  /** Base64 of 32 bytes. */
  readonly current: string;
  /** Keys that only open; while the current one is new. */
  readonly others: readonly string[];
};

const KEY_BYTES = 32;
const CURRENT_FILE = "vault-key";
const OTHERS_FILE = "vault-keys-other";

export function newVaultKey(): string {
  return randomBytes(KEY_BYTES).toString("base64");
}

/** Null when there is no current key. */
export async function readVaultKeyFiles(state: StateFolder): Promise<VaultKeyTexts | null> {
  const current = await readLines(join(state.path, CURRENT_FILE));
  if (current.length === 0) return null;
  return { current: current.join(""), others: await readLines(join(state.path, OTHERS_FILE)) };
}

/** The others first: cut off between the two, no key is lost. */
export async function writeVaultKeyFiles(state: StateFolder, keys: VaultKeyTexts): Promise<void> {
  const others = join(state.path, OTHERS_FILE);
  if (keys.others.length > 0) await writePrivate(others, `${keys.others.join("\n")}\n`);
  await writePrivate(join(state.path, CURRENT_FILE), `${keys.current}\n`);
  if (keys.others.length === 0) await rm(others, { force: true });
}

/**
 * From `OURSYNTH_VAULT_KEY` and `OURSYNTH_VAULT_KEYS_OTHER`, else from the files; a folder that is new gets a key.
 * Throws in one line when a key is lost or cannot be one.
 */
export async function ensureVaultKeys(
  state: StateFolder,
  environment: NodeJS.ProcessEnv,
): Promise<VaultKeyTexts> {
  const { OURSYNTH_VAULT_KEY: given, OURSYNTH_VAULT_KEYS_OTHER: givenOthers = "" } = environment;
  const keys =
    given === undefined
      ? ((await readVaultKeyFiles(state)) ?? (await makeFirstKey(state)))
      : { current: given, others: givenOthers.split(",").flatMap((text) => text.trim() || []) };
  if ([keys.current, ...keys.others].every((text) => Buffer.from(text, "base64").length === KEY_BYTES)) {
    return keys;
  }
  const where = given === undefined ? `The vault key in ${state.path}` : "OURSYNTH_VAULT_KEY";
  throw new Error(`${where} is not base64 of 32 bytes; restore it, or begin with a new folder.`);
}

/** Only for a folder in which nothing can be sealed yet: another key than the lost one opens nothing. */
async function makeFirstKey(state: StateFolder): Promise<VaultKeyTexts> {
  if (await exists(state.tokenFile)) {
    throw new Error(
      `The vault key ${join(state.path, CURRENT_FILE)} is missing, and what is in this folder is sealed with it; restore it, or begin with a new folder.`,
    );
  }
  const keys = { current: newVaultKey(), others: [] };
  await writeVaultKeyFiles(state, keys);
  return keys;
}

async function readLines(path: string): Promise<string[]> {
  if (!(await exists(path))) return [];
  return (await readFile(path, "utf8")).split("\n").flatMap((line) => line.trim() || []);
}
