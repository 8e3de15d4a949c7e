import { createTwoFilesPatch } from "diff";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countChanges, type DiffHunk, hunksOfPatch, hunksOfTexts } from "./diff-hunks.ts";
import { inlineLines, rowsOf } from "./diff-rows.ts";

const text = fc
  .array(fc.constantFrom("a", "b", "c", "d", ""), { maxLength: 30 })
  .map((lines) => lines.map((line) => `${line}\n`).join(""));

/** One side of a diff that shows every line. */
function sideOf(hunks: readonly DiffHunk[], side: "removed" | "added"): string {
  const lines = hunks.flatMap((hunk) => hunk.lines).filter(({ kind }) => kind === "same" || kind === side);
  return lines.map((line) => `${line.text}\n`).join("");
}

describe("hunks", () => {
  test("show three lines around a change, and count what is skipped", () => {
    const before = Array.from({ length: 20 }, (_, index) => `${index}\n`).join("");
    const [hunk, ...others] = hunksOfTexts(before, before.replace("\n10\n", "\nten\n"));
    expect(others).toEqual([]);
    expect(hunk?.skippedCount).toBe(7);
    expect(hunk?.lines.map(({ kind, text: line }) => `${kind[0]}${line}`)).toEqual([
      "s7",
      "s8",
      "s9",
      "r10",
      "aten",
      "s11",
      "s12",
      "s13",
    ]);
    expect(hunk?.lines.at(-1)).toMatchObject({ beforeNumber: 14, afterNumber: 14 });
  });

  test("of two texts give both texts back when every line is shown", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after);
        const hunks = hunksOfTexts(before, after, Number.POSITIVE_INFINITY);
        expect(sideOf(hunks, "removed")).toBe(before);
        expect(sideOf(hunks, "added")).toBe(after);
      }),
    );
  });

  test("carry the number that each line has in its text", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const [beforeLines, afterLines] = [before.split("\n"), after.split("\n")];
        for (const line of hunksOfTexts(before, after).flatMap((hunk) => hunk.lines)) {
          if (line.beforeNumber !== null) expect(beforeLines[line.beforeNumber - 1]).toBe(line.text);
          if (line.afterNumber !== null) expect(afterLines[line.afterNumber - 1]).toBe(line.text);
        }
      }),
    );
  });

  test("of equal texts there are none", () => {
    expect(hunksOfTexts("a\nb\n", "a\nb\n")).toEqual([]);
    expect(hunksOfTexts("", "")).toEqual([]);
  });

  test("are read from a patch with the same changes, and from git's form", () => {
    const [before, after] = ["a\nb\nc\nd\ne\nf\n", "a\nb\nC\nd\ne\nf"];
    const patch = createTwoFilesPatch("a.txt", "a.txt", before, after);
    expect(countChanges(hunksOfPatch(patch))).toEqual({ added: 2, removed: 2 });
    const git = `diff --git a/a.txt b/a.txt\nindex 1..2 100644\n${patch.slice(patch.indexOf("---"))}`;
    expect(hunksOfPatch(git)).toEqual(hunksOfPatch(patch));
    expect(hunksOfPatch("")).toEqual([]);
  });
});

describe("rows", () => {
  const rows = (before: string, after: string) =>
    hunksOfTexts(before, after).flatMap(({ lines }) => rowsOf(lines));

  test("a changed line stands beside what it became, with the words that changed", () => {
    const [row] = rows("let total = 1;\n", "let total = 2;\n");
    expect(row?.before?.pieces.filter(({ isChanged }) => isChanged)).toEqual([
      { text: "1", isChanged: true },
    ]);
    expect(row?.after?.pieces.map(({ text: piece }) => piece).join("")).toBe("let total = 2;");
  });

  test("lines that have nothing in common are not compared word by word", () => {
    const [row] = rows("alpha beta gamma\n", "one two three four\n");
    expect(row?.before?.pieces).toEqual([{ text: "alpha beta gamma", isChanged: false }]);
  });

  test("in one column nothing is lost, and what goes stands above what comes", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        for (const { lines } of hunksOfTexts(before, after)) {
          const column = inlineLines(rowsOf(lines)).map(({ pieces: _, ...line }) => line);
          expect(column).toEqual(lines);
        }
      }),
    );
  });
});
