// Diff and merge over HTTP: two lines of work that come from one capsule, and are brought together again.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { applyDiff } from "../../core/capsule/apply-diff.ts";
import { mergeCapsules } from "../../core/capsule/merge-capsules.ts";
import {
  acceptedSchema,
  capsuleDetailSchema,
  capsuleDiffAnswerSchema,
  mergeConflictsSchema,
} from "../../schemas/api/capsules.ts";
import { committedSchema, momentDiffSchema, treeSchema } from "../../schemas/api/history.ts";
import { manifestSchema } from "../../schemas/manifest.ts";
import { ownerClient } from "./support/api-client.ts";
import { type MadeCapsule, makeCapsule } from "./support/capsule-maker.ts";
import { expectProblem, expectRefusal } from "./support/expect-refusal.ts";
import { secondTenant } from "./support/second-tenant.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

const LINES = ["one", "two", "three", "four", "five", "six", "seven"];
const SOURCE = "export default { fetch: () => new Response('v1') };\n";
const IMAGE = Uint8Array.of(0x89, 0, 1, 2);

let project: TestProject;
let base: MadeCapsule;
let ours: MadeCapsule;
let theirs: MadeCapsule;
/** Changes the line that ours changes. */
let rival: MadeCapsule;

function textWith(changes: Readonly<Record<number, string>>): string {
  return LINES.map((line, index) => `${changes[index] ?? line}\n`).join("");
}

function makeSide(files: Record<string, string | Uint8Array>, version: string, env: Record<string, string>) {
  const all = { "src/index.js": SOURCE, ...files };
  return makeCapsule(project.key, all, { version, app: { entry: "src/index.js", env } });
}

beforeAll(async () => {
  project = await makeProject(ownerClient());
  base = await makeSide({ "a.txt": textWith({}), "b.png": IMAGE, old: "moves\n" }, "1.0.0", { A: "1" });
  ours = await makeSide({ "a.txt": textWith({ 1: "TWO" }), "b.png": IMAGE, new: "moves\n" }, "1.1.0", {
    A: "2",
  });
  theirs = await makeSide(
    { "a.txt": textWith({ 5: "SIX" }), "b.png": Uint8Array.of(0), old: "moves\n" },
    "1.0.1",
    { A: "1", B: "1" },
  );
  rival = await makeSide({ "a.txt": textWith({ 1: "2" }), "b.png": IMAGE, old: "moves\n" }, "1.0.2", {
    A: "3",
  });
  for (const capsule of [base, ours, theirs, rival]) await project.push(capsule);
});

function askMerge(sides: { theirs?: MadeCapsule }, more: object = {}, of = project) {
  const { projectId } = of;
  return of.api.post("/api/capsules/merge", {
    projectId,
    base: base.capsuleDigest,
    ours: ours.capsuleDigest,
    theirs: (sides.theirs ?? theirs).capsuleDigest,
    version: "2.0.0",
    ...more,
  });
}

async function diffOf(a: MadeCapsule, b: MadeCapsule) {
  const answer = await project.api.get(`/api/capsules/${a.capsuleDigest}/diff/${b.capsuleDigest}`);
  return answer.expect(200, capsuleDiffAnswerSchema);
}

describe("the difference of two capsules", () => {
  test("[F1] names files and fields, and applied to the one gives the other", async () => {
    const { from, to, ...diff } = await diffOf(base, ours);
    expect([from, to]).toEqual([base.capsuleDigest, ours.capsuleDigest]);
    expect(diff.files.map(({ kind, path }) => [kind, path])).toEqual([
      ["modified", "a.txt"],
      ["renamed", "new"],
    ]);
    expect(diff.files[0]?.patch).toContain("\n-two\n+TWO\n");
    expect(diff.fields).toContainEqual({ pointer: "/app/env/A", before: "1", after: "2" });
    const applied = await applyDiff(diff, base.manifest, {
      readFile: (sha256) => base.blobs.get(sha256) ?? null,
      hashing: nodeHashing,
    });
    expect(applied).toMatchObject({ ok: true, value: { side: ours.manifest } });
  });

  test("[F3] of a capsule and itself is empty", async () => {
    expect(await diffOf(base, base)).toMatchObject({ files: [], fields: [] });
  });

  test("[F1] tells a binary by its digests", async () => {
    const { files } = await diffOf(base, theirs);
    expect(files.find(({ path }) => path === "b.png")).toMatchObject({ content: "binary", patch: null });
  });

  test("[F1] is nobody's who has not got both, whoever knows the digests", async () => {
    const { api } = await secondTenant();
    const stranger = await makeProject(api);
    const own = await makeCapsule(stranger.key, { "index.html": "mine" });
    await stranger.push(own);
    const ask = (a: string, b: string) => () => api.get(`/api/capsules/${a}/diff/${b}`);
    await expectRefusal(stranger, ask(own.capsuleDigest, base.capsuleDigest), "not-found", /no capsule/);
    await expectRefusal(stranger, ask(base.capsuleDigest, own.capsuleDigest), "not-found", /no capsule/);
    await expectRefusal(stranger, ask(own.capsuleDigest, "sha256:12"), "validation", /b/);
    const merge = () => askMerge({}, {}, stranger);
    await expectRefusal(stranger, merge, "not-found", /no capsule/);
    const foreign = () => askMerge({ theirs: own });
    await expectRefusal(project, foreign, "not-found", /no capsule/);
    expectProblem(await api.get(project.path("/diff?from=1")), "not-found", /no project/);
  });
});

describe("the merge of two capsules with a lockfile", () => {
  test("[B1] has a bill of materials of its own, made from the merged lockfile", async () => {
    const lockfile = readFileSync(join(import.meta.dirname, "../vectors/lockfiles/package-lock-v3.json"));
    const [from, one, two] = await Promise.all([
      makeSide({ "package-lock.json": lockfile }, "3.0.0", {}),
      makeSide({ "package-lock.json": lockfile, "one.txt": "1" }, "3.1.0", {}),
      makeSide({ "package-lock.json": lockfile, "two.txt": "2" }, "3.0.1", {}),
    ]);
    for (const side of [from, one, two]) await project.push(side);
    const sides = { base: from.capsuleDigest, ours: one.capsuleDigest, theirs: two.capsuleDigest };
    const answer = await askMerge({}, { ...sides, version: "3.2.0" });
    const { capsuleDigest } = answer.expect(201, acceptedSchema);
    const sbom = await project.api.get(`/api/capsules/${capsuleDigest}/sbom`);
    expect(sbom.json()).toMatchObject({ bomFormat: "CycloneDX" });
    expect(sbom.text).toContain('"pkg:npm/hono@');
    expect((await project.verifyDownload(capsuleDigest)).verdict).toBe("pass");
  });
});

describe("the difference of two moments", () => {
  test("[F1] of a branch, by event; to its head when left out", async () => {
    const branch = "moments";
    const json = { branch, expectedHead: 0, capsuleDigest: base.capsuleDigest, message: "begin" };
    const begun = (await project.api.post(project.path("/commits"), json)).expect(201, committedSchema);
    const change = {
      branch,
      expectedHead: begun.event.seq,
      files: [{ path: "a.txt", delete: true }],
      settings: { name: "Renamed" },
      message: "drop a",
    };
    const moved = (await project.api.post(project.path("/commits"), change)).expect(201, committedSchema);
    const ask = async (query: string) =>
      (await project.api.get(project.path(`/diff?branch=${branch}&${query}`))).expect(200, momentDiffSchema);
    const diff = await ask(`from=${begun.event.seq}&to=${moved.event.seq}`);
    expect(diff).toMatchObject({ branch, from: begun.event.seq, to: moved.event.seq });
    expect(diff.files.map(({ kind, path }) => [kind, path])).toEqual([["removed", "a.txt"]]);
    expect(diff.fields).toEqual([{ pointer: "/name", before: base.manifest.name, after: "Renamed" }]);
    expect(await ask(`from=${begun.event.seq}`)).toEqual(diff);
    const back = await ask(`from=${moved.event.seq}&to=${begun.event.seq}`);
    expect(back.files.map(({ kind }) => kind)).toEqual(["added"]);
    expect((await ask(`from=${moved.event.seq}`)).files).toEqual([]);
    const path = project.path(`/diff?branch=${branch}`);
    await expectRefusal(project, () => project.api.get(path), "validation", /from/);
    await expectRefusal(project, () => project.api.get(`${path}&from=1`), "not-found", /did not exist/);
  });
});

describe("merging", () => {
  test("[F2] brings two lines of work together, signed by the project's own key, on a branch", async () => {
    const merged = (await askMerge({}, { branch: "merged", reason: "both are good" })).expect(
      201,
      acceptedSchema,
    );
    expect(merged.version).toBe("2.0.0");
    const detail = await project.api.get(`/api/capsules/${merged.capsuleDigest}`);
    const manifest = manifestSchema.parse(detail.expect(200, capsuleDetailSchema).manifest);
    expect(manifest.parents).toEqual([ours.capsuleDigest, theirs.capsuleDigest]);
    expect(manifest.files.map(({ path }) => path)).toEqual(["a.txt", "b.png", "new", "src/index.js"]);
    expect(manifest.app.env).toEqual({ A: "2", B: "1" });
    const file = await project.api.get(project.path("/files/a.txt?branch=merged"));
    expect(file.text).toBe(textWith({ 1: "TWO", 5: "SIX" }));
    const tree = (await project.api.get(project.path("/tree?branch=merged"))).expect(200, treeSchema);
    expect(tree.capsuleDigest).toBe(merged.capsuleDigest);

    const report = await project.verifyDownload(merged.capsuleDigest);
    expect(report.verdict).toBe("pass");
  });

  test("[F2] gives the capsule that the same merge gives anywhere, every time", async () => {
    const once = (await askMerge({})).expect(201, acceptedSchema);
    expect((await askMerge({})).expect(201, acceptedSchema).capsuleDigest).toBe(once.capsuleDigest);
    const blobs = new Map([...base.blobs, ...ours.blobs, ...theirs.blobs]);
    const here = await mergeCapsules(base.manifest, ours.manifest, theirs.manifest, {
      version: "2.0.0",
      hashing: nodeHashing,
      readFile: (sha256) => blobs.get(sha256) ?? null,
    });
    if (!here.ok || here.value.status !== "merged") throw new Error(JSON.stringify(here));
    const stored = await project.api.get(`/api/capsules/${once.capsuleDigest}`);
    expect(stored.expect(200, capsuleDetailSchema).manifest).toEqual(here.value.manifest);
  });

  test("[F2] answers conflicts as data and stores nothing until each is decided", async () => {
    const before = await project.footprint();
    const { conflicts } = (await askMerge({ theirs: rival })).expect(200, mergeConflictsSchema);
    expect(conflicts).toMatchObject([
      {
        kind: "field",
        path: "/app/env/A",
        base: { value: "1" },
        ours: { value: "2" },
        theirs: { value: "3" },
      },
      { kind: "content", path: "a.txt", base: { mode: "file" } },
    ]);
    expect(conflicts[1]).toHaveProperty("text", expect.stringContaining("<<<<<<< ours\nTWO\n"));
    const half = await askMerge({ theirs: rival }, { decisions: { "a.txt": "ours" } });
    expect(half.expect(200, mergeConflictsSchema).conflicts.map(({ path }) => path)).toEqual(["/app/env/A"]);
    expect(await project.footprint()).toEqual(before);

    const content = textWith({ 1: "zwei" });
    const decisions = { "a.txt": { content }, "/app/env/A": "theirs" };
    const json = { decisions, branch: "decided" };
    const merged = (await askMerge({ theirs: rival }, json)).expect(201, acceptedSchema);
    expect(merged.report.verdict).toBe("pass");
    expect((await project.api.get(project.path("/files/a.txt?branch=decided"))).text).toBe(content);
    const tree = (await project.api.get(project.path("/tree?branch=decided"))).expect(200, treeSchema);
    expect(tree.settings).toMatchObject({ app: { env: { A: "3" } } });
  });

  test("[F2] refuses a version that is none, and decisions about nothing", async () => {
    await expectRefusal(project, () => askMerge({}, { version: "two" }), "validation", /version/);
    const decisions = { nothing: "ours" };
    const problem = await expectRefusal(project, () => askMerge({}, { decisions }), "validation", /nothing/);
    expect(problem.errors?.map(({ path }) => path)).toEqual(["decisions.nothing"]);
    const unknown = () => askMerge({}, { decisions: { "a.txt": "both" } });
    await expectRefusal(project, unknown, "validation", /decisions/);
    const missing = () => askMerge({}, { base: `sha256:${"0".repeat(64)}` });
    await expectRefusal(project, missing, "not-found", /no capsule/);
  });
});
