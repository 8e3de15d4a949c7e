// Hunks in the unified format that `git apply` and `patch` read, and their strict application.
import { fail, ok, type Result } from "../../schemas/result.ts";
import { diffLines, type LineHunk } from "./diff-lines.ts";

export type PatchReason = { readonly code: "malformed" | "does-not-fit"; readonly message: string };

const CONTEXT_LINES = 3;
const NO_NEWLINE = "\\ No newline at end of file\n";
const HUNK_HEADER = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** The hunks of two texts' lines with three lines of context; empty when they are equal. */
export function formatHunks(before: readonly string[], after: readonly string[]): string {
  return groupHunks(diffLines(before, after))
    .map((group) => formatGroup(group, before, after))
    .join("");
}

/**
 * Applies hunks to the lines they were made of. Every context and removed line must stand exactly where the header
 * says: no fuzz, no offset.
 */
export function applyHunks(
  before: readonly string[],
  patchLines: readonly string[],
): Result<string, PatchReason> {
  const output: string[] = [];
  let position = 0;
  for (let index = 0; index < patchLines.length; ) {
    const header = HUNK_HEADER.exec(patchLines[index] ?? "");
    if (header === null) return malformed(index);
    const beforeCount = Number(header[2] ?? 1);
    const start = Number(header[1]) - (beforeCount === 0 ? 0 : 1);
    if (start < position || start > before.length) return misfit(start);
    for (; position < start; position++) output.push(before[position] ?? "");
    let left = { before: beforeCount, after: Number(header[4] ?? 1) };
    for (index++; left.before > 0 || left.after > 0; ) {
      const { sign, content, nextIndex } = readPatchLine(patchLines, index);
      if (content === null || !" +-".includes(sign)) return malformed(index);
      if (sign !== "+" && before[position++] !== content) return misfit(position);
      if (sign !== "-") output.push(content);
      left = { before: left.before - (sign === "+" ? 0 : 1), after: left.after - (sign === "-" ? 0 : 1) };
      index = nextIndex;
    }
    if (left.before < 0 || left.after < 0) return malformed(index);
  }
  for (; position < before.length; position++) output.push(before[position] ?? "");
  return ok(output.join(""));
}

/** Hunks whose context would meet stand under one header. */
function groupHunks(hunks: readonly LineHunk[]): LineHunk[][] {
  const groups: LineHunk[][] = [];
  for (const hunk of hunks) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group !== undefined && last !== undefined && hunk.beforeStart - last.beforeEnd <= 2 * CONTEXT_LINES) {
      group.push(hunk);
    } else groups.push([hunk]);
  }
  return groups;
}

function formatGroup(
  group: readonly LineHunk[],
  before: readonly string[],
  after: readonly string[],
): string {
  const [first] = group;
  const last = group.at(-1);
  if (first === undefined || last === undefined) return "";
  const lead = Math.min(CONTEXT_LINES, first.beforeStart);
  const trail = Math.min(CONTEXT_LINES, before.length - last.beforeEnd);
  const lines: string[] = [];
  let position = first.beforeStart - lead;
  for (const { beforeStart, beforeEnd, afterStart, afterEnd } of group) {
    pushLines(lines, " ", before, position, beforeStart);
    pushLines(lines, "-", before, beforeStart, beforeEnd);
    pushLines(lines, "+", after, afterStart, afterEnd);
    position = beforeEnd;
  }
  pushLines(lines, " ", before, position, last.beforeEnd + trail);
  const beforeRange = formatRange(first.beforeStart - lead, last.beforeEnd + trail);
  const afterRange = formatRange(first.afterStart - lead, last.afterEnd + trail);
  return `@@ -${beforeRange} +${afterRange} @@\n${lines.join("")}`;
}

function pushLines(lines: string[], sign: string, from: readonly string[], start: number, end: number): void {
  for (let index = start; index < end; index++) {
    const line = from[index] ?? "";
    lines.push(line.endsWith("\n") ? sign + line : `${sign}${line}\n${NO_NEWLINE}`);
  }
}

/** Lines count from 1; an empty range names the line in front of it. */
function formatRange(start: number, end: number): string {
  const count = end - start;
  if (count === 1) return `${start + 1}`;
  return `${count === 0 ? start : start + 1},${count}`;
}

function readPatchLine(
  lines: readonly string[],
  index: number,
): { readonly sign: string; readonly content: string | null; readonly nextIndex: number } {
  const line = lines[index];
  if (line === undefined || line === "") return { sign: "", content: null, nextIndex: index };
  const isUnended = lines[index + 1]?.startsWith("\\") === true;
  const content = isUnended ? line.slice(1, -1) : line.slice(1);
  return { sign: line.charAt(0), content, nextIndex: index + (isUnended ? 2 : 1) };
}

function malformed(index: number): Result<never, PatchReason> {
  return fail({ code: "malformed", message: `line ${index + 1} of the patch is not as it should be` });
}

function misfit(position: number): Result<never, PatchReason> {
  return fail({ code: "does-not-fit", message: `the patch does not fit at line ${position}` });
}
