// What the command line says, and where: results to stdout, words and progress to stderr.
import { styleText } from "node:util";
import { SingleBar } from "cli-progress";
import { maskSecrets } from "../../core/capsule/secret-scan.ts";
import type { FieldError } from "../../schemas/problem.ts";
import { CliError, EXIT_FAILED, messageOf } from "./cli-error.ts";
import { printable } from "./format.ts";

type Style = "green" | "red" | "yellow" | "bold" | "dim";

export type Progress = { update(doneCount: number, totalCount: number): void; stop(): void };

/** Streams are arguments so that tests can listen. */
export type ReporterStreams = { readonly stdout: NodeJS.WriteStream; readonly stderr: NodeJS.WriteStream };

/** Fewer than this are done before a bar could be read. */
const BAR_FROM_COUNT = 20;

export class Reporter {
  readonly isJson: boolean;
  readonly #streams: ReporterStreams;

  constructor(isJson: boolean, streams: ReporterStreams = process) {
    this.isJson = isJson;
    this.#streams = streams;
  }

  /** Whether a person reads the results, and no file or program does. */
  get isTerminal(): boolean {
    return this.#streams.stdout.isTTY === true;
  }

  /** The command's result: `value` as one JSON value with --json, else `lines`. */
  result(value: unknown, lines: readonly string[]): void {
    if (this.isJson) this.#streams.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    else for (const line of lines) this.#streams.stdout.write(`${line}\n`);
  }

  /** One of many results as they come: a line, or with --json one JSON value on one line. */
  stream(value: unknown, line: string): void {
    this.#streams.stdout.write(`${this.isJson ? JSON.stringify(value) : line}\n`);
  }

  /** A result line while a command is still at work; nothing with --json, whose one value comes at the end. */
  say(line: string): void {
    if (!this.isJson) this.#streams.stdout.write(`${line}\n`);
  }

  /** Words on the way. */
  note(text: string): void {
    this.#streams.stderr.write(`${text}\n`);
  }

  warn(text: string): void {
    this.note(`${this.styleWords("yellow", "warning:")} ${text}`);
  }

  /**
   * Shows a failure on stderr, and as the one JSON value with --json. Gives the exit code.
   * A message often quotes what was wrong: a secret in it is replaced by its rule's name (CAPSULE.md C8).
   */
  failure(error: unknown): number {
    const known = error instanceof CliError ? error : null;
    const message = maskSecrets(printable(messageOf(error)));
    const shownFields = (known?.fields ?? []).map(({ path, message: reason }) => ({
      path: maskSecrets(path),
      message: maskSecrets(reason),
    }));
    this.note(`${this.styleWords("red", "error:")} ${message}`);
    for (const { path, message: reason } of shownFields.filter((field) => !isSaid(field, message)))
      this.note(`  ${path === "" ? "" : `${printable(path)}: `}${printable(reason)}`);
    if (known?.hint) this.note(maskSecrets(known.hint));
    if (known === null && error instanceof Error && process.env.OURSYNTH_DEBUG !== undefined)
      this.note(maskSecrets(error.stack ?? ""));
    if (this.isJson) {
      const fields = shownFields.length === 0 ? {} : { errors: shownFields };
      const hint = known?.hint ? { hint: maskSecrets(known.hint) } : {};
      this.result(
        { ...known?.details, ok: false, error: message, code: known?.code ?? "failed", ...fields, ...hint },
        [],
      );
    }
    return known?.exitCode ?? EXIT_FAILED;
  }

  /** A bar on a terminal, and silence elsewhere. It appears with the first count that is worth one. */
  progress(label: string): Progress {
    let bar: SingleBar | null = null;
    return {
      update: (doneCount, totalCount) => {
        if (!this.#streams.stderr.isTTY || totalCount < BAR_FROM_COUNT) return;
        bar ??= this.#startBar(label, totalCount);
        bar.update(doneCount);
      },
      stop: () => bar?.stop(),
    };
  }

  /** Colour for stdout; left out when it is no terminal, and when NO_COLOR asks for it. */
  style(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#streams.stdout });
  }

  styleWords(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#streams.stderr });
  }

  #startBar(label: string, totalCount: number): SingleBar {
    const bar = new SingleBar({
      format: `${label} {bar} {value}/{total}`,
      stream: this.#streams.stderr,
      clearOnComplete: true,
      barsize: 30,
    });
    bar.start(totalCount, 0);
    return bar;
  }
}

/** The platform's sentence names the first field and what is wrong with it: once is enough. */
function isSaid({ path, message }: FieldError, sentence: string): boolean {
  return sentence.includes(path) && sentence.includes(message);
}
