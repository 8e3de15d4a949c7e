// One run of the command line: parse, act, and leave with the exit code that API.md promises.
import { CommanderError } from "commander";
import { resolveLocalhostHere } from "./http/localhost-lookup.ts";
import { EXIT_USAGE } from "./output/cli-error.ts";
import { Reporter } from "./output/reporter.ts";
import { createProgram } from "./program.ts";
import { CLI_VERSION } from "./version.ts";

const EXIT_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143 } as const;

/** @param args what stands behind the program's name. Sets process.exitCode; output is written out to its end. */
export async function main(args: readonly string[]): Promise<void> {
  resolveLocalhostHere();
  endQuietlyOnBrokenPipe();
  const isJson = args.includes("--json");
  // Only in front: further behind, `--version` is an option of a command.
  if (args[0] === "--version" || args[0] === "-V") {
    new Reporter(isJson).result({ version: CLI_VERSION }, [CLI_VERSION]);
    return;
  }
  const interruption = listenForSignals();
  const program = createProgram({
    environment: process.env,
    cwd: process.cwd(),
    signal: interruption.signal,
    setExitCode(exitCode) {
      process.exitCode = exitCode;
    },
  });
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    process.exitCode = report(error, new Reporter(isJson), interruption);
  } finally {
    interruption.stop();
  }
}

type Interruption = {
  readonly signal: AbortSignal;
  /** Null until a signal came. */
  exitCode(): number | null;
  stop(): void;
};

/** The first signal asks the command to end cleanly, the second ends it at once. */
function listenForSignals(): Interruption {
  const controller = new AbortController();
  let exitCode: number | null = null;
  const interrupt = (signal: keyof typeof EXIT_BY_SIGNAL): void => {
    if (exitCode !== null) process.exit(exitCode);
    exitCode = EXIT_BY_SIGNAL[signal];
    controller.abort();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    stop() {
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", interrupt);
    },
  };
}

function report(error: unknown, reporter: Reporter, interruption: Interruption): number {
  if (error instanceof CommanderError) {
    // Help and version end a run as well.
    if (error.exitCode === 0) return 0;
    const message = error.message.replace(/^error: /, "");
    if (reporter.isJson) reporter.result({ ok: false, error: message, code: "usage" }, []);
    return EXIT_USAGE;
  }
  const exitCode = interruption.exitCode();
  if (exitCode === null) return reporter.failure(error);
  reporter.note("Interrupted.");
  if (reporter.isJson) reporter.result({ ok: false, error: "Interrupted.", code: "interrupted" }, []);
  return exitCode;
}

/** `oursynth timeline | head` closes the pipe early; that is no failure. */
function endQuietlyOnBrokenPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  }
}
