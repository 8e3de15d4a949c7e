import { expect, test } from "vitest";
import { buildTree, foldersAbove } from "./file-tree.ts";

const line = (path: string, sizeBytes = 1) => ({ path, sizeBytes });

test("folders come before files, each by name, and say what lies in them", () => {
  const tree = buildTree([
    line("b.txt", 5),
    line("src/deep/x.ts", 7),
    line("a.txt"),
    line("src/index.ts", 3),
    line("lib/y.ts"),
  ]);
  expect(tree.entries.map(({ kind, name }) => [kind, name])).toEqual([
    ["folder", "lib"],
    ["folder", "src"],
    ["file", "a.txt"],
    ["file", "b.txt"],
  ]);
  expect(tree).toMatchObject({ fileCount: 5, sizeBytes: 17 });
  const [, src] = tree.entries;
  expect(src).toMatchObject({ path: "src", fileCount: 2, sizeBytes: 10 });
  expect(src?.kind === "folder" && src.entries[0]).toMatchObject({ path: "src/deep", fileCount: 1 });
});

test("a capsule without files is an empty root", () => {
  expect(buildTree([])).toMatchObject({ fileCount: 0, sizeBytes: 0, entries: [] });
});

test("the folders above a file, from the root down", () => {
  expect(foldersAbove("a/b/c.txt")).toEqual(["a", "a/b"]);
  expect(foldersAbove("c.txt")).toEqual([]);
});
