// The history of this repository itself, as far as the clone has it: every commit's diff applies to the tree before it,
// and every merge gives what git gives.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { applyDiff } from "../../core/capsule/apply-diff.ts";
import { diffCapsules } from "../../core/capsule/diff-capsules.ts";
import { mergeFiles } from "../../core/capsule/merge-files.ts";
import { GitRepository } from "./git-repository.ts";

const ROOT = join(import.meta.dirname, "../..");
const MAX_COMMITS = 150;
const TIMEOUT_MS = 60_000;

/** Newest first, each with its parents; empty when this is no clone. */
function listCommits(): { readonly commit: string; readonly parents: readonly string[] }[] {
  const listed = spawnSync("git", ["log", `--max-count=${MAX_COMMITS}`, "--format=%H %P", "HEAD"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (listed.status !== 0) return [];
  return listed.stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [commit = "", ...parents] = line.split(" ").filter((word) => word !== "");
      return { commit, parents };
    });
}

const commits = listCommits();
const known = new Set(commits.map(({ commit }) => commit));
// At the edge of a shallow clone a parent is named that is not there.
const steps = commits.flatMap(({ commit, parents }) =>
  parents.filter((parent) => known.has(parent)).map((parent) => ({ parent, commit })),
);
const merges = commits.filter(
  ({ parents }) => parents.length === 2 && parents.every((one) => known.has(one)),
);

it.skipIf(steps.length === 0)(
  `[F1] [F3] the ${steps.length} steps of this clone's history, replayed by diffs, give each commit's tree`,
  async () => {
    const repository = new GitRepository(ROOT);
    const { readFile } = repository;
    for (const { parent, commit } of steps) {
      const [a = [], b = []] = repository.snapshots([parent, commit]);
      const diff = await diffCapsules({ files: a }, { files: b }, readFile);
      const applied = await applyDiff(diff, { files: a }, { readFile, hashing: nodeHashing });
      if (!applied.ok) throw new Error(`${commit}: ${JSON.stringify(applied.reason)}`);
      expect(applied.value.side.files, commit).toEqual(b);
    }
    console.log(`replayed ${steps.length} steps of ${commits.length} commits`);
  },
  TIMEOUT_MS,
);

it.skipIf(merges.length === 0)(
  `[F2] the ${merges.length} merges of this clone's history are git's`,
  async () => {
    const repository = new GitRepository(ROOT);
    let comparedCount = 0;
    for (const { parents } of merges) {
      const [oursCommit = "", theirsCommit = ""] = parents;
      const [baseCommit, ...moreBases] = repository.mergeBases(oursCommit, theirsCommit);
      if (baseCommit === undefined || moreBases.length > 0) continue;
      const [base = [], ours = [], theirs = []] = repository.snapshots([
        baseCommit,
        oursCommit,
        theirsCommit,
      ]);
      const git = repository.merge(oursCommit, theirsCommit, true);
      const merged = await mergeFiles(
        { base, ours, theirs },
        { readFile: repository.readFile, hashing: nodeHashing, decisions: new Map() },
      );
      if (!git.isClean || merged.conflicts.length > 0) continue;
      expect(repository.entriesOf(merged.files, merged.blobs)).toEqual(git.entries);
      comparedCount++;
    }
    console.log(`${comparedCount} of ${merges.length} merges are clean on both sides, and equal`);
  },
  TIMEOUT_MS,
);
