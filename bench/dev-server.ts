// A `wrangler dev` of a bench's own, beside the platform's: the same runner with next to nothing in it.
import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { findFreePort } from "../scripts/platform/free-port.ts";
import { ROOT } from "../scripts/platform/state-folder.ts";
import { stopDevServer } from "../scripts/platform/wrangler.ts";

const WRANGLER = join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js");
const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 100;

export type DevServer = { readonly port: number; stop(): Promise<void> };

/**
 * Starts it and waits until it answers.
 * @param folder where it keeps its state and logs, and where it is started
 * @param commandLine what follows `wrangler dev`
 */
export async function startBenchServer(folder: string, commandLine: readonly string[]): Promise<DevServer> {
  await mkdir(folder, { recursive: true });
  const port = await findFreePort();
  const places = [
    "--ip=127.0.0.1",
    `--port=${port}`,
    "--inspector-port=0",
    `--persist-to=${join(folder, "state")}`,
  ];
  const quiet = ["--log-level=warn", "--show-interactive-dev-session=false"];
  const child = spawn(process.execPath, [WRANGLER, "dev", ...places, ...quiet, ...commandLine], {
    cwd: folder,
    env: {
      ...process.env,
      CI: "1",
      WRANGLER_SEND_METRICS: "false",
      WRANGLER_SEND_ERROR_REPORTS: "false",
      WRANGLER_HIDE_BANNER: "true",
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
      X_LOCAL_EXPLORER: "false",
      X_LOCAL_OBSERVABILITY: "false",
      WRANGLER_LOG_PATH: join(folder, "logs"),
      WRANGLER_REGISTRY_PATH: join(folder, "registry"),
    },
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output = `${output}${chunk}`.slice(-4_000);
    });
  }
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!(await answers(port))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stopDevServer(child);
      throw new Error(`the bench's own server did not start:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return { port, stop: () => stopDevServer(child) };
}

/**
 * Starts one of the benches' own Workers, bundled once: an edit of its sources does not restart it in mid-measurement.
 * @param source the folder with its `worker.ts` and `wrangler.toml`
 * @param added what is added to its configuration
 */
export async function startBenchWorker(folder: string, source: string, added = ""): Promise<DevServer> {
  // Apart from the state and the logs: the runner watches the Worker's folder.
  const workerFolder = join(folder, "worker");
  const config = join(workerFolder, "wrangler.toml");
  await build({
    entryPoints: [join(source, "worker.ts")],
    outfile: join(workerFolder, "worker.js"),
    bundle: true,
    format: "esm",
    target: "es2024",
    conditions: ["workerd"],
    external: ["cloudflare:*", "node:*"],
  });
  await writeFile(
    config,
    `no_bundle = true\n${await readFile(join(source, "wrangler.toml"), "utf8")}${added}`,
  );
  return await startBenchServer(folder, [`--config=${config}`]);
}

async function answers(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
