// How long a diff and a merge of 2,000 files take of which 100 changed, in memory, beside git doing the same from its
// own store (git pays for a process and for reading its objects; it is a neighbour, not a floor).
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeHashing } from "../adapters/hashing/node-hashing.ts";
import { checkAuthoredManifest, completeManifest } from "../core/capsule/authored-manifest.ts";
import { describeFile } from "../core/capsule/capsule-files.ts";
import { diffCapsules } from "../core/capsule/diff-capsules.ts";
import { mergeCapsules } from "../core/capsule/merge-capsules.ts";
import type { Manifest } from "../schemas/manifest.ts";
import { type BenchOptions, type Figure, median } from "./figure.ts";

type Texts = ReadonlyMap<string, string>;
type Workload = {
  readonly manifests: readonly [base: Manifest, ours: Manifest, theirs: Manifest];
  readonly readFile: (sha256: string) => Uint8Array | null;
  readonly trees: readonly [base: Texts, ours: Texts, theirs: Texts];
};

const FILE_COUNT = 2_000;
const CHANGED_COUNT = 100;
const LINE_COUNT = 200;
const DIFF_GOAL_MS = 200;
const MERGE_GOAL_MS = 300;

/** Takes a few seconds. */
export async function benchDiff({ isQuick, say }: BenchOptions): Promise<readonly Figure[]> {
  const rounds = isQuick ? 5 : 21;
  const workload = await makeWorkload();
  const [base, ours, theirs] = workload.manifests;
  say(`${rounds} diffs and merges of ${FILE_COUNT} files`);
  const diffMs = await timeRounds(rounds, async () => {
    const { files } = await diffCapsules(base, ours, workload.readFile);
    if (files.length !== CHANGED_COUNT) throw new Error(`${files.length} files differ`);
  });
  const options = { version: "2.0.0", hashing: nodeHashing, readFile: workload.readFile };
  const mergeMs = await timeRounds(rounds, async () => {
    const merged = await mergeCapsules(base, ours, theirs, options);
    if (!merged.ok || merged.value.status !== "merged") throw new Error("the sides do not conflict");
    if (merged.value.blobs.size !== CHANGED_COUNT) throw new Error("every change meets another");
  });
  const git = timeGit(workload, Math.min(rounds, 5));
  const size = `${FILE_COUNT.toLocaleString("en")} files, ${CHANGED_COUNT} changed`;
  return [
    toFigure(`diff of ${size}`, diffMs, git.diffMs, DIFF_GOAL_MS),
    toFigure(`merge of ${size} on both sides`, mergeMs, git.mergeMs, MERGE_GOAL_MS),
  ];
}

function toFigure(name: string, value: number, gitMs: number, goalMs: number): Figure {
  return {
    name,
    value,
    unit: "ms",
    beside: [{ name: "git", value: gitMs, unit: "ms" }],
    goal: { text: `< ${goalMs} ms`, isMet: value < goalMs },
  };
}

/** Both sides change the same files, far enough apart to merge. */
async function makeWorkload(): Promise<Workload> {
  const base = new Map<string, string>();
  const [ours, theirs] = [new Map<string, string>(), new Map<string, string>()];
  for (let index = 0; index < FILE_COUNT; index++) {
    const path = `src/part-${index % 17}/file-${index}.ts`;
    const lines = Array.from({ length: LINE_COUNT }, (_, line) => `export const value${line} = ${index};\n`);
    base.set(path, lines.join(""));
    const isChanged = index % (FILE_COUNT / CHANGED_COUNT) === 0;
    ours.set(path, (isChanged ? lines.with(20, "// ours\n") : lines).join(""));
    theirs.set(path, (isChanged ? lines.with(150, "// theirs\n") : lines).join(""));
  }
  const blobs = new Map<string, Uint8Array>();
  const manifests = [
    await describe(base, blobs),
    await describe(ours, blobs),
    await describe(theirs, blobs),
  ] as const;
  return { manifests, trees: [base, ours, theirs], readFile: (sha256) => blobs.get(sha256) ?? null };
}

async function describe(tree: Texts, blobs: Map<string, Uint8Array>): Promise<Manifest> {
  const files: Manifest["files"] = [];
  for (const [path, text] of tree) {
    const bytes = new TextEncoder().encode(text);
    const { file } = await describeFile(path, "file", bytes, nodeHashing);
    blobs.set(file.sha256, bytes);
    files.push(file);
  }
  const authored = checkAuthoredManifest({});
  if (!authored.ok) throw new Error("the empty manifest is one");
  const completed = completeManifest(authored.value, { files, folderName: "bench", createdAt: 0 });
  if (!completed.ok) throw new Error(JSON.stringify(completed.reason));
  return completed.value;
}

async function timeRounds(rounds: number, action: () => Promise<void>): Promise<number> {
  const timesMs: number[] = [];
  for (let round = -Math.ceil(rounds / 5); round < rounds; round++) {
    const startMs = performance.now();
    await action();
    if (round >= 0) timesMs.push(performance.now() - startMs);
  }
  return median(timesMs);
}

function timeGit({ trees }: Workload, rounds: number): { readonly diffMs: number; readonly mergeMs: number } {
  const folder = mkdtempSync(join(tmpdir(), "oursynth-diff-bench-"));
  const git = (args: readonly string[], input = ""): number => {
    const startMs = performance.now();
    const done = spawnSync("git", args, { cwd: folder, input, maxBuffer: 268_435_456 });
    if (done.status !== 0) throw new Error(`git ${args[0]}: ${done.stderr}`);
    return performance.now() - startMs;
  };
  try {
    git(["init", "--quiet", "--bare"]);
    git(["fast-import", "--quiet"], trees.map(toCommit).join(""));
    const times = Array.from({ length: rounds }, () => ({
      diffMs: git(["diff", "base", "ours"]),
      mergeMs: git(["merge-tree", "--write-tree", "ours", "theirs"]),
    }));
    return {
      diffMs: median(times.map(({ diffMs }) => diffMs)),
      mergeMs: median(times.map(({ mergeMs }) => mergeMs)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function toCommit(tree: Texts, index: number): string {
  const branch = ["base", "ours", "theirs"][index] ?? "";
  const head = `commit refs/heads/${branch}\nmark :${index + 1}\ncommitter T <t@example.com> 1 +0000\ndata 1\nx\n`;
  const from = index === 0 ? "" : "from :1\ndeleteall\n";
  const files = [...tree].map(([path, text]) => `M 100644 inline ${path}\ndata ${text.length}\n${text}\n`);
  return head + from + files.join("");
}
