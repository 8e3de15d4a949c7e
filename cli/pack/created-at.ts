// When a capsule was made, so that the same input gives the same bytes (CAPSULE.md C7, C10).
import { usageError } from "../output/cli-error.ts";
import type { GitWorkTree } from "./git-work-tree.ts";

export type CreatedAt = {
  /** Milliseconds since the epoch. */
  readonly timeMs: number;
  readonly source: "manifest" | "SOURCE_DATE_EPOCH" | "git" | "clock";
};

/** In order: the authored manifest, SOURCE_DATE_EPOCH (seconds), the commit of a clean work tree, the clock. */
export function chooseCreatedAt(
  authored: number | undefined,
  sourceDateEpoch: string | undefined,
  workTree: GitWorkTree | null,
  now: () => number,
): CreatedAt {
  if (authored !== undefined) return { timeMs: authored, source: "manifest" };
  if (sourceDateEpoch !== undefined && sourceDateEpoch !== "") {
    return { timeMs: parseSourceDateEpoch(sourceDateEpoch), source: "SOURCE_DATE_EPOCH" };
  }
  if (workTree?.isClean) return { timeMs: workTree.commitTimeMs, source: "git" };
  return { timeMs: now(), source: "clock" };
}

function parseSourceDateEpoch(text: string): number {
  const timeMs = Number(text) * 1_000;
  if (/^\d+$/.test(text) && Number.isSafeInteger(timeMs)) return timeMs;
  throw usageError(
    `SOURCE_DATE_EPOCH is ${JSON.stringify(text)}.`,
    "It must be seconds since 1970 as a whole number.",
  );
}
