// What every command is given: where to speak, what it runs in, and how to be interrupted.
import { type Command, InvalidArgumentError } from "commander";
import type { ConnectionOptions, Environment } from "./http/connection.ts";
import type { Reporter } from "./output/reporter.ts";

export type CommandContext = {
  readonly reporter: Reporter;
  readonly environment: Environment;
  readonly cwd: string;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** --url, --token and --project. */
  readonly connection: ConnectionOptions;
  /** For an answer that is no error: a capsule that does not verify, a deploy that would be refused. */
  setExitCode(exitCode: number): void;
};

/** Gives a command's context once its options are known. */
export type ContextOf = (command: Command) => CommandContext;

/** For options that may be given several times. */
export function collect(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

/** For options that are whole numbers from 0 on. */
export function parseWholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError("It must be a whole number.");
}

/** The lines that --help ends with. */
export function examples(...lines: readonly string[]): string {
  return `\nExample${lines.length === 1 ? "" : "s"}:\n${lines.map((line) => `  ${line}`).join("\n")}\n`;
}
