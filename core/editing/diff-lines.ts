// Which lines two texts share: common ends, then lines that are unique in both (patience), then Myers between those.
import { diffArrays } from "diff";

/** Lines `[beforeStart, beforeEnd)` became `[afterStart, afterEnd)`. Two hunks have a shared line between them. */
export type LineHunk = {
  readonly beforeStart: number;
  readonly beforeEnd: number;
  readonly afterStart: number;
  readonly afterEnd: number;
};

type Range = LineHunk;
type Pair = { readonly before: number; readonly after: number };

/** Myers takes time and memory with the square of it. Beyond, what lies between two anchors counts as replaced. */
const MAX_EDIT_LENGTH = 1_000;
/** How often a range is divided. A text can be made so that each division takes only one line off. */
const MAX_DEPTH = 64;
const UNMATCHED = -1;

/** The hunks in order; none when the lines are equal. */
export function diffLines(before: readonly string[], after: readonly string[]): LineHunk[] {
  const ids = new Map<string, number>();
  const beforeIds = internLines(before, ids);
  const afterIds = internLines(after, ids);
  const matches = new Int32Array(before.length).fill(UNMATCHED);
  let level: Range[] = [{ beforeStart: 0, beforeEnd: before.length, afterStart: 0, afterEnd: after.length }];
  for (let depth = 0; level.length > 0; depth++) {
    const nextLevel: Range[] = [];
    for (const range of level) {
      const inner = matchEnds(range, beforeIds, afterIds, matches);
      if (inner.beforeStart === inner.beforeEnd || inner.afterStart === inner.afterEnd) continue;
      const anchors = depth < MAX_DEPTH ? findAnchors(inner, beforeIds, afterIds) : [];
      if (anchors.length === 0) matchByMyers(inner, beforeIds, afterIds, matches);
      else for (const part of divide(inner, anchors, matches)) nextLevel.push(part);
    }
    level = nextLevel;
  }
  return toHunks(matches, after.length);
}

function internLines(lines: readonly string[], ids: Map<string, number>): Int32Array {
  return Int32Array.from(lines, (line) => {
    const known = ids.get(line);
    if (known !== undefined) return known;
    ids.set(line, ids.size);
    return ids.size - 1;
  });
}

/** Matches the lines that both begin and end with, and gives what lies between. */
function matchEnds(range: Range, before: Int32Array, after: Int32Array, matches: Int32Array): Range {
  let { beforeStart, beforeEnd, afterStart, afterEnd } = range;
  while (beforeStart < beforeEnd && afterStart < afterEnd && before[beforeStart] === after[afterStart]) {
    matches[beforeStart++] = afterStart++;
  }
  while (beforeEnd > beforeStart && afterEnd > afterStart && before[beforeEnd - 1] === after[afterEnd - 1]) {
    matches[--beforeEnd] = --afterEnd;
  }
  return { beforeStart, beforeEnd, afterStart, afterEnd };
}

/** Lines that stand once on either side, as many as keep their order. */
function findAnchors(range: Range, before: Int32Array, after: Int32Array): Pair[] {
  const beforeIndexes = indexUnique(before, range.beforeStart, range.beforeEnd);
  const pairs: Pair[] = [];
  for (const [id, index] of indexUnique(after, range.afterStart, range.afterEnd)) {
    const beforeIndex = beforeIndexes.get(id);
    if (index !== null && beforeIndex !== undefined && beforeIndex !== null) {
      pairs.push({ before: beforeIndex, after: index });
    }
  }
  return longestRising(pairs.sort((a, b) => a.after - b.after));
}

/** By line: where it stands, or null when it stands there twice. */
function indexUnique(ids: Int32Array, start: number, end: number): Map<number, number | null> {
  const indexes = new Map<number, number | null>();
  for (let index = start; index < end; index++) {
    const id = ids[index] ?? UNMATCHED;
    indexes.set(id, indexes.has(id) ? null : index);
  }
  return indexes;
}

/** The longest run of pairs, ordered by `after`, whose `before` rises too (patience sorting). */
function longestRising(pairs: readonly Pair[]): Pair[] {
  const tails: number[] = [];
  const previous = new Int32Array(pairs.length).fill(UNMATCHED);
  for (const [index, pair] of pairs.entries()) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[tails[middle] ?? 0]?.before ?? 0) < pair.before) low = middle + 1;
      else high = middle;
    }
    if (low > 0) previous[index] = tails[low - 1] ?? UNMATCHED;
    tails[low] = index;
  }
  const rising: Pair[] = [];
  for (let index = tails.at(-1) ?? UNMATCHED; index !== UNMATCHED; index = previous[index] ?? UNMATCHED) {
    const pair = pairs[index];
    if (pair !== undefined) rising.push(pair);
  }
  return rising.reverse();
}

/** Matches the anchors and gives the ranges between them. */
function divide(range: Range, anchors: readonly Pair[], matches: Int32Array): Range[] {
  const ranges: Range[] = [];
  let { beforeStart, afterStart } = range;
  for (const anchor of anchors) {
    ranges.push({ beforeStart, beforeEnd: anchor.before, afterStart, afterEnd: anchor.after });
    matches[anchor.before] = anchor.after;
    beforeStart = anchor.before + 1;
    afterStart = anchor.after + 1;
  }
  ranges.push({ ...range, beforeStart, afterStart });
  return ranges;
}

function matchByMyers(range: Range, before: Int32Array, after: Int32Array, matches: Int32Array): void {
  let beforeIndex = range.beforeStart;
  let afterIndex = range.afterStart;
  const changes = diffArrays(
    Array.from(before.subarray(range.beforeStart, range.beforeEnd)),
    Array.from(after.subarray(range.afterStart, range.afterEnd)),
    { maxEditLength: MAX_EDIT_LENGTH },
  );
  for (const { added, removed, count } of changes ?? []) {
    if (!added && !removed) {
      for (let step = 0; step < count; step++) matches[beforeIndex + step] = afterIndex + step;
    }
    if (!added) beforeIndex += count;
    if (!removed) afterIndex += count;
  }
}

function toHunks(matches: Int32Array, afterCount: number): LineHunk[] {
  const hunks: LineHunk[] = [];
  let beforeStart = 0;
  let afterStart = 0;
  for (let index = 0; index <= matches.length; index++) {
    const match = index === matches.length ? afterCount : (matches[index] ?? UNMATCHED);
    if (match === UNMATCHED) continue;
    if (index > beforeStart || match > afterStart) {
      hunks.push({ beforeStart, beforeEnd: index, afterStart, afterEnd: match });
    }
    beforeStart = index + 1;
    afterStart = match + 1;
  }
  return hunks;
}
