// A failure that the command line expects: one clear sentence, and what to do next.
import type { FieldError } from "../../schemas/problem.ts";

export const EXIT_FAILED = 1;
/** Usage, or not decidable. */
export const EXIT_USAGE = 2;

export type CliErrorOptions = {
  /** What to do next. */
  readonly hint?: string;
  readonly exitCode?: typeof EXIT_FAILED | typeof EXIT_USAGE;
  /** Which fields were wrong, as the platform or a schema names them. */
  readonly fields?: readonly FieldError[];
  readonly code?: string;
  /** More members for `--json`, such as the platform's whole problem document. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
};

export class CliError extends Error {
  readonly hint: string | null;
  readonly exitCode: number;
  readonly fields: readonly FieldError[];
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, options: CliErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "CliError";
    this.hint = options.hint ?? null;
    this.exitCode = options.exitCode ?? EXIT_FAILED;
    this.fields = options.fields ?? [];
    this.details = options.details ?? {};
    this.code = options.code ?? (this.exitCode === EXIT_USAGE ? "usage" : "failed");
  }
}

/** The person asked for something that cannot be understood: exit 2. */
export function usageError(message: string, hint?: string): CliError {
  return new CliError(message, { exitCode: EXIT_USAGE, ...(hint === undefined ? {} : { hint }) });
}

/** The error code of a failed system call (`ENOENT` …), or null. */
export function systemCodeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
