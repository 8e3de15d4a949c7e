import { expect, test } from "vitest";
import type { FileDifference } from "../../../../schemas/capsule-diff.ts";
import { countLines, sayTotals } from "./diff-totals.ts";

const file = (kind: FileDifference["kind"]): FileDifference => ({
  kind,
  path: "x",
  from: null,
  before: null,
  after: null,
  content: "same",
  patch: null,
});

test("the totals name each kind once, and say when nothing differs", () => {
  const fields = [{ pointer: "/version", before: 1, after: 2 }];
  expect(sayTotals({ files: [file("added"), file("added"), file("modified")], fields })).toBe(
    "Files: 2 added, 1 changed; 1 setting changed.",
  );
  expect(sayTotals({ files: [file("mode-changed")], fields: [] })).toBe("File: 1 with another mode.");
  expect(sayTotals({ files: [], fields: [...fields, ...fields] })).toBe("2 settings changed.");
  expect(sayTotals({ files: [], fields: [] })).toBe("Nothing differs.");
});

test("lines of a patch are counted below its hunks' headers only", () => {
  const patch =
    "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-one\n+two\n+three\n same\n@@ -9 +9 @@\n-- dash\n++ plus\n";
  expect(countLines(patch)).toEqual({ removedCount: 2, addedCount: 3 });
  expect(countLines(null)).toEqual({ removedCount: 0, addedCount: 0 });
});
