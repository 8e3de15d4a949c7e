// `capsule pack --lint-tokens`: an app's colours and sizes stand in its tokens files, and nowhere else (docs/halo.md).
import { lintTokens, type TokenFinding } from "../../core/halo/lint-tokens.ts";
import { hasStyle } from "../../core/halo/style-text.ts";
import { CliError } from "../output/cli-error.ts";
import { formatCount } from "../output/format.ts";
import type { FoundFile } from "./walk-folder.ts";

/** Named in the message; the rest is counted. */
const MAX_NAMED = 50;

/** Lints each file that can hold CSS while packing reads it. */
export class StyleWatch {
  readonly #findings: TokenFinding[] = [];
  readonly #seen = new Set<string>();
  readonly #decoder = new TextDecoder();

  see(path: string, bytes: Uint8Array): void {
    if (!hasStyle(path)) return;
    this.#seen.add(path);
    for (const finding of lintTokens(path, this.#decoder.decode(bytes))) this.#findings.push(finding);
  }

  /** Throws a CliError with every finding by file and line; and with a file that was too large to be seen. */
  assertClean(found: readonly FoundFile[]): void {
    const unseen = found.filter(({ path }) => hasStyle(path) && !this.#seen.has(path));
    const fields = [
      ...this.#findings.map(({ file, line, column, value, hint }) => ({
        path: `${file}:${line}:${column}`,
        message: `${value} is written out. ${hint}`,
      })),
      ...unseen.map(({ path }) => ({ path, message: "is too large to be linted" })),
    ];
    if (fields.length === 0) return;
    const more = fields.length > MAX_NAMED ? ` The first ${MAX_NAMED} are named.` : "";
    throw new CliError(`${formatCount(fields.length, "raw value")} outside the app's tokens files.${more}`, {
      code: "raw-style",
      fields: fields.slice(0, MAX_NAMED),
      hint: "A tokens file is one called tokens.css or *.tokens.css, or one that declares custom properties and nothing else.",
    });
  }
}
