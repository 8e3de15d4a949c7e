// Our diffs in the hands of other people's tools: `git apply` and `patch` make the same tree of them.
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { diffCapsules } from "../../core/capsule/diff-capsules.ts";
import { CapsuleShelf, type FixtureEntry } from "../../core/capsule/merge-fixture.ts";
import type { CapsuleDiff } from "../../schemas/capsule-diff.ts";
import { mulberry32 } from "./generate-history.ts";

type Tree = Record<string, FixtureEntry>;

const SEED = Number(process.env.OURSYNTH_SEED ?? 20_261_001);
const FILE_COUNT = 300;
const LINES = [
  "one",
  "two",
  "three",
  "",
  "}",
  "é",
  "\ttab",
  "cr\r",
  "-- dashes",
  "@@ -1 +1 @@",
  "\\ no",
  "diff --git a/x b/x",
];
const hasPatch = spawnSync("patch", ["--version"]).status === 0;

function makeTrees(): { readonly before: Tree; readonly after: Tree } {
  const random = mulberry32(SEED);
  const below = (count: number): number => Math.floor(random() * count);
  const text = (): string => {
    const lines = Array.from({ length: below(30) }, () => LINES[below(LINES.length)] ?? "");
    return lines.join("\n") + (below(3) === 0 || lines.length === 0 ? "" : "\n");
  };
  const entry = (content: string, isExecutable: boolean): FixtureEntry => ({
    bytes: new TextEncoder().encode(content),
    isExecutable,
  });
  const before: Tree = {};
  const after: Tree = {};
  for (let index = 0; index < FILE_COUNT; index++) {
    const path = `folder ${below(5)}/${["plain", "with space", "ünïcode", "tab-less"][below(4)]}-${index}.txt`;
    const content = text();
    const isExecutable = below(4) === 0;
    const choice = below(6);
    if (choice > 0) before[path] = entry(content, isExecutable);
    if (choice === 0 || choice === 2) after[path] = entry(text(), below(4) === 0);
    if (choice === 3) after[path] = entry(content, !isExecutable);
    if (choice === 4) after[path] = entry(content, isExecutable);
    if (choice === 5) {
      const lines = content.split("\n");
      lines.splice(
        below(lines.length + 1),
        below(3),
        ...Array.from({ length: below(3) }, () => `new ${index}`),
      );
      after[path] = entry(lines.join("\n"), isExecutable);
    }
  }
  before["moves/from here.txt"] = entry("it moves, and nothing else\n", false);
  after["moves/to there.txt"] = entry("it moves, and nothing else\n", true);
  return { before, after };
}

function writeTree(folder: string, tree: Tree): void {
  for (const [path, { bytes, isExecutable }] of Object.entries(tree)) {
    const place = join(folder, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, bytes);
    chmodSync(place, isExecutable ? 0o755 : 0o644);
  }
}

function readTree(folder: string): Record<string, string> {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    found.map((place) => {
      const mode = (statSync(place).mode & 0o100) === 0 ? "file" : "executable";
      return [place.slice(folder.length + 1), `${mode} ${readFileSync(place, "utf8")}`];
    }),
  );
}

function asRead(tree: Tree): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tree).map(([path, { bytes, isExecutable }]) => [
      path,
      `${isExecutable ? "executable" : "file"} ${new TextDecoder().decode(bytes)}`,
    ]),
  );
}

async function makePatch(): Promise<{
  readonly before: Tree;
  readonly after: Tree;
  readonly diff: CapsuleDiff;
}> {
  const { before, after } = makeTrees();
  const shelf = new CapsuleShelf();
  const diff = await diffCapsules(await shelf.make(before), await shelf.make(after), shelf.readFile);
  for (const { content } of diff.files) expect(["text", "same"]).toContain(content);
  return { before, after, diff };
}

function folderOf(tree: Tree): string {
  const folder = mkdtempSync(join(tmpdir(), "oursynth-patch-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeTree(folder, tree);
  return folder;
}

it(`[F1] git apply makes the tree after from the tree before, modes and names too (seed ${SEED})`, async () => {
  const { before, after, diff } = await makePatch();
  const patch = diff.files.map((file) => file.patch).join("");
  const folder = folderOf(before);
  execFileSync("git", ["apply", "--whitespace=nowarn", "-"], { cwd: folder, input: patch });
  expect(readTree(folder)).toEqual(asRead(after));
});

it.skipIf(!hasPatch)(`[F1] patch -p1 makes the same texts (seed ${SEED})`, async () => {
  const { before, after, diff } = await makePatch();
  const folder = folderOf(before);
  // GNU patch takes no name with a space from a section that has no hunk, whoever wrote it.
  const withHunks = diff.files.filter(({ patch }) => patch?.includes("\n@@ "));
  const input = withHunks.map(({ patch }) => patch).join("");
  execFileSync("patch", ["-p1", "--binary", "--no-backup-if-mismatch"], { cwd: folder, input });
  const read = readTree(folder);
  for (const { path, kind } of withHunks) {
    if (kind === "removed") expect(read[path]).toBeUndefined();
    else expect(read[path], path).toBe(asRead(after)[path]);
  }
});
