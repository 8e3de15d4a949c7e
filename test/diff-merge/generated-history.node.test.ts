// Merges of generated git histories, compared with git's own: the same tree wherever git merges, and a conflict of the
// same kind at the same path wherever it does not. Another seed: OURSYNTH_SEED=… npx vitest run test/diff-merge
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { applyDiff } from "../../core/capsule/apply-diff.ts";
import { diffCapsules } from "../../core/capsule/diff-capsules.ts";
import { type MergedFiles, mergeFiles } from "../../core/capsule/merge-files.ts";
import type { FileConflict } from "../../schemas/capsule-merge.ts";
import type { ManifestFile } from "../../schemas/manifest.ts";
import { generateHistory, mulberry32 } from "./generate-history.ts";
import { GitRepository } from "./git-repository.ts";

type Compared = {
  readonly ours: MergedFiles;
  readonly oursEntries: readonly string[];
  readonly git: ReturnType<GitRepository["merge"]>;
};

const SEED = Number(process.env.OURSYNTH_SEED ?? 20_261_001);
/** `merge-tree --write-tree` came with git 2.38. */
const gitMergesTrees = spawnSync("git", ["merge-tree", "-h"], { encoding: "utf8" }).stdout.includes(
  "--write-tree",
);
const COMMIT_COUNT = 300;
const PAIR_COUNT = 120;
const TIMEOUT_MS = 60_000;
const GIT_KINDS: Readonly<Record<FileConflict["kind"], string>> = {
  content: "content",
  binary: "content",
  "too-large": "content",
  "add-add": "add/add",
  "modify-delete": "modify/delete",
  collision: "file/directory",
};

class History {
  readonly repository: GitRepository;
  readonly #commits = new Map<number, string>();
  readonly #random: () => number;
  readonly #marksByBranch: readonly (readonly number[])[];

  constructor(hasRenames: boolean) {
    const folder = mkdtempSync(join(tmpdir(), "oursynth-history-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const { stream, marksByBranch } = generateHistory({ seed: SEED, commitCount: COMMIT_COUNT, hasRenames });
    this.repository = new GitRepository(folder);
    this.repository.run(["init", "--quiet", "--bare"]);
    const marksFile = join(folder, "marks");
    this.repository.run(["fast-import", "--quiet", `--export-marks=${marksFile}`], stream);
    for (const line of readFileSync(marksFile, "utf8").split("\n")) {
      const [mark = "", commit = ""] = line.split(" ");
      if (commit !== "") this.#commits.set(Number(mark.slice(1)), commit);
    }
    this.#random = mulberry32(SEED + 1);
    this.#marksByBranch = marksByBranch;
  }

  get commits(): string[] {
    return [...this.#commits.entries()].sort(([a], [b]) => a - b).map(([, commit]) => commit);
  }

  /** Two commits of different branches, with the one that both come from. */
  pickPair(): { readonly base: string; readonly ours: string; readonly theirs: string } | null {
    const ours = this.#pickCommit();
    const theirs = this.#pickCommit();
    const bases = this.repository.mergeBases(ours, theirs);
    const [base] = bases;
    if (base === undefined || bases.length > 1 || base === ours || base === theirs) return null;
    return { base, ours, theirs };
  }

  async compare(
    pair: { readonly base: string; readonly ours: string; readonly theirs: string },
    followsRenames: boolean,
  ): Promise<Compared> {
    const [base = [], oursFiles = [], theirs = []] = this.repository.snapshots([
      pair.base,
      pair.ours,
      pair.theirs,
    ]);
    const sides = { base, ours: oursFiles, theirs };
    const { readFile } = this.repository;
    const ours = await mergeFiles(sides, { readFile, hashing: nodeHashing, decisions: new Map() });
    return {
      ours,
      oursEntries: this.repository.entriesOf(ours.files, ours.blobs),
      git: this.repository.merge(pair.ours, pair.theirs, followsRenames),
    };
  }

  #pickCommit(): string {
    const marks = this.#marksByBranch[Math.floor(this.#random() * this.#marksByBranch.length)] ?? [];
    const mark = marks[Math.floor(this.#random() * marks.length)] ?? 1;
    return this.#commits.get(mark) ?? "";
  }
}

it(
  `[F1] [F3] diffs of ${COMMIT_COUNT} generated commits apply to the tree they were made from (seed ${SEED})`,
  async () => {
    const history = new History(true);
    const trees = history.repository.snapshots(history.commits);
    for (const [index, b] of trees.entries()) {
      await expectApplies(history.repository, trees[index - 1] ?? [], b);
    }
  },
  TIMEOUT_MS,
);

it.skipIf(!gitMergesTrees)(
  `[F2] merges are git's, and conflicts are at git's paths and of git's kind (seed ${SEED})`,
  async () => {
    const history = new History(false);
    let cleanCount = 0;
    let conflictCount = 0;
    for (let attempt = 0; attempt < PAIR_COUNT; attempt++) {
      const pair = history.pickPair();
      if (pair === null) continue;
      const { ours, oursEntries, git } = await history.compare(pair, false);
      const kinds = new Map(ours.conflicts.map(({ path, kind }) => [path, GIT_KINDS[kind]]));
      expect(sortEntries(kinds), JSON.stringify(pair)).toEqual(sortEntries(git.conflicts));
      if (git.isClean) expect(oursEntries, JSON.stringify(pair)).toEqual(git.entries);
      else {
        const conflicting = new Set(git.conflicts.keys());
        expect(oursEntries).toEqual(git.entries.filter((entry) => !conflicting.has(pathOf(entry))));
      }
      if (git.isClean) cleanCount++;
      else conflictCount++;
    }
    console.log(`seed ${SEED}: ${cleanCount} merges as git's, ${conflictCount} with the same conflicts`);
    expect(Math.min(cleanCount, conflictCount)).toBeGreaterThan(5);
  },
  TIMEOUT_MS,
);

it.skipIf(!gitMergesTrees)(
  `[F2] with files that move, a merge without conflict is git's (seed ${SEED})`,
  async () => {
    const history = new History(true);
    let equalCount = 0;
    let strictCount = 0;
    for (let attempt = 0; attempt < PAIR_COUNT; attempt++) {
      const pair = history.pickPair();
      if (pair === null) continue;
      const { ours, oursEntries, git } = await history.compare(pair, true);
      if (!git.isClean) continue;
      if (ours.conflicts.length === 0) {
        expect(oursEntries, JSON.stringify(pair)).toEqual(git.entries);
        equalCount++;
      } else {
        // git also guesses that a file moved which was changed on the way; here that is asked.
        for (const { kind } of ours.conflicts) expect(["modify-delete", "add-add"]).toContain(kind);
        strictCount++;
      }
    }
    console.log(
      `seed ${SEED}: ${equalCount} merges as git's, ${strictCount} where git guesses a move and we ask`,
    );
    expect(equalCount).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);

async function expectApplies(
  { readFile }: GitRepository,
  a: readonly ManifestFile[],
  b: readonly ManifestFile[],
): Promise<void> {
  const diff = await diffCapsules({ files: a }, { files: b }, readFile);
  const applied = await applyDiff(diff, { files: a }, { readFile, hashing: nodeHashing });
  if (!applied.ok) throw new Error(JSON.stringify(applied.reason));
  expect(applied.value.side.files).toEqual(b);
}

function sortEntries(map: ReadonlyMap<string, string>): [string, string][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function pathOf(entry: string): string {
  return entry.split(" ").slice(2).join(" ");
}
