// Runs the command line as a person does: as a process of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

export type CliRun = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };

export type CliOptions = {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Piped into it; without it there is none. */
  readonly stdin?: string | Uint8Array;
  readonly onStart?: (child: ChildProcess) => void;
  readonly onStdout?: (stdout: string, child: ChildProcess) => void;
};

const BIN = join(import.meta.dirname, "..", "bin", "oursynth.mjs");
/** What a developer's own shell sets must not decide a test. */
const CLEARED = ["CAPSULE_SECRET", "CAPSULE_PUBLIC", "SOURCE_DATE_EPOCH", "OURSYNTH_URL", "OURSYNTH_TOKEN"];

export function runCli(args: readonly string[], options: CliOptions): Promise<CliRun> {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    OURSYNTH_STATE: join(options.cwd, "no-state"),
    OURSYNTH_CONFIG: join(options.cwd, "no-config"),
  };
  for (const name of [...CLEARED, "OURSYNTH_PROJECT", "FORCE_COLOR"]) delete env[name];
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: options.cwd,
    env: { ...env, NO_COLOR: "1", ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  // A program that ends early closes its end of the pipe.
  child.stdin.on("error", () => undefined).end(options.stdin);
  options.onStart?.(child);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    options.onStdout?.(stdout, child);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
