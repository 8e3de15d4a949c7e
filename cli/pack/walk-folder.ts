// Finds the files of a folder that are to be packed, in the order of the manifest (CAPSULE.md C4, C5, C9).
import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { isNeverPacked } from "../../core/capsule/capsule-files.ts";
import { CAPSULE_LIMITS } from "../../core/capsule/limits.ts";
import { checkPath, comparePaths } from "../../core/capsule/path.ts";
import type { FieldError } from "../../schemas/problem.ts";
import { CliError, systemCodeOf } from "../output/cli-error.ts";
import type { IgnoreRules } from "./ignore-rules.ts";

export type FoundFile = {
  /** As the manifest has it: relative, `/`-separated, NFC. */
  readonly path: string;
  /** Where it lies on this disk. */
  readonly location: string;
  /** When it was found; only its reading decides. */
  readonly sizeBytes: number;
  readonly isExecutable: boolean;
  /** The path of a followed symlink's target, which the secret rules look at as well. */
  readonly targetPath: string | null;
};

export type WalkOptions = {
  readonly folder: string;
  readonly isIgnored: IgnoreRules;
  readonly followSymlinks: boolean;
};

/** Windows has no mode bits for this. */
const HAS_MODE_BITS = process.platform !== "win32";
const EXECUTABLE_BITS = 0o111;
const REPLACEMENT_CHARACTER = "\ufffd";
const MAX_PROBLEMS = 50;

/** Throws a CliError that names every symlink, device and impossible name at once. */
export function walkFolder(options: WalkOptions): readonly FoundFile[] {
  const walk = new Walk(options);
  walk.enter(options.folder, "", [walk.root]);
  return walk.conclude();
}

class Walk {
  readonly root: string;
  readonly #options: WalkOptions;
  readonly #found: FoundFile[] = [];
  readonly #links: string[] = [];
  readonly #problems: FieldError[] = [];

  constructor(options: WalkOptions) {
    this.#options = options;
    this.root = realpathSync(options.folder);
  }

  /** @param ancestors the real folders above: a followed link back to one of them would never end */
  enter(location: string, path: string, ancestors: readonly string[]): void {
    const entries = readdirSync(location, { withFileTypes: true });
    for (const entry of entries) {
      const entryPath = path === "" ? entry.name.normalize("NFC") : `${path}/${entry.name.normalize("NFC")}`;
      this.#visit(entry, join(location, entry.name), entryPath, ancestors);
    }
  }

  conclude(): readonly FoundFile[] {
    if (this.#links.length > 0) {
      throw new CliError("A capsule stores no symbolic links, and this folder has some.", {
        code: "symlink",
        fields: this.#links.sort().map((path) => ({ path, message: "is a symbolic link" })),
        hint: "Copy what they point at, name them in .capsuleignore, or pack with --follow-symlinks.",
      });
    }
    if (this.#problems.length > 0) {
      throw new CliError("Some of the folder cannot be packed.", {
        code: "unpackable",
        fields: this.#problems.slice(0, MAX_PROBLEMS),
        hint: "Rename or remove it, or name it in .capsuleignore.",
      });
    }
    return this.#found.sort((a, b) => comparePaths(a.path, b.path));
  }

  #visit(entry: Dirent, location: string, path: string, ancestors: readonly string[]): void {
    if (this.#options.isIgnored(path, entry.isDirectory())) return;
    const problem = problemOfName(path, entry);
    if (problem !== null) this.#problems.push({ path, message: problem });
    else if (entry.isSymbolicLink()) this.#visitLink(location, path, ancestors);
    else if (entry.isDirectory()) this.enter(location, path, [...ancestors, realpathSync(location)]);
    else if (entry.isFile()) this.#addFile(location, path, statSync(location), null);
    else this.#problems.push({ path, message: "is neither a file nor a folder" });
  }

  #visitLink(location: string, path: string, ancestors: readonly string[]): void {
    if (!this.#options.followSymlinks) {
      this.#links.push(path);
      return;
    }
    const target = resolveLink(location);
    const targetPath = target === null ? null : pathInside(this.root, target);
    if (target === null) {
      this.#problems.push({ path, message: "is a symbolic link that leads nowhere" });
    } else if (targetPath === null) {
      this.#problems.push({ path, message: "is a symbolic link that leaves the folder" });
    } else if (isNeverPacked(targetPath) || ancestors.includes(target)) {
      this.#problems.push({ path, message: `is a symbolic link to ${targetPath || "the folder itself"}` });
    } else {
      const stats = statSync(target);
      if (stats.isDirectory()) {
        // As a folder it can match rules that it did not match as a link.
        if (!this.#options.isIgnored(path, true)) this.enter(target, path, [...ancestors, target]);
      } else if (stats.isFile()) this.#addFile(target, path, stats, targetPath);
      else this.#problems.push({ path, message: "is a symbolic link to neither a file nor a folder" });
    }
  }

  #addFile(location: string, path: string, stats: Stats, targetPath: string | null): void {
    if (this.#found.length >= CAPSULE_LIMITS.fileCount) {
      throw new CliError(`The folder has more than ${CAPSULE_LIMITS.fileCount} files.`, {
        code: "limit",
        hint: "Name what does not belong to the app in .capsuleignore.",
      });
    }
    if (stats.size > CAPSULE_LIMITS.fileBytes)
      this.#problems.push({ path, message: `is larger than ${CAPSULE_LIMITS.fileBytes} bytes` });
    const isExecutable = HAS_MODE_BITS && (stats.mode & EXECUTABLE_BITS) !== 0;
    this.#found.push({ path, location, sizeBytes: stats.size, isExecutable, targetPath });
  }
}

/** Folders are judged as well: one with a bad name would spoil every path below it. */
function problemOfName(path: string, entry: Dirent): string | null {
  if (entry.name.includes(REPLACEMENT_CHARACTER)) return "has a name that is not valid UTF-8";
  const checked = checkPath(path);
  return checked.ok ? null : checked.reason.message;
}

function resolveLink(location: string): string | null {
  try {
    return realpathSync(location);
  } catch (error) {
    if (["ENOENT", "ELOOP", "ENOTDIR"].includes(systemCodeOf(error) ?? "")) return null;
    throw error;
  }
}

/** The `/`-separated path of a place inside the folder, `""` for the folder itself, null for one outside. */
function pathInside(root: string, location: string): string | null {
  const path = relative(root, location);
  if (path === "..") return null;
  const isOutside = path.startsWith(`..${sep}`) || /^(?:[A-Za-z]:|[\\/])/.test(path);
  return isOutside ? null : path.split(sep).join("/");
}
