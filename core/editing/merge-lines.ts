// Three-way merge of lines (diff3): what one side changed is taken, what both changed differently is a conflict.
import { diffLines, type LineHunk } from "./diff-lines.ts";

export type MergedRegion =
  | { readonly kind: "merged"; readonly lines: readonly string[] }
  | {
      readonly kind: "conflict";
      readonly base: readonly string[];
      readonly ours: readonly string[];
      readonly theirs: readonly string[];
    };

type Lines = readonly string[];

/**
 * The regions in order. Changes that touch, with no line between that both kept, are one region, as in git: a line
 * that both sides kept stands in a merged region. Swapping the sides swaps the sides of conflicts and nothing else.
 */
export function mergeLines(base: Lines, ours: Lines, theirs: Lines): MergedRegion[] {
  const oursSide = new SideCursor(ours, diffLines(base, ours));
  const theirsSide = new SideCursor(theirs, diffLines(base, theirs));
  const regions: MergedRegion[] = [];
  let position = 0;
  for (let start = nextStart(oursSide, theirsSide); start !== null; start = nextStart(oursSide, theirsSide)) {
    if (start > position) regions.push({ kind: "merged", lines: base.slice(position, start) });
    oursSide.begin(start);
    theirsSide.begin(start);
    let end = start;
    for (let grown = -1; grown !== end; ) {
      grown = end;
      end = theirsSide.takeUpTo(oursSide.takeUpTo(end));
    }
    regions.push(resolve(base.slice(start, end), oursSide.linesTo(end), theirsSide.linesTo(end)));
    position = end;
  }
  if (position < base.length) regions.push({ kind: "merged", lines: base.slice(position) });
  return regions;
}

export function hasConflict(regions: readonly MergedRegion[]): boolean {
  return regions.some((region) => region.kind === "conflict");
}

/** The text of the regions; conflicts stand between the markers that `git merge` with diff3 style writes. */
export function formatRegions(regions: readonly MergedRegion[]): string {
  const parts = regions.flatMap((region) =>
    region.kind === "merged"
      ? region.lines
      : [
          "<<<<<<< ours\n",
          ...region.ours.map(endLine),
          "||||||| base\n",
          ...region.base.map(endLine),
          "=======\n",
          ...region.theirs.map(endLine),
          ">>>>>>> theirs\n",
        ],
  );
  return parts.join("");
}

/** Walks one side's hunks along the base. */
class SideCursor {
  readonly #lines: Lines;
  readonly #hunks: readonly LineHunk[];
  #nextIndex = 0;
  /** What to add to a position in the base that stands behind all taken hunks. */
  #shift = 0;
  #regionStart = 0;

  constructor(lines: Lines, hunks: readonly LineHunk[]) {
    this.#lines = lines;
    this.#hunks = hunks;
  }

  get start(): number | null {
    return this.#hunks[this.#nextIndex]?.beforeStart ?? null;
  }

  begin(baseStart: number): void {
    this.#regionStart = baseStart + this.#shift;
  }

  /** Takes every hunk that begins at or before `end`; gives the end of the region with them in it. */
  takeUpTo(end: number): number {
    let reached = end;
    for (let hunk = this.#hunks[this.#nextIndex]; hunk !== undefined; hunk = this.#hunks[this.#nextIndex]) {
      if (hunk.beforeStart > reached) break;
      reached = Math.max(reached, hunk.beforeEnd);
      this.#shift = hunk.afterEnd - hunk.beforeEnd;
      this.#nextIndex++;
    }
    return reached;
  }

  linesTo(baseEnd: number): Lines {
    return this.#lines.slice(this.#regionStart, baseEnd + this.#shift);
  }
}

function nextStart(ours: SideCursor, theirs: SideCursor): number | null {
  if (ours.start === null || theirs.start === null) return ours.start ?? theirs.start;
  return Math.min(ours.start, theirs.start);
}

function resolve(base: Lines, ours: Lines, theirs: Lines): MergedRegion {
  if (equalLines(ours, theirs) || equalLines(base, theirs)) return { kind: "merged", lines: ours };
  if (equalLines(base, ours)) return { kind: "merged", lines: theirs };
  return { kind: "conflict", base, ours, theirs };
}

function equalLines(a: Lines, b: Lines): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index]);
}

function endLine(line: string): string {
  return line.endsWith("\n") ? line : `${line}\n`;
}
