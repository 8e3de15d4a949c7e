import { describe, expect, it } from "vitest";
import type { MergeConflict, MergeDecision } from "../../schemas/capsule-merge.ts";
import type { AuthoredManifestInput, Manifest } from "../../schemas/manifest.ts";
import { computeCapsuleDigest } from "./digest.ts";
import { type MergeFailure, type MergeOutcome, mergeCapsules } from "./merge-capsules.ts";
import { CapsuleShelf, type FixtureTree } from "./merge-fixture.ts";
import { webHashing } from "./web-hashing.ts";

type Side = readonly [FixtureTree, AuthoredManifestInput?];
type Sides = { readonly base: Manifest; readonly ours: Manifest; readonly theirs: Manifest };

const LINES = ["one", "two", "three", "four", "five", "six", "seven"];
const executable = (text: string) => ({ bytes: new TextEncoder().encode(text), isExecutable: true });

class Merge {
  readonly shelf = new CapsuleShelf();

  async sides(base: Side, ours: Side, theirs: Side): Promise<Sides> {
    return {
      base: await this.shelf.make(...base),
      ours: await this.shelf.make(...ours),
      theirs: await this.shelf.make(...theirs),
    };
  }

  async run({ base, ours, theirs }: Sides, decisions: Record<string, MergeDecision> = {}, version = "2.0.0") {
    const result = await mergeCapsules(base, ours, theirs, {
      version,
      hashing: webHashing,
      readFile: this.shelf.readFile,
      decisions: new Map(Object.entries(decisions)),
    });
    if (result.ok && result.value.status === "merged") this.shelf.keep(result.value.blobs);
    return result;
  }

  async merged(sides: Sides, decisions: Record<string, MergeDecision> = {}): Promise<Manifest> {
    const result = await this.run(sides, decisions);
    if (!result.ok || result.value.status !== "merged") throw new Error(JSON.stringify(result));
    return result.value.manifest;
  }

  async conflicts(
    sides: Sides,
    decisions: Record<string, MergeDecision> = {},
  ): Promise<readonly MergeConflict[]> {
    return conflictsOf(await this.run(sides, decisions));
  }
}

function conflictsOf(result: Awaited<ReturnType<Merge["run"]>>): readonly MergeConflict[] {
  const value: MergeOutcome | MergeFailure = result.ok ? result.value : result.reason;
  if (!("status" in value) || value.status !== "conflicts") throw new Error(JSON.stringify(value));
  return value.conflicts;
}

function textWith(changes: Readonly<Record<number, string>>): string {
  return LINES.map((line, index) => `${changes[index] ?? line}\n`).join("");
}

function paths({ files }: Manifest): string[] {
  return files.map(({ path }) => path);
}

describe("mergeCapsules, files", () => {
  it("[F2] takes what one side added, removed, changed or gave another mode", async () => {
    const merge = new Merge();
    const sides = await merge.sides(
      [{ changed: "1", kept: "k", mode: "m", removed: "r" }],
      [{ changed: "2", kept: "k", mode: "m", removed: "r", "from-ours": "o" }],
      [{ changed: "1", kept: "k", mode: executable("m"), "from-theirs": "t" }],
    );
    const merged = await merge.merged(sides);
    expect(paths(merged)).toEqual(["changed", "from-ours", "from-theirs", "kept", "mode"]);
    expect(merge.shelf.textOf(merged, "changed")).toBe("2");
    expect(merged.files.find(({ path }) => path === "mode")?.mode).toBe("executable");
  });

  it("[F2] merges by line, and the mode beside it", async () => {
    const merge = new Merge();
    const sides = await merge.sides(
      [{ a: textWith({}) }],
      [{ a: executable(textWith({ 1: "TWO" })) }],
      [{ a: textWith({ 5: "SIX" }) }],
    );
    const merged = await merge.merged(sides);
    expect(merge.shelf.textOf(merged, "a")).toBe(textWith({ 1: "TWO", 5: "SIX" }));
    expect(merged.files[0]?.mode).toBe("executable");
  });

  it("[F2] gives changes of the same or of touching lines as a conflict, with markers to edit", async () => {
    const merge = new Merge();
    const sides = await merge.sides(
      [{ a: textWith({}) }],
      [{ a: textWith({ 2: "OURS" }) }],
      [{ a: textWith({ 3: "THEIRS" }) }],
    );
    const [conflict, ...more] = await merge.conflicts(sides);
    expect(more).toEqual([]);
    expect(conflict).toMatchObject({ kind: "content", path: "a" });
    expect(conflict).toMatchObject({
      text: "one\ntwo\n<<<<<<< ours\nOURS\nfour\n||||||| base\nthree\nfour\n=======\nthree\nTHEIRS\n>>>>>>> theirs\nfive\nsix\nseven\n",
    });
    expect(merge.shelf.textOf(await merge.merged(sides, { a: "ours" }), "a")).toBe(textWith({ 2: "OURS" }));
    expect(merge.shelf.textOf(await merge.merged(sides, { a: "theirs" }), "a")).toBe(
      textWith({ 3: "THEIRS" }),
    );
    expect(merge.shelf.textOf(await merge.merged(sides, { a: { content: "mine" } }), "a")).toBe("mine");
  });

  it("[F2] gives a removal beside a change as a conflict; deciding for the removal removes", async () => {
    const merge = new Merge();
    const sides = await merge.sides([{ a: "1", b: "b" }], [{ b: "b" }], [{ a: "2", b: "b" }]);
    expect(await merge.conflicts(sides)).toMatchObject([
      { kind: "modify-delete", path: "a", ours: null, base: { sizeBytes: 1 }, theirs: { sizeBytes: 1 } },
    ]);
    expect(paths(await merge.merged(sides, { a: "ours" }))).toEqual(["b"]);
    expect(merge.shelf.textOf(await merge.merged(sides, { a: "theirs" }), "a")).toBe("2");
  });

  it("[F2] gives two different new files at one path as a conflict, and takes two equal ones", async () => {
    const merge = new Merge();
    const sides = await merge.sides([{}], [{ a: "1", same: "s" }], [{ a: "2", same: "s" }]);
    expect(await merge.conflicts(sides)).toMatchObject([{ kind: "add-add", path: "a", base: null }]);
    expect(paths(await merge.merged(sides, { a: "theirs" }))).toEqual(["a", "same"]);
    const modes = await merge.sides([{}], [{ a: "1" }], [{ a: executable("1") }]);
    expect(await merge.conflicts(modes)).toMatchObject([{ kind: "add-add", path: "a" }]);
  });

  it("[F2] gives two changes of a binary as a conflict", async () => {
    const merge = new Merge();
    const binary = (byte: number) => ({ bytes: Uint8Array.of(0, byte), isExecutable: false });
    const sides = await merge.sides([{ a: binary(1) }], [{ a: binary(2) }], [{ a: binary(3) }]);
    expect(await merge.conflicts(sides)).toMatchObject([{ kind: "binary", path: "a", text: null }]);
  });

  it("[F2] lets a change follow a file that the other side only moved", async () => {
    const merge = new Merge();
    const sides = await merge.sides(
      [{ old: "1", x: "x" }],
      [{ "new/place": "1", x: "x" }],
      [{ old: "2", x: "x" }],
    );
    for (const { ours, theirs } of [sides, { ours: sides.theirs, theirs: sides.ours }]) {
      const merged = await merge.merged({ base: sides.base, ours, theirs });
      expect(paths(merged)).toEqual(["new/place", "x"]);
      expect(merge.shelf.textOf(merged, "new/place")).toBe("2");
    }
    const twins = await merge.sides([{ old: "1" }], [{ n1: "1", n2: "1" }], [{ old: "2" }]);
    expect(await merge.conflicts(twins)).toMatchObject([{ kind: "modify-delete", path: "old" }]);
  });

  it("[F2] gives a merged tree that breaks C5 as a conflict, decided for the whole of one side", async () => {
    const merge = new Merge();
    const cased = await merge.sides([{ x: "x" }], [{ x: "x", "Foo/a": "1" }], [{ x: "x", "foo/b": "2" }]);
    const conflicts = await merge.conflicts(cased);
    expect(conflicts).toMatchObject([{ kind: "collision", path: "foo/b" }]);
    expect(paths(await merge.merged(cased, { "foo/b": "ours" }))).toEqual(["Foo/a", "x"]);
    expect(paths(await merge.merged(cased, { "foo/b": "theirs" }))).toEqual(["foo/b", "x"]);
    const through = await merge.sides([{}], [{ a: "file" }], [{ "a/b": "1", "a/c": "2" }]);
    expect(await merge.conflicts(through)).toMatchObject([{ path: "a/b" }, { path: "a/c" }]);
    expect(paths(await merge.merged(through, { "a/b": "theirs" }))).toEqual(["a/b", "a/c"]);
    expect(paths(await merge.merged(through, { "a/b": "ours", "a/c": "ours" }))).toEqual(["a"]);
  });
});

describe("mergeCapsules, fields", () => {
  const tree = { "a.sql": "a", "b.sql": "b", "index.js": "x" };
  const merge = new Merge();
  const sidesOf = (base: AuthoredManifestInput, ours: AuthoredManifestInput, theirs: AuthoredManifestInput) =>
    merge.sides([tree, base], [tree, ours], [tree, theirs]);

  it("[F2] merges objects member by member", async () => {
    const sides = await sidesOf(
      { app: { env: { A: "1", B: "1", gone: "1" } } },
      { app: { env: { A: "2", B: "1", gone: "1", C: "3" } }, rights: { attribution: false } },
      { app: { env: { A: "1", B: "2" }, entry: "index.js" } },
    );
    const merged = await merge.merged(sides);
    expect(merged.app.env).toEqual({ A: "2", B: "2", C: "3" });
    expect([merged.app.entry, merged.rights.attribution]).toEqual(["index.js", false]);
  });

  it("[F2] gives a field that both changed as a conflict; a decision may bring a new value", async () => {
    const sides = await sidesOf(
      { app: { env: { A: "1" } } },
      { app: { env: { A: "2" } } },
      { app: { env: { A: "3" } } },
    );
    expect(await merge.conflicts(sides)).toEqual([
      {
        kind: "field",
        path: "/app/env/A",
        base: { value: "1" },
        ours: { value: "2" },
        theirs: { value: "3" },
        message: "both sides changed it, and not to the same",
      },
    ]);
    expect((await merge.merged(sides, { "/app/env/A": "theirs" })).app.env).toEqual({ A: "3" });
    expect((await merge.merged(sides, { "/app/env/A": { content: "4" } })).app.env).toEqual({ A: "4" });
  });

  it("[F2] merges services and seeds by name, in the order that both sides leave", async () => {
    const service = (name: string, config: unknown = {}) => ({ name, type: "kv" as const, config });
    const sides = await sidesOf(
      { services: [service("a", { size: 1, ttl: 1 }), service("b")] },
      { services: [service("a", { size: 2, ttl: 1 }), service("b"), service("y")] },
      { services: [service("first"), service("a", { size: 1, ttl: 2 }), service("x")] },
    );
    expect((await merge.merged(sides)).services).toEqual([
      service("first"),
      service("a", { size: 2, ttl: 2 }),
      service("x"),
      service("y"),
    ]);
    const seeds = await sidesOf(
      { seeds: [{ name: "s", type: "sql", path: "a.sql" }] },
      { seeds: [{ name: "s", type: "sql", path: "b.sql" }] },
      { seeds: [] },
    );
    expect(await merge.conflicts(seeds)).toMatchObject([{ kind: "field", path: "/seeds/s", theirs: null }]);
    expect((await merge.merged(seeds, { "/seeds/s": "ours" })).seeds).toHaveLength(1);
    expect((await merge.merged(seeds, { "/seeds/s": "theirs" })).seeds).toEqual([]);
  });

  it("[F2] takes any other list as a whole", async () => {
    const sides = await sidesOf(
      { app: { outbound: ["a.example"] } },
      { app: { outbound: ["a.example", "b.example"] } },
      { app: { outbound: ["a.example", "c.example"] } },
    );
    expect(await merge.conflicts(sides)).toMatchObject([{ kind: "field", path: "/app/outbound" }]);
  });

  it("[F2] gives a field that is wrong beside the other side's files as a conflict", async () => {
    const sides = await merge.sides(
      [{ "a.js": "a", "b.js": "b" }],
      [{ "a.js": "a", "b.js": "b" }, { app: { entry: "a.js", framework: "worker" } }],
      [{ "b.js": "b" }],
    );
    expect(await merge.conflicts(sides)).toMatchObject([
      { kind: "invalid", path: "/app/entry", ours: { value: "a.js" }, base: { value: null } },
    ]);
    expect((await merge.merged(sides, { "/app/entry": { content: "b.js" } })).app.entry).toBe("b.js");
  });

  it("[F2] gives all conflicts together, files and fields, ordered by path", async () => {
    const sides = await merge.sides(
      [{ b: "1", z: "1" }, { name: "1" }],
      [{ b: "2", z: "2" }, { name: "2" }],
      [{ b: "3", z: "3" }, { name: "3" }],
    );
    expect((await merge.conflicts(sides)).map(({ path }) => path)).toEqual(["/name", "b", "z"]);
    expect((await merge.conflicts(sides, { b: "ours", "/name": "theirs" })).map(({ path }) => path)).toEqual([
      "z",
    ]);
  });
});

describe("mergeCapsules, the result", () => {
  it("[F2] has both parents, the caller's version, an id that follows it, and is the same every time", async () => {
    const merge = new Merge();
    const sides = await merge.sides(
      [{ a: "1" }, { version: "1.0.0" }],
      [{ a: "2" }, { version: "1.1.0", createdAt: 9 }],
      [
        { a: "1", b: "1" },
        { version: "1.0.1", createdAt: 5, createdBy: { name: "Ada" } },
      ],
    );
    const merged = await merge.merged(sides);
    expect(merged).toMatchObject({
      version: "2.0.0",
      id: "urn:oursynth:app:shelf@2.0.0",
      createdAt: 9,
      createdBy: { name: "Ada" },
      attestations: [],
    });
    expect(merged.parents).toEqual([
      await computeCapsuleDigest(sides.ours, webHashing),
      await computeCapsuleDigest(sides.theirs, webHashing),
    ]);
    expect(await merge.merged(sides)).toEqual(merged);
  });

  it("[F2] is refused with a version that is none, and with decisions about no conflict", async () => {
    const merge = new Merge();
    const sides = await merge.sides([{ a: "1" }], [{ a: "2" }], [{ a: "3" }]);
    const decided = { a: "ours" } as const;
    expect(await merge.run(sides, decided, "two")).toMatchObject({ reason: { code: "invalid-manifest" } });
    expect(await merge.run(sides, { ...decided, b: "ours" })).toMatchObject({
      reason: { code: "unused-decisions", paths: ["b"] },
    });
    expect(await merge.run(sides, { a: { content: 1 } })).toMatchObject({
      reason: { code: "unused-decisions", paths: ["a"] },
    });
  });
});
