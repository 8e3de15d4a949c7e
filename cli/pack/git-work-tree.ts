// What git knows of a folder: the commit it stands on, and whether it stands there unchanged (CAPSULE.md C7, S6).
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { ResourceDescriptor } from "../../schemas/statement.ts";

export type GitWorkTree = {
  readonly commit: string;
  readonly commitTimeMs: number;
  /** Nothing that would be packed differs from the commit. */
  readonly isClean: boolean;
  /** Where it is fetched from, without user or password; null when git names no place that others can reach. */
  readonly remoteUrl: string | null;
};

const run = promisify(execFile);
const TIMEOUT_MS = 20_000;
const MAX_OUTPUT_BYTES = 16 * 1_048_576;

/**
 * Null where there is no git, no commit, or nothing of the folder is in it.
 * @param isIgnored what is not packed does not make a folder unclean; takes a path relative to the folder
 */
export async function readGitWorkTree(
  folder: string,
  isIgnored: (path: string) => boolean,
): Promise<GitWorkTree | null> {
  const head = await git(folder, ["log", "-1", "--format=%H %ct"]);
  const tracked = head === null ? null : await git(folder, ["ls-files", "-z", "--", "."]);
  const prefix = await git(folder, ["rev-parse", "--show-prefix"]);
  const status = await git(folder, [
    "status",
    "--porcelain=v1",
    "-z",
    "--no-renames",
    "--untracked-files=all",
    "--",
    ".",
  ]);
  const [commit, seconds] = head?.trim().split(" ") ?? [];
  if (commit === undefined || seconds === undefined || !tracked || prefix === null || status === null)
    return null;
  return {
    commit,
    commitTimeMs: Number(seconds) * 1_000,
    isClean: changedPaths(status, prefix.trim()).every(isIgnored),
    remoteUrl: publicUrl(await git(folder, ["remote", "get-url", "origin"])),
  };
}

/** The commit as a resolved dependency of SLSA provenance. */
export function describeCommit({ commit, isClean, remoteUrl }: GitWorkTree): ResourceDescriptor {
  return {
    ...(remoteUrl === null ? {} : { uri: `git+${remoteUrl}@${commit}` }),
    digest: { gitCommit: commit },
    annotations: { isClean },
  };
}

/** Null when git is missing or refuses. Nothing that a repository's own configuration names is run. */
async function git(folder: string, args: readonly string[]): Promise<string | null> {
  try {
    const { stdout } = await run("git", ["-c", "core.fsmonitor=false", "-C", folder, ...args], {
      timeout: TIMEOUT_MS,
      maxBuffer: MAX_OUTPUT_BYTES,
      windowsHide: true,
      env: { ...process.env, LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0" },
    });
    return stdout;
  } catch {
    return null;
  }
}

/** Paths relative to the folder; git gives them relative to the root of the work tree. */
function changedPaths(status: string, prefix: string): string[] {
  const lines = status.split("\0").filter((line) => line.length > 3);
  return lines
    .map((line) => line.slice(3))
    .map((path) => (path.startsWith(prefix) ? path.slice(prefix.length) : path));
}

/** Remotes often carry a token; it must not end up in a signed statement. */
function publicUrl(remote: string | null): string | null {
  const text = remote?.trim() ?? "";
  const scpForm = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)(.+)$/.exec(text);
  if (scpForm !== null && !/^[A-Za-z]$/.test(scpForm[1] ?? "")) return `ssh://${scpForm[1]}/${scpForm[2]}`;
  const url = URL.parse(text);
  if (url === null || !["https:", "http:", "ssh:", "git:"].includes(url.protocol)) return null;
  return `${url.protocol}//${url.host}${url.pathname}`;
}
