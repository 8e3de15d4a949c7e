// Starts wrangler itself (not through npx, which would leave workerd behind when it is killed), offline and quiet.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { ROOT, type StateFolder } from "./state-folder.ts";

const WRANGLER = join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js");

function offlineEnvironment(state: StateFolder): NodeJS.ProcessEnv {
  return {
    ...process.env,
    CI: "1",
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_SEND_ERROR_REPORTS: "false",
    WRANGLER_HIDE_BANNER: "true",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    X_LOCAL_EXPLORER: "false",
    // It would keep every request and every line of every app on disk, for ever.
    X_LOCAL_OBSERVABILITY: "false",
    ASTRO_TELEMETRY_DISABLED: "1",
    WRANGLER_LOG_PATH: join(state.path, "logs"),
    WRANGLER_REGISTRY_PATH: join(state.path, "registry"),
  };
}

/** Runs a wrangler command to its end and gives what it printed; throws with that when it fails. */
export async function runWrangler(state: StateFolder, commandLine: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [WRANGLER, ...commandLine], {
    cwd: ROOT,
    env: offlineEnvironment(state),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`wrangler ${commandLine.slice(0, 3).join(" ")} failed:\n${output}`);
  return output;
}

/** Starts `wrangler dev` on the state folder; its output goes to `onOutput`. */
export function startDevServer(state: StateFolder, onOutput: (text: string) => void): ChildProcess {
  const child = spawn(
    process.execPath,
    [
      WRANGLER,
      "dev",
      "--ip=127.0.0.1",
      `--port=${state.port}`,
      "--inspector-port=0",
      `--persist-to=${state.path}`,
      `--env-file=${state.variablesFile}`,
      "--log-level=warn",
      "--show-interactive-dev-session=false",
    ],
    {
      cwd: ROOT,
      env: offlineEnvironment(state),
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, so that wrangler and its workerd can be ended together.
      detached: process.platform !== "win32",
    },
  );
  child.stdout.on("data", (chunk: Buffer) => onOutput(chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => onOutput(chunk.toString()));
  return child;
}

/** Ends a server and everything it started without asking, as a crash would. */
export async function killDevServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const closed = once(child, "close");
  signalTree(child.pid, "SIGKILL");
  await closed;
}

/** Ends a server and everything it started. */
export async function stopDevServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const closed = once(child, "close");
  signalTree(child.pid, "SIGTERM");
  const force = setTimeout(() => signalTree(child.pid ?? 0, "SIGKILL"), 3_000);
  await closed;
  clearTimeout(force);
  // A workerd that hangs in an app's endless loop outlives its parent's polite request.
  signalTree(child.pid, "SIGKILL");
}

function signalTree(pid: number, signal: NodeJS.Signals): void {
  if (process.platform === "win32") {
    spawn("taskkill", ["/pid", String(pid), "/T", "/F"], { stdio: "ignore" });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
