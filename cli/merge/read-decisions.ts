// How the conflicts of a merge are decided on the command line.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { MergeDecision } from "../../schemas/capsule-merge.ts";
import { CliError, messageOf, usageError } from "../output/cli-error.ts";

export type DecisionOptions = {
  readonly ours?: readonly string[] | undefined;
  readonly theirs?: readonly string[] | undefined;
  /** `PATH=FILE` each. */
  readonly take?: readonly string[] | undefined;
};

/** Decisions by path. What `--take` names is a text for a file, and JSON for a field. */
export async function readDecisions(
  options: DecisionOptions,
  cwd: string,
): Promise<ReadonlyMap<string, MergeDecision>> {
  const decisions = new Map<string, MergeDecision>();
  const decide = (path: string, decision: MergeDecision): void => {
    if (decisions.has(path)) throw usageError(`${path} is decided twice.`, "Decide each conflict once.");
    decisions.set(path, decision);
  };
  for (const path of options.ours ?? []) decide(path, "ours");
  for (const path of options.theirs ?? []) decide(path, "theirs");
  for (const assignment of options.take ?? []) {
    const cut = assignment.indexOf("=");
    if (cut <= 0) throw usageError(`--take ${assignment} names no file.`, "Write --take PATH=FILE.");
    const path = assignment.slice(0, cut);
    decide(path, { content: await readContent(path, resolve(cwd, assignment.slice(cut + 1))) });
  }
  return decisions;
}

async function readContent(path: string, file: string): Promise<unknown> {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await readFile(file));
    return path.startsWith("/") ? JSON.parse(text) : text;
  } catch (error) {
    throw new CliError(`${file} cannot be taken for ${path}: ${messageOf(error)}`, {
      hint: path.startsWith("/") ? "A field's value is JSON." : "A file's content is text in UTF-8.",
      cause: error,
    });
  }
}
