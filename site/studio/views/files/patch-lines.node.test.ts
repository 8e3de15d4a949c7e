// Patches as the API gives them, as lines to be shown.
import { describe, expect, test } from "vitest";
import { splitLines } from "../../../../core/editing/text-lines.ts";
import { formatHunks } from "../../../../core/editing/unified-diff.ts";
import { countLines, pairLines, readPatch } from "./patch-lines.ts";

const BEFORE = "a\nb\nc\nd\n";
const AFTER = "a\nB\nB2\nc\nd";

function patchOf(before: string, after: string): string {
  return `diff --git a/f b/f\n--- a/f\n+++ b/f\n${formatHunks(splitLines(before), splitLines(after))}`;
}

describe("a patch as lines", () => {
  test("numbers both sides, and the lines of each side are its text", () => {
    const lines = readPatch(patchOf(BEFORE, AFTER));
    const side = (kind: "removed" | "added") =>
      lines.flatMap((line) => (line.kind === "same" || line.kind === kind ? [line] : []));
    expect(side("removed").map(({ text }) => text)).toEqual(["a", "b", "c", "d"]);
    expect(side("removed").map(({ before }) => before)).toEqual([1, 2, 3, 4]);
    expect(side("added").map(({ text }) => text)).toEqual(["a", "B", "B2", "c", "d"]);
    expect(side("added").map(({ after }) => after)).toEqual([1, 2, 3, 4, 5]);
    expect(side("added").at(-1)?.isUnended).toBe(true);
    expect(side("removed").at(-1)?.isUnended).toBe(false);
    expect(countLines(patchOf(BEFORE, AFTER))).toEqual({ added: 3, removed: 2 });
  });

  test("a line of the text that looks like a patch's head is a line of the text", () => {
    const lines = readPatch(patchOf("-- a\n@@ -1 +1 @@\n", "++ b\n@@ -1 +1 @@\n"));
    expect(lines.filter(({ kind }) => kind === "hunk")).toHaveLength(1);
    expect(lines.map(({ text }) => text).slice(1)).toEqual(["-- a", "++ b", "@@ -1 +1 @@"]);
  });

  test("two columns set what came beside what went", () => {
    const pairs = pairLines(readPatch(patchOf("a\nb\nc\n", "a\nB\nB2\nc\n")));
    expect(
      pairs.map((pair) =>
        pair.kind === "hunk" ? "@" : `${pair.before?.text ?? "–"}|${pair.after?.text ?? "–"}`,
      ),
    ).toEqual(["@", "a|a", "b|B", "–|B2", "c|c"]);
  });

  test("a new file and an emptied one have lines on one side only", () => {
    expect(countLines(patchOf("", "x\ny\n"))).toEqual({ added: 2, removed: 0 });
    expect(countLines(patchOf("x\n", ""))).toEqual({ added: 0, removed: 1 });
    expect(readPatch("")).toEqual([]);
  });
});
