// What DiffView shows: hunks of lines, made of two texts or read from a patch.
import { parsePatch } from "diff";
import { diffLines, type LineHunk } from "../../core/editing/diff-lines.ts";

/** One line of a hunk, with its number (from 1) on the sides that have it. */
export type DiffLine = {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
  readonly beforeNumber: number | null;
  readonly afterNumber: number | null;
};

/** Lines that stand together; `skippedCount` lines before it are the same on both sides and not shown. */
export type DiffHunk = { readonly skippedCount: number; readonly lines: readonly DiffLine[] };

/** How many lines around a change are shown. */
const CONTEXT_LINE_COUNT = 3;

/** The hunks between two texts. With `contextLineCount` Infinity every line is there. */
export function hunksOfTexts(
  before: string,
  after: string,
  contextLineCount = CONTEXT_LINE_COUNT,
): DiffHunk[] {
  const beforeLines = splitLines(before);
  const afterLines = splitLines(after);
  const groups = groupHunks(diffLines(beforeLines, afterLines), contextLineCount);
  let shownUpTo = 0;
  return groups.map((group) => {
    const first = group[0];
    const last = group.at(-1);
    if (first === undefined || last === undefined) return { skippedCount: 0, lines: [] };
    const start = Math.max(0, first.beforeStart - contextLineCount);
    const end = Math.min(beforeLines.length, last.beforeEnd + contextLineCount);
    const skippedCount = start - shownUpTo;
    shownUpTo = end;
    return { skippedCount, lines: linesOf(group, start, end, beforeLines, afterLines) };
  });
}

/** The hunks of a unified patch of one file (`git diff`'s form too); none when it has none. */
export function hunksOfPatch(patch: string): DiffHunk[] {
  const [file] = parsePatch(patch);
  let shownUpTo = 1;
  return (file?.hunks ?? []).map((hunk) => {
    let beforeNumber = hunk.oldStart;
    let afterNumber = hunk.newStart;
    const lines = hunk.lines.flatMap((line): DiffLine[] => {
      const text = line.slice(1);
      if (line.startsWith("-"))
        return [{ kind: "removed", text, beforeNumber: beforeNumber++, afterNumber: null }];
      if (line.startsWith("+"))
        return [{ kind: "added", text, beforeNumber: null, afterNumber: afterNumber++ }];
      // "\ No newline at end of file" is about a line, and none itself.
      if (line.startsWith("\\")) return [];
      return [{ kind: "same", text, beforeNumber: beforeNumber++, afterNumber: afterNumber++ }];
    });
    const skippedCount = Math.max(0, hunk.oldStart - shownUpTo);
    shownUpTo = beforeNumber;
    return { skippedCount, lines };
  });
}

/** How many lines came and went. */
export function countChanges(hunks: readonly DiffHunk[]): {
  readonly added: number;
  readonly removed: number;
} {
  const lines = hunks.flatMap((hunk) => hunk.lines);
  return {
    added: lines.filter(({ kind }) => kind === "added").length,
    removed: lines.filter(({ kind }) => kind === "removed").length,
  };
}

/** A text that ends with a line break has no empty last line. */
function splitLines(text: string): string[] {
  if (text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

/** Changes whose surroundings touch are shown as one. */
function groupHunks(hunks: readonly LineHunk[], contextLineCount: number): LineHunk[][] {
  const groups: LineHunk[][] = [];
  for (const hunk of hunks) {
    const last = groups.at(-1)?.at(-1);
    if (last !== undefined && hunk.beforeStart - last.beforeEnd <= 2 * contextLineCount)
      groups.at(-1)?.push(hunk);
    else groups.push([hunk]);
  }
  return groups;
}

function linesOf(
  group: readonly LineHunk[],
  start: number,
  end: number,
  beforeLines: readonly string[],
  afterLines: readonly string[],
): DiffLine[] {
  const lines: DiffLine[] = [];
  let before = start;
  let after = start + ((group[0]?.afterStart ?? 0) - (group[0]?.beforeStart ?? 0));
  const addSame = (until: number) => {
    for (; before < until; before++, after++)
      lines.push({
        kind: "same",
        text: beforeLines[before] ?? "",
        beforeNumber: before + 1,
        afterNumber: after + 1,
      });
  };
  for (const hunk of group) {
    addSame(hunk.beforeStart);
    for (; before < hunk.beforeEnd; before++)
      lines.push({
        kind: "removed",
        text: beforeLines[before] ?? "",
        beforeNumber: before + 1,
        afterNumber: null,
      });
    for (; after < hunk.afterEnd; after++)
      lines.push({
        kind: "added",
        text: afterLines[after] ?? "",
        beforeNumber: null,
        afterNumber: after + 1,
      });
  }
  addSame(end);
  return lines;
}
