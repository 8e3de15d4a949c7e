// Builds only what has changed, and only one build at a time in a checkout: two that start together would take each
// other's output away.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { exists, ROOT } from "./platform/state-folder.ts";
import { isRunning } from "./platform/state-lock.ts";

const LOCK = join(ROOT, ".generated", "build.lock");
const LOCK_POLL_MS = 200;
const LOCK_TIMEOUT_MS = 180_000;

export type BuildOnce = {
  /** Files and folders, from the root of the checkout: everything that can change what is built. */
  readonly inputs: readonly string[];
  /** Names below an input that do not count. */
  readonly ignored?: (path: string) => boolean;
  /** What is built; without it the stamp counts for nothing. */
  readonly output: string;
  readonly stampFile: string;
  readonly build: () => Promise<void>;
  readonly isForced?: boolean;
};

/** Builds unless the stamp says that the same inputs were built already. Whether it was built. */
export async function buildOnce(options: BuildOnce): Promise<boolean> {
  const { inputs, ignored, output, stampFile, build, isForced } = options;
  return await withLock(async () => {
    const stamp = await digestInputs(inputs, ignored ?? (() => false));
    const isBuilt = (await exists(output)) && (await readFile(stampFile, "utf8").catch(() => "")) === stamp;
    if (isBuilt && isForced !== true) return false;
    await build();
    await mkdir(dirname(stampFile), { recursive: true });
    await writeFile(stampFile, stamp);
    return true;
  });
}

async function digestInputs(inputs: readonly string[], ignored: (path: string) => boolean): Promise<string> {
  const hash = createHash("sha256").update(process.version);
  for (const input of [...inputs].sort()) {
    for (const path of (await listFiles(input)).sort()) {
      if (ignored(path)) continue;
      hash
        .update(`${path}\0`)
        .update(await readFile(join(ROOT, path)))
        .update("\0");
    }
  }
  return hash.digest("hex");
}

async function listFiles(input: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, input), { recursive: true, withFileTypes: true }).catch(
    () => null,
  );
  if (entries === null) return [input];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1));
}

async function withLock<Value>(run: () => Promise<Value>): Promise<Value> {
  await mkdir(dirname(LOCK), { recursive: true });
  const deadline = Date.now() + LOCK_TIMEOUT_MS;
  while (!(await takeLock())) {
    if (Date.now() > deadline)
      throw new Error(`Another build has held ${LOCK} for too long; remove it if none runs.`);
    await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  }
  try {
    return await run();
  } finally {
    await rm(LOCK, { force: true });
  }
}

/** The lock names its owner's process: one whose owner is gone is taken over. */
async function takeLock(): Promise<boolean> {
  try {
    await writeFile(LOCK, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    const owner = Number(await readFile(LOCK, "utf8").catch(() => ""));
    if (owner > 0 && !isRunning(owner)) await rm(LOCK, { force: true });
    return false;
  }
}
