// The laws of CAPSULE.md F3 on whole capsules: files, modes and authored fields, with random trees.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MergeConflict } from "../../schemas/capsule-merge.ts";
import type { AuthoredManifestInput, Manifest } from "../../schemas/manifest.ts";
import { applyDiff } from "./apply-diff.ts";
import { diffCapsules } from "./diff-capsules.ts";
import { settingsOf } from "./digest.ts";
import { checkManifest } from "./manifest.ts";
import { mergeCapsules } from "./merge-capsules.ts";
import { CapsuleShelf, type FixtureEntry } from "./merge-fixture.ts";
import { findCollision } from "./path.ts";
import { webHashing } from "./web-hashing.ts";

type Tree = Record<string, FixtureEntry>;
type Made = { readonly tree: Tree; readonly authored: AuthoredManifestInput };

const VERSION = "9.9.9";
const RUNS = { numRuns: 150 };

const line = fc.constantFrom("one\n", "two\n", "three\n", "\n", "}\n", "end");
const bytes = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(line, { maxLength: 8 }).map((all) => new TextEncoder().encode(all.join(""))),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 6 }) },
);
const entry: fc.Arbitrary<FixtureEntry> = fc.record({
  bytes,
  isExecutable: fc.boolean(),
});
const path = fc.constantFrom("a", "a/x", "b.txt", "B.txt", "dir/one", "dir/two", "Dir/one", "ü", "z.sh");
const tree = fc
  .array(fc.tuple(path, entry), { maxLength: 7 })
  .map((entries) => withoutCollisions(Object.fromEntries(entries)));
const config = fc.dictionary(fc.constantFrom("x", "y"), fc.integer({ min: 0, max: 2 }), { maxKeys: 2 });
const service = fc.record({
  name: fc.constantFrom("kv", "db", "web"),
  type: fc.constantFrom("kv" as const, "sqlite" as const),
  config,
});
const authored: fc.Arbitrary<AuthoredManifestInput> = fc.record({
  name: fc.constantFrom("One", "Two", "Three"),
  createdBy: fc.constantFrom(null, { name: "Ada" }, { name: "Bob" }),
  app: fc.record({
    env: fc.dictionary(fc.constantFrom("A", "B", "C", "constructor"), fc.constantFrom("1", "2"), {
      maxKeys: 3,
    }),
    outbound: fc.subarray(["a.example", "b.example"]),
  }),
  services: fc.uniqueArray(service, { selector: ({ name }) => name, maxLength: 3 }),
  // As it comes back from a stored manifest: JSON knows no -0.
  ui: fc
    .oneof(fc.constant(null), fc.jsonValue({ maxDepth: 2 }))
    .map((value) => JSON.parse(JSON.stringify(value))),
});
const made: fc.Arbitrary<Made> = fc.record({ tree, authored });
/** A side of a merge: the base with some files and fields from elsewhere, so that most of it is shared. */
const sideOf = (base: Made) =>
  fc
    .record({ other: made, keptPaths: fc.subarray(Object.keys(base.tree)), keptFields: keptFields() })
    .map(({ other, keptPaths, keptFields: kept }) => ({
      tree: withoutCollisions({
        ...Object.fromEntries(keptPaths.map((kept) => [kept, base.tree[kept] ?? other.tree[kept]])),
        ...Object.fromEntries(Object.entries(other.tree).slice(0, 3)),
      } as Tree),
      authored: { ...other.authored, ...Object.fromEntries(kept.map((key) => [key, base.authored[key]])) },
    }));
const sides = made.chain((base) => fc.tuple(fc.constant(base), sideOf(base), sideOf(base)));

function keptFields() {
  return fc.subarray(["name", "createdBy", "app", "services", "ui"] as const);
}

function withoutCollisions(all: Tree): Tree {
  const kept: Tree = {};
  for (const [key, value] of Object.entries(all)) {
    if (value !== undefined && findCollision([...Object.keys(kept), key]) === null) kept[key] = value;
  }
  return kept;
}

async function makeAll(...all: readonly Made[]) {
  const shelf = new CapsuleShelf();
  const manifests: Manifest[] = [];
  for (const one of all) manifests.push(await shelf.make(one.tree, { version: "1.0.0", ...one.authored }));
  const [base, ours, theirs] = manifests;
  if (base === undefined || ours === undefined) throw new Error("makeAll takes two at least");
  return { shelf, base, ours, theirs: theirs ?? ours };
}

async function merge(shelf: CapsuleShelf, base: Manifest, ours: Manifest, theirs: Manifest) {
  const { readFile } = shelf;
  const result = await mergeCapsules(base, ours, theirs, { version: VERSION, hashing: webHashing, readFile });
  if (!result.ok) throw new Error(JSON.stringify(result.reason));
  if (result.value.status === "merged") shelf.keep(result.value.blobs);
  return result.value;
}

async function mergeClean(shelf: CapsuleShelf, base: Manifest, ours: Manifest, theirs: Manifest) {
  const outcome = await merge(shelf, base, ours, theirs);
  if (outcome.status === "conflicts") throw new Error(JSON.stringify(outcome.conflicts));
  return contentOf(outcome.manifest);
}

/** What the laws are about: files, modes and authored fields; the version is the caller's. */
function contentOf(manifest: Manifest) {
  const { id: _id, version: _version, ...settings } = settingsOf(manifest);
  return { ...settings, createdBy: manifest.createdBy, files: manifest.files };
}

function swapSides(conflicts: readonly MergeConflict[]): unknown[] {
  return conflicts.map(({ ours, theirs, ...rest }) => ({
    ...withoutText(rest),
    ours: theirs,
    theirs: ours,
  }));
}

function withoutText(conflict: object): object {
  return "text" in conflict ? { ...conflict, text: conflict.text === null } : conflict;
}

describe("the laws of diff and merge", () => {
  it("[F3] diff(a, a) is empty", async () => {
    await fc.assert(
      fc.asyncProperty(made, async (one) => {
        const { shelf, base, ours } = await makeAll(one, one);
        expect(await diffCapsules(base, ours, shelf.readFile)).toEqual({ files: [], fields: [] });
      }),
      RUNS,
    );
  });

  it("[F3] apply(diff(a, b), a) = b, whole manifests and every byte", async () => {
    await fc.assert(
      fc.asyncProperty(made, made, async (one, other) => {
        const { shelf, base: a, ours: b } = await makeAll(one, other);
        const diff = await diffCapsules(a, b, shelf.readFile);
        const applied = await applyDiff(JSON.parse(JSON.stringify(diff)), a, {
          readFile: shelf.readFile,
          hashing: webHashing,
        });
        if (!applied.ok) throw new Error(JSON.stringify(applied.reason));
        expect(applied.value.side).toEqual(b);
        expect(checkManifest(applied.value.side).ok).toBe(true);
        for (const [sha256, content] of applied.value.blobs) expect(content).toEqual(shelf.readFile(sha256));
        const had = new Set(a.files.map((file) => file.sha256));
        for (const { sha256 } of b.files)
          expect(had.has(sha256) || applied.value.blobs.has(sha256)).toBe(true);
      }),
      RUNS,
    );
  });

  it("[F3] merge(b, b, y) = y; merge(b, x, b) = x; merge(b, x, x) = x", async () => {
    await fc.assert(
      fc.asyncProperty(made, made, async (one, other) => {
        const { shelf, base, ours: side } = await makeAll(one, other);
        expect(await mergeClean(shelf, base, base, side)).toEqual(contentOf(side));
        expect(await mergeClean(shelf, base, side, base)).toEqual(contentOf(side));
        expect(await mergeClean(shelf, base, side, side)).toEqual(contentOf(side));
      }),
      RUNS,
    );
  });

  it("[F3] merge(b, x, y) and merge(b, y, x) agree up to the sides of conflicts", async () => {
    let mergedCount = 0;
    await fc.assert(
      fc.asyncProperty(sides, async ([one, two, three]) => {
        const { shelf, base, ours, theirs } = await makeAll(one, two, three);
        const there = await merge(shelf, base, ours, theirs);
        const back = await merge(shelf, base, theirs, ours);
        if (there.status === "merged" && back.status === "merged") {
          mergedCount++;
          expect(contentOf(there.manifest)).toEqual(contentOf(back.manifest));
          expect(there.manifest.parents).toEqual([...back.manifest.parents].reverse());
          expect(findCollision(there.manifest.files.map((file) => file.path))).toBeNull();
          for (const { sha256 } of there.manifest.files) expect(shelf.readFile(sha256)).not.toBeNull();
        } else {
          if (there.status === "merged" || back.status === "merged") throw new Error("only one way merges");
          expect(swapSides(there.conflicts)).toEqual(back.conflicts.map(withoutText));
        }
      }),
      { numRuns: 400 },
    );
    expect(mergedCount).toBeGreaterThan(0);
  });

  it("[F2] every conflict can be decided, for either side, and then the capsule is valid", async () => {
    await fc.assert(
      fc.asyncProperty(
        sides,
        fc.array(fc.boolean(), { minLength: 1 }),
        async ([one, two, three], choices) => {
          const { shelf, base, ours, theirs } = await makeAll(one, two, three);
          const decisions = new Map<string, "ours" | "theirs">();
          const options = { version: VERSION, hashing: webHashing, readFile: shelf.readFile, decisions };
          for (let round = 0; round < 20; round++) {
            const result = await mergeCapsules(base, ours, theirs, options);
            if (!result.ok) throw new Error(JSON.stringify(result.reason));
            if (result.value.status === "merged") return;
            for (const [index, conflict] of result.value.conflicts.entries()) {
              expect(decisions.has(conflict.path)).toBe(false);
              decisions.set(conflict.path, choices[index % choices.length] ? "ours" : "theirs");
            }
          }
          throw new Error("it does not end");
        },
      ),
      { numRuns: 300 },
    );
  });
});
