import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ManifestFile } from "../../schemas/manifest.ts";
import { sortFiles } from "../capsule/capsule-files.ts";
import { CAPSULE_LIMITS } from "../capsule/limits.ts";
import { applyFileChanges, type FileChange } from "./apply-file-changes.ts";

const sha256Of = (digit: string) => digit.repeat(64);

function file(path: string, digit = "a", mode: ManifestFile["mode"] = "file"): ManifestFile {
  return { path, mode, sizeBytes: 1, sha256: sha256Of(digit) };
}

function put(path: string, digit = "b", mode?: ManifestFile["mode"]): FileChange {
  return { path, sha256: sha256Of(digit), sizeBytes: 1, ...(mode === undefined ? {} : { mode }) };
}

const BEFORE = [file("a.txt"), file("bin/run.sh", "a", "executable"), file("c.txt")];

function applied(changes: readonly FileChange[], files: readonly ManifestFile[] = BEFORE): ManifestFile[] {
  const result = applyFileChanges(files, changes);
  if (!result.ok) throw new Error(JSON.stringify(result.reason));
  return result.value;
}

function failures(changes: readonly FileChange[], files: readonly ManifestFile[] = BEFORE) {
  const result = applyFileChanges(files, changes);
  if (result.ok) throw new Error("it was applied");
  return result.reason;
}

describe("a change", () => {
  test("adds, replaces and deletes, and leaves the rest", () => {
    const after = applied([put("b.txt"), put("a.txt", "c"), { path: "c.txt", delete: true }]);
    expect(after).toEqual([file("a.txt", "c"), file("b.txt", "b"), file("bin/run.sh", "a", "executable")]);
  });

  test("keeps a file's mode unless it names another; a new file is a plain one", () => {
    expect(applied([put("bin/run.sh")])[1]).toMatchObject({ mode: "executable", sha256: sha256Of("b") });
    expect(applied([put("bin/run.sh", "b", "file")])[1]).toMatchObject({ mode: "file" });
    expect(applied([put("new.sh", "b", "executable")])[3]).toMatchObject({ mode: "executable" });
  });

  test("of nothing changes nothing", () => {
    expect(applied([])).toEqual(BEFORE);
  });

  test("[C4] gives the files sorted by the UTF-8 bytes of their paths", () => {
    const after = applied([put("Z.txt"), put("\u{1F600}.txt"), put("\uFF5E.txt"), put("a/b.txt")], []);
    expect(after.map((each) => each.path)).toEqual(["Z.txt", "a/b.txt", "\uFF5E.txt", "\u{1F600}.txt"]);
  });

  test("may put a file where a folder was emptied in the same commit", () => {
    const after = applied([{ path: "bin/run.sh", delete: true }, put("bin")]);
    expect(after.map((each) => each.path)).toEqual(["a.txt", "bin", "c.txt"]);
  });
});

describe("a change that cannot be is told with its path, and all of them together", () => {
  test("[C5] a bad path", () => {
    for (const path of ["", "/a", "../a", "a//b", "a\\b", "CON", "a.", "a\u0000", "é".normalize("NFD")]) {
      expect(failures([put(path)])).toMatchObject([{ path }]);
    }
  });

  test("[C5] paths that collide: by case, or a file where a folder is", () => {
    expect(failures([put("A.txt")])).toHaveLength(1);
    expect(failures([put("A.txt")])[0]?.message).toContain("collides with");
    expect(failures([put("bin")])[0]?.message).toContain("collides with");
    expect(failures([put("a.txt/under")])[0]?.message).toContain("collides with");
  });

  test("a path that is changed twice, also when it is deleted and put", () => {
    expect(failures([put("x"), put("x")])).toEqual([
      { path: "x", message: "is changed twice in one commit" },
    ]);
    expect(failures([{ path: "a.txt", delete: true }, put("a.txt")])).toHaveLength(1);
  });

  test("a deletion of what is not there", () => {
    expect(failures([{ path: "z.txt", delete: true }])).toEqual([
      { path: "z.txt", message: "is not there to be deleted" },
    ]);
  });

  test("[C6] a file that is too large, one more file than a capsule may hold", () => {
    const large = { ...put("large"), sizeBytes: CAPSULE_LIMITS.fileBytes + 1 } as FileChange;
    expect(failures([large])[0]?.message).toContain(String(CAPSULE_LIMITS.fileBytes));
    expect(applied([{ ...put("large"), sizeBytes: CAPSULE_LIMITS.fileBytes } as FileChange])).toHaveLength(4);
    const full = Array.from({ length: CAPSULE_LIMITS.fileCount }, (_, index) => file(`f/${10_000 + index}`));
    expect(failures([put("one-more")], full)[0]?.message).toContain(String(CAPSULE_LIMITS.fileCount));
    expect(applied([put("f/10000")], full)).toHaveLength(CAPSULE_LIMITS.fileCount);
  });

  test("several at once", () => {
    const bad: FileChange[] = [put("../a"), put("fine.txt"), { path: "z", delete: true }];
    expect(failures(bad).map((failure) => failure.path)).toEqual(["../a", "z"]);
  });
});

describe("laws", () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-f]{1,4}$/), { maxLength: 12 });
  const digits = fc.constantFrom("0", "1", "2");

  test("putting every file of a tree into nothing gives that tree", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.stringMatching(/^[a-f]{1,4}$/), digits), { maxLength: 12 }),
        (pairs) => {
          const files = [...new Map(pairs.map(([name, digit]) => [name, file(name, digit)])).values()];
          const changes = files.map((each) => put(each.path, each.sha256[0]));
          expect(applied(changes, [])).toEqual(sortFiles(files));
        },
      ),
    );
  });

  test("deleting what was added gives the tree that was before, whatever the order of the changes", () => {
    fc.assert(
      fc.property(names, names, (before, added) => {
        const files = sortFiles(before.map((name) => file(`old-${name}`)));
        const changes = added.map((name) => put(`new-${name}`));
        const after = applied(changes, files);
        expect(applied(changes.toReversed(), files)).toEqual(after);
        const undone = added.map((name): FileChange => ({ path: `new-${name}`, delete: true }));
        expect(applied(undone, after)).toEqual(files);
      }),
    );
  });
});
