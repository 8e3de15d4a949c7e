// What of a folder is not packed: CAPSULE.md C9, and what `.capsuleignore` names in the syntax of .gitignore.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import ignore from "ignore";
import { isNeverPacked } from "../../core/capsule/capsule-files.ts";
import { systemCodeOf } from "../output/cli-error.ts";

const IGNORE_FILE = ".capsuleignore";

/** Whether a path (relative, `/`-separated) is left out. */
export type IgnoreRules = (path: string, isFolder: boolean) => boolean;

/** Reads `.capsuleignore` at the root of the folder; there need not be one. */
export async function readIgnoreRules(folder: string): Promise<IgnoreRules> {
  // Case counts on every system alike: same folder, same bytes (CAPSULE.md C10).
  const rules = ignore({ ignorecase: false, allowRelativePaths: true }).add(await readIgnoreFile(folder));
  return (path, isFolder) => isNeverPacked(path) || rules.ignores(isFolder ? `${path}/` : path);
}

async function readIgnoreFile(folder: string): Promise<string> {
  try {
    return await readFile(join(folder, IGNORE_FILE), "utf8");
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return "";
    throw error;
  }
}
