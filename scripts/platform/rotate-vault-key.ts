// Replaces the vault key of a local platform that is running, or goes on with a replacement that was begun. What an
// operator does on Cloudflare stands in docs/operating.md.
import { setTimeout as delay } from "node:timers/promises";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { OLD_KEY_GRACE_MS, vaultKeyIdOf } from "../../core/secrets/vault-key.ts";
import { SCHEDULED_PATH } from "./local-schedule.ts";
import type { StateFolder } from "./state-folder.ts";
import { newVaultKey, readVaultKeyFiles, type VaultKeyTexts, writeVaultKeyFiles } from "./vault-key-files.ts";
import { runWrangler } from "./wrangler.ts";

type Check = {
  readonly vaultKeyId: string;
  readonly createdAt: number;
  readonly remainingCount: number | null;
};

const TAKE_TIMEOUT_MS = 60_000;
const RUN_TIMEOUT_MS = 600_000;
/** 1,000 values a run: more than a laptop ever holds. */
const MAX_RUNS = 1_000;

/** @param say one line for each step; throws with one line on what is in the way */
export async function rotateVaultKey(state: StateFolder, say: (line: string) => void): Promise<void> {
  const before = await requireKeyFiles(state);
  await requireRunning(state);
  const known = new Set((await readChecks(state)).map(({ vaultKeyId }) => vaultKeyId));
  const isBegun = before.others.length > 0 && known.size > 1;
  if (!isBegun) {
    await writeVaultKeyFiles(state, { current: newVaultKey(), others: [before.current, ...before.others] });
    say("Made a new vault key; the one before still opens what it sealed.");
  }
  const keys = await requireKeyFiles(state);
  const currentId = await idOf(keys.current);
  say(`Waiting until the platform has taken the key ${currentId} …`);
  await waitUntilTaken(state, currentId);
  for (let run = 1; run <= MAX_RUNS; run += 1) {
    await callSchedule(state);
    const checks = await readChecks(state);
    const left = checks.find(({ vaultKeyId }) => vaultKeyId !== currentId)?.remainingCount ?? 0;
    say(
      left === 0
        ? "Everything is wrapped by the new key."
        : `${left} sealed values are left under old keys …`,
    );
    if (left === 0) return say(describeEnd(checks, currentId));
  }
  throw new Error(
    "The old key still wraps something after so many runs; what `npm start` printed says what.",
  );
}

/** Removes the old keys from the folder, once nothing is left under them. */
export async function forgetOldVaultKeys(state: StateFolder, say: (line: string) => void): Promise<void> {
  const keys = await requireKeyFiles(state);
  if (keys.others.length === 0) return say("There is no old vault key here.");
  await requireRunning(state);
  await callSchedule(state);
  const currentId = await idOf(keys.current);
  const checks = await readChecks(state);
  if (checks.some(({ vaultKeyId }) => vaultKeyId !== currentId))
    throw new Error(describeEnd(checks, currentId));
  await writeVaultKeyFiles(state, { current: keys.current, others: [] });
  say(
    "The old vault key is gone; the platform goes on with the new one within seconds. Backups made before need the old one.",
  );
}

function describeEnd(checks: readonly Check[], currentId: string): string {
  const left = checks.filter(({ vaultKeyId }) => vaultKeyId !== currentId);
  const ids = left.map(({ vaultKeyId }) => vaultKeyId).join(", ");
  if (left.length === 0) return `The old vault key may be removed: ${FORGET}.`;
  const count = Math.max(...left.map(({ remainingCount }) => remainingCount ?? 1));
  if (count > 0)
    return `${count} values are still sealed with ${ids}: node scripts/run.mjs rotate-vault-key goes on with them.`;
  const begunAt = checks.find(({ vaultKeyId }) => vaultKeyId === currentId)?.createdAt ?? Date.now();
  const time = new Date(begunAt + OLD_KEY_GRACE_MS).toLocaleTimeString();
  return `Nothing is sealed with ${ids} any more. What was begun with it ends by ${time}; after that it may be removed: ${FORGET}.`;
}

const FORGET = "node scripts/run.mjs rotate-vault-key --forget-old";

async function requireKeyFiles(state: StateFolder): Promise<VaultKeyTexts> {
  if (process.env.OURSYNTH_VAULT_KEY !== undefined) {
    throw new Error(
      "The vault key comes from OURSYNTH_VAULT_KEY: put the new one there, the old one into OURSYNTH_VAULT_KEYS_OTHER, and start the platform again; it re-wraps by itself every 15 minutes.",
    );
  }
  const keys = await readVaultKeyFiles(state);
  if (keys !== null) return keys;
  throw new Error(`There is no vault key in ${state.path}; npm start makes one.`);
}

async function requireRunning(state: StateFolder): Promise<void> {
  const isWell = await fetch(`http://127.0.0.1:${state.port}/health`, {
    signal: AbortSignal.timeout(5_000),
  }).then(
    (response) => response.ok,
    () => false,
  );
  if (!isWell)
    throw new Error(`No platform answers at ${state.url}: start it first (npm start), in another terminal.`);
}

/** `npm start` looks at the key's file every 5 s; the first look at its health with the new key notes that key. */
async function waitUntilTaken(state: StateFolder, vaultKeyId: string): Promise<void> {
  const deadline = Date.now() + TAKE_TIMEOUT_MS;
  while (Date.now() < deadline) {
    await requireRunning(state).catch(() => undefined);
    if ((await readChecks(state)).some((check) => check.vaultKeyId === vaultKeyId)) return;
    await delay(500);
  }
  throw new Error("The running platform did not take the new key; stop it, start it again, and repeat this.");
}

async function callSchedule(state: StateFolder): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${state.port}${SCHEDULED_PATH}?cron=rewrap`, {
    signal: AbortSignal.timeout(RUN_TIMEOUT_MS),
  });
  const outcome = await response.text();
  if (!response.ok)
    throw new Error(`The re-wrapping ended with "${outcome}"; what \`npm start\` printed says why.`);
}

async function readChecks(state: StateFolder): Promise<readonly Check[]> {
  const query = "SELECT vaultKeyId, createdAt, remainingCount FROM vault_checks ORDER BY createdAt";
  const database = ["d1", "execute", "oursynth", "--local", `--persist-to=${state.path}`];
  const printed = await runWrangler(state, [...database, "--json", `--command=${query}`]);
  const [{ results = [] } = {}]: { results?: Check[] }[] = JSON.parse(printed.slice(printed.indexOf("[")));
  return results;
}

async function idOf(text: string): Promise<string> {
  return await vaultKeyIdOf(new Uint8Array(Buffer.from(text, "base64")), nodeHashing);
}
