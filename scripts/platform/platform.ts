// One running local platform: built, migrated, owned, watched over.
import type { ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { makeFirstOwner, migrateDatabase } from "./first-owner.ts";
import { prepareState, type StateFolder } from "./state-folder.ts";
import { lockState, unlockState } from "./state-lock.ts";
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
  await prepareState(state, environment);
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
    throw new Error(`${error instanceof Error ? error.message : String(error)} It printed:\n${printed}`);
  }
  const stopWatching = watch(state, async () => {
    if (isStopping) return;
    say("The runtime hangs (an app's endless loop, most likely): starting it again.");
    await restart();
    say("Running again.");
  });
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
    last = health;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`The platform was not ready within ${READY_TIMEOUT_MS / 1_000} s: ${last}.`);
}

/** Calls `onHung` when the platform has been silent for too long: local workerd enforces no CPU limit on apps. */
function watch(state: StateFolder, onHung: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | null = null;
  const look = async (): Promise<void> => {
    if ((await askHealth(state, HUNG_AFTER_MS)) === "silent")
      await onHung().catch((error) => console.error(error));
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
