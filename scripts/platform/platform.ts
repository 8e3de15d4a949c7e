// One running local platform: built, migrated, owned, watched over.
import type { ChildProcess } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { connect } from "node:net";
import { makeFirstOwner, migrateDatabase } from "./first-owner.ts";
import { prepareState, type StateFolder } from "./state-folder.ts";
import { lockState, unlockState } from "./state-lock.ts";
import { ensureVaultKeys, type VaultKeyTexts } from "./vault-key-files.ts";
import { killDevServer, startDevServer, stopDevServer } from "./wrangler.ts";

const READY_TIMEOUT_MS = 90_000;
const POLL_MS = 150;
const WATCH_MS = 5_000;
/** How long the platform may be silent before it counts as hung. */
const HUNG_AFTER_MS = 12_000;
/** How much of what the runtime printed is shown when it does not start. */
const MAX_KEPT_OUTPUT = 8_000;

export type Platform = {
  readonly url: string;
  readonly token: string;
  /** Ends it with everything that it started. */
  stop(): Promise<void>;
  /** Kills it without a warning and starts it again, as a crash would. */
  crash(): Promise<void>;
};

export type PlatformOptions = {
  readonly state: StateFolder;
  /** One line for each thing that is being done. */
  readonly say: (line: string) => void;
  /** What the runtime itself prints. */
  readonly onOutput: (text: string) => void;
  /** Variables of the platform; those of this process when nothing is said. */
  readonly environment?: NodeJS.ProcessEnv;
};

/** Prepares the state folder and starts the platform; resolves when its health says that everything answers. */
export async function startPlatform({
  state,
  say,
  onOutput,
  environment = process.env,
}: PlatformOptions): Promise<Platform> {
  await refuseBusyPort(state.port);
  await mkdir(state.path, { recursive: true });
  let vaultKeys = await ensureVaultKeys(state, environment);
  await prepareState(state, environment, vaultKeys);
  await lockState(state);
  if (await migrateDatabase(state)) say("Migrated the database.");
  if (await makeFirstOwner(state)) say("Made the first owner and a token.");
  let printed = "";
  const start = (): ChildProcess =>
    startDevServer(state, (text) => {
      printed = (printed + text).slice(-MAX_KEPT_OUTPUT);
      onOutput(text);
    });
  let server = start();
  let isStopping = false;
  const restart = async (): Promise<void> => {
    await killDevServer(server);
    server = start();
    await waitUntilHealthy(state, server);
  };
  try {
    await waitUntilHealthy(state, server);
  } catch (error) {
    await stopDevServer(server);
    await unlockState(state);
    if (error instanceof VaultFault) throw error;
    throw new Error(`${error instanceof Error ? error.message : String(error)} It printed:\n${printed}`);
  }
  const onHung = async (): Promise<void> => {
    if (isStopping) return;
    say("The runtime hangs (an app's endless loop, most likely): starting it again.");
    await restart();
    say("Running again.");
  };
  /** Another vault key in the folder (scripts/rotate-vault-key.ts): the runtime reads its variables when it starts. */
  const takeVaultKeys = async (): Promise<void> => {
    const found = await ensureVaultKeys(state, process.env);
    if (isStopping || isSame(found, vaultKeys)) return;
    say("The vault's keys have changed: starting the runtime again with them.");
    vaultKeys = found;
    await prepareState(state, process.env, found);
    await stopDevServer(server);
    server = start();
    await waitUntilHealthy(state, server);
    say("Running again.");
  };
  const stopWatching = watch(state, onHung, takeVaultKeys);
  return {
    url: state.url,
    token: (await readFile(state.tokenFile, "utf8")).trim(),
    async stop() {
      isStopping = true;
      stopWatching();
      await stopDevServer(server);
      await unlockState(state);
    },
    crash: restart,
  };
}

async function waitUntilHealthy(state: StateFolder, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  let last = "it did not answer";
  while (Date.now() < deadline) {
    if (server.exitCode !== null) throw new Error("The runtime ended while it was starting.");
    const health = await askHealth(state, 2_000);
    if (health === "well") return;
    const fault = readVaultFault(health);
    if (fault !== null) throw new VaultFault(fault);
    last = health;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`The platform was not ready within ${READY_TIMEOUT_MS / 1_000} s: ${last}.`);
}

/** A vault key that does not fit: no waiting mends it. */
class VaultFault extends Error {}

/** The platform's own words on its vault key, when they are why it is not well. */
function readVaultFault(health: string): string | null {
  const start = health.indexOf("{");
  if (start < 0) return null;
  try {
    const { checks, detail } = JSON.parse(health.slice(start));
    return checks?.vault === false && typeof detail === "string" ? detail : null;
  } catch {
    return null;
  }
}

function isSame(a: VaultKeyTexts, b: VaultKeyTexts): boolean {
  return a.current === b.current && a.others.join() === b.others.join();
}

/**
 * Calls `onHung` when the platform has been silent for too long: local workerd enforces no CPU limit on apps. Between two
 * looks, `onQuiet`.
 */
function watch(state: StateFolder, onHung: () => Promise<void>, onQuiet: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | null = null;
  const look = async (): Promise<void> => {
    if ((await askHealth(state, HUNG_AFTER_MS)) === "silent")
      await onHung().catch((error) => console.error(error));
    else await onQuiet().catch((error) => console.error(error instanceof Error ? error.message : error));
    if (timer !== null) timer = setTimeout(look, WATCH_MS);
  };
  timer = setTimeout(look, WATCH_MS);
  return () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
}

async function askHealth(state: StateFolder, timeoutMs: number): Promise<"well" | "silent" | string> {
  try {
    const response = await fetch(`http://127.0.0.1:${state.port}/health`, {
      signal: AbortSignal.timeout(timeoutMs),
    });
    return response.ok ? "well" : `its health is ${await response.text()}`;
  } catch (error) {
    return error instanceof Error && error.name === "TimeoutError"
      ? "silent"
      : "it does not take connections";
  }
}

async function refuseBusyPort(port: number): Promise<void> {
  const isBusy = await new Promise<boolean>((resolve) => {
    const socket = connect({ host: "127.0.0.1", port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
  if (isBusy) {
    throw new Error(
      `Port ${port} is taken. Stop what runs there, or choose another: PORT=8790 npm start (PowerShell: $env:PORT=8790; npm start).`,
    );
  }
}
