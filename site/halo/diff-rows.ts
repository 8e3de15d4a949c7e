// A hunk's lines as rows: one side beside the other, and which words of a changed line differ.
import { diffWordsWithSpace } from "diff";
import type { DiffLine } from "./diff-hunks.ts";

/** A piece of a changed line. */
export type DiffPiece = { readonly text: string; readonly isChanged: boolean };

/** A line with its pieces. */
export type PiecedLine = DiffLine & { readonly pieces: readonly DiffPiece[] };

/** What stands on one height, when the sides lie beside one another. */
export type DiffRow = { readonly before: PiecedLine | null; readonly after: PiecedLine | null };

/** Longer lines are marked as a whole: their words say nothing, and comparing them takes long. */
const LINE_LENGTH_MAX = 1_000;
/** When less than this part of a line stayed, all of it counts as changed. */
const SHARED_PART_MIN = 0.3;

/** Pairs the lines of each change: the first removed with the first added, and so on. */
export function rowsOf(lines: readonly DiffLine[]): DiffRow[] {
  const rows: DiffRow[] = [];
  for (let index = 0; index < lines.length; ) {
    const line = lines[index];
    if (line === undefined) break;
    if (line.kind === "same") {
      rows.push({ before: whole(line, false), after: whole(line, false) });
      index++;
      continue;
    }
    const removed = takeWhile(lines, index, "removed");
    const added = takeWhile(lines, index + removed.length, "added");
    index += removed.length + added.length;
    for (let at = 0; at < Math.max(removed.length, added.length); at++)
      rows.push(pair(removed[at] ?? null, added[at] ?? null));
  }
  return rows;
}

/** The rows as one column: what went above what came, change by change. */
export function inlineLines(rows: readonly DiffRow[]): PiecedLine[] {
  const lines: PiecedLine[] = [];
  let added: PiecedLine[] = [];
  for (const { before, after } of rows) {
    if (before?.kind === "same") {
      lines.push(...added, before);
      added = [];
      continue;
    }
    if (before !== null) lines.push(before);
    if (after !== null) added.push(after);
  }
  return [...lines, ...added];
}

function takeWhile(lines: readonly DiffLine[], start: number, kind: DiffLine["kind"]): DiffLine[] {
  let end = start;
  while (lines[end]?.kind === kind) end++;
  return lines.slice(start, end);
}

function pair(before: DiffLine | null, after: DiffLine | null): DiffRow {
  const isComparable =
    before !== null && after !== null && Math.max(before.text.length, after.text.length) <= LINE_LENGTH_MAX;
  if (!isComparable) {
    return { before: before && whole(before, false), after: after && whole(after, false) };
  }
  const changes = diffWordsWithSpace(before.text, after.text);
  const sharedLength = changes
    .filter(({ added, removed }) => !added && !removed)
    .reduce((length, { value }) => length + value.trim().length, 0);
  const isAlike = sharedLength >= SHARED_PART_MIN * Math.min(before.text.length, after.text.length);
  if (!isAlike) return { before: whole(before, false), after: whole(after, false) };
  const piecesOf = (side: "removed" | "added") =>
    changes
      .filter((change) => change[side] || !(change.added || change.removed))
      .map((change) => ({ text: change.value, isChanged: change[side] }));
  return {
    before: { ...before, pieces: piecesOf("removed") },
    after: { ...after, pieces: piecesOf("added") },
  };
}

function whole(line: DiffLine, isChanged: boolean): PiecedLine {
  return { ...line, pieces: [{ text: line.text, isChanged }] };
}
