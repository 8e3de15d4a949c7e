import { describe, expect, it } from "vitest";
import { applyDiff } from "./apply-diff.ts";
import { DIFF_LIMITS, diffCapsules } from "./diff-capsules.ts";
import { CapsuleShelf } from "./merge-fixture.ts";
import { webHashing } from "./web-hashing.ts";

const PNG = { bytes: Uint8Array.of(0x89, 0x50, 0, 1), isExecutable: false };
const executable = (text: string) => ({ bytes: new TextEncoder().encode(text), isExecutable: true });

describe("diffCapsules", () => {
  it("[F1] names files that were added, removed, modified, renamed and given another mode, by path", async () => {
    const shelf = new CapsuleShelf();
    const a = await shelf.make({
      "gone.txt": "g\n",
      "mode.sh": "#!/bin/sh\n",
      "old-name.txt": "the same\n",
      "text.txt": "one\n",
    });
    const b = await shelf.make({
      "mode.sh": executable("#!/bin/sh\n"),
      "new.txt": "n\n",
      "new-name.txt": "the same\n",
      "text.txt": executable("two\n"),
    });
    const { files } = await diffCapsules(a, b, shelf.readFile);
    expect(files.map(({ kind, path, from }) => [kind, path, from])).toEqual([
      ["removed", "gone.txt", null],
      ["mode-changed", "mode.sh", null],
      ["renamed", "new-name.txt", "old-name.txt"],
      ["added", "new.txt", null],
      ["modified", "text.txt", null],
    ]);
    expect(files.at(-1)).toMatchObject({ before: { mode: "file" }, after: { mode: "executable" } });
  });

  it("[F1] shows text as a unified diff, also where the last line does not end", async () => {
    const shelf = new CapsuleShelf();
    const a = await shelf.make({ "a b.txt": "one\ntwo\nthree" });
    const b = await shelf.make({ "a b.txt": "one\n2\nthree\n" });
    const { files } = await diffCapsules(a, b, shelf.readFile);
    expect(files[0]?.patch).toBe(
      [
        "diff --git a/a b.txt b/a b.txt",
        "--- a/a b.txt\t",
        "+++ b/a b.txt\t",
        "@@ -1,3 +1,3 @@",
        " one",
        "-two",
        "-three",
        "\\ No newline at end of file",
        "+2",
        "+three",
        "",
      ].join("\n"),
    );
  });

  it("[F1] tells binaries by their digests: bytes with NUL, and bytes that are not UTF-8", async () => {
    const shelf = new CapsuleShelf();
    const a = await shelf.make({ "zero.bin": PNG, "latin.txt": "plain" });
    const b = await shelf.make({
      "zero.bin": { ...PNG, bytes: Uint8Array.of(0) },
      "latin.txt": { bytes: Uint8Array.of(0xe9), isExecutable: false },
    });
    const { files } = await diffCapsules(a, b, shelf.readFile);
    for (const file of files) {
      expect(file).toMatchObject({ kind: "modified", content: "binary", patch: null });
      expect(file.before?.sha256).not.toBe(file.after?.sha256);
    }
  });

  it("[F1] takes a byte order mark and carriage returns for part of the text", async () => {
    const shelf = new CapsuleShelf();
    const a = await shelf.make({ "a.txt": "\ufeffone\r\n" });
    const b = await shelf.make({ "a.txt": "one\n" });
    const { files } = await diffCapsules(a, b, shelf.readFile);
    expect(files[0]?.patch).toContain("-\ufeffone\r\n+one\n");
  });

  it("[F1] pairs several files of one digest in the order of their paths", async () => {
    const shelf = new CapsuleShelf();
    const a = await shelf.make({ b1: "same", b2: "same", b3: "same" });
    const b = await shelf.make({ a9: "same", z1: "same" });
    const { files } = await diffCapsules(a, b);
    expect(files.map(({ kind, path, from }) => [kind, path, from])).toEqual([
      ["renamed", "a9", "b1"],
      ["removed", "b3", null],
      ["renamed", "z1", "b2"],
    ]);
  });

  it("[F1] names the fields of the manifest that changed, by pointer", async () => {
    const shelf = new CapsuleShelf();
    const tree = { "index.html": "x" };
    const a = await shelf.make(tree, { version: "1.0.0", build: { environment: { "a/b": "1", gone: "g" } } });
    const b = await shelf.make(tree, {
      version: "1.1.0",
      app: { outbound: ["example.com"] },
      build: { environment: { "a/b": "2", fresh: "f" } },
    });
    const { fields } = await diffCapsules(a, b);
    expect(fields).toEqual([
      { pointer: "/app/outbound", before: [], after: ["example.com"] },
      { pointer: "/build/environment/a~1b", before: "1", after: "2" },
      { pointer: "/build/environment/fresh", after: "f" },
      { pointer: "/build/environment/gone", before: "g" },
      { pointer: "/id", before: "urn:oursynth:app:shelf@1.0.0", after: "urn:oursynth:app:shelf@1.1.0" },
      { pointer: "/version", before: "1.0.0", after: "1.1.0" },
    ]);
  });

  it("[F1] tells a text by digest from one byte above the limit on", async () => {
    const shelf = new CapsuleShelf();
    const text = "x".repeat(DIFF_LIMITS.textBytes);
    const a = await shelf.make({ "at.txt": "", "over.txt": "" });
    const b = await shelf.make({ "at.txt": text, "over.txt": `${text}x` });
    const { files } = await diffCapsules(a, b, shelf.readFile);
    expect(files.map(({ content }) => content)).toEqual(["text", "too-large"]);
  });

  it("[F1] reads no more texts than the limit", async () => {
    const shelf = new CapsuleShelf();
    const count = DIFF_LIMITS.textCount + 1;
    const tree = Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, `${index}`]));
    const { files } = await diffCapsules(await shelf.make({}), await shelf.make(tree), shelf.readFile);
    expect(files.filter(({ content }) => content === "text")).toHaveLength(DIFF_LIMITS.textCount);
    expect(files.filter(({ content }) => content === "unread")).toHaveLength(1);
  });
});

describe("applyDiff", () => {
  it("[F1] makes text from the patches and takes only binaries from the source of blobs", async () => {
    const before = new CapsuleShelf();
    const after = new CapsuleShelf();
    const a = await before.make({ "a.txt": "one\n", "b.bin": PNG });
    const b = await after.make({
      "a.txt": "two\n",
      "b.bin": { ...PNG, isExecutable: true },
      "c.bin": {
        ...PNG,
        bytes: Uint8Array.of(0, 0),
      },
    });
    const diff = await diffCapsules(a, b, (sha256) => before.readFile(sha256) ?? after.readFile(sha256));
    const missing = await applyDiff(diff, a, { readFile: before.readFile, hashing: webHashing });
    expect(missing).toMatchObject({ ok: false, reason: { code: "content-missing", path: "c.bin" } });
    for (const { path, sha256 } of b.files) {
      const bytes = after.readFile(sha256);
      if (path === "c.bin" && bytes !== null) before.keep(new Map([[sha256, bytes]]));
    }
    const applied = await applyDiff(diff, a, { readFile: before.readFile, hashing: webHashing });
    expect(applied).toMatchObject({ ok: true, value: { side: { files: b.files } } });
  });

  it("[F1] refuses another capsule than the diff was made from, a patch that was changed, and a path that is taken", async () => {
    const shelf = new CapsuleShelf();
    const a = await shelf.make({ "a.txt": "one\n" });
    const b = await shelf.make({ "a.txt": "two\n" }, { name: "Other" });
    const diff = await diffCapsules(a, b, shelf.readFile);
    const blobs = { readFile: shelf.readFile, hashing: webHashing };
    const other = await shelf.make({ "a.txt": "1\n" });
    expect(await applyDiff(diff, other, blobs)).toMatchObject({
      reason: { code: "does-not-fit", path: "a.txt" },
    });
    const renamed = await shelf.make({ "a.txt": "one\n" }, { name: "Third" });
    expect(await applyDiff(diff, renamed, blobs)).toMatchObject({
      reason: { code: "does-not-fit", path: "/name" },
    });
    const forged = {
      ...diff,
      files: diff.files.map((file) => ({ ...file, patch: file.patch?.replace("+two", "+2") ?? null })),
    };
    expect(await applyDiff(forged, a, blobs)).toMatchObject({ reason: { code: "digest-mismatch" } });
    const cut = { ...diff, files: diff.files.map((file) => ({ ...file, patch: "@@ -1 +1 @@\n-one\n" })) };
    expect(await applyDiff(cut, a, blobs)).toMatchObject({ reason: { code: "malformed" } });
    const added = await diffCapsules(await shelf.make({}), a, shelf.readFile);
    expect(await applyDiff(added, a, blobs)).toMatchObject({
      reason: { code: "does-not-fit", path: "a.txt" },
    });
  });
});
