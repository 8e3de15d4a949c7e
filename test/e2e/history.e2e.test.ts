// Time travel: every moment can be looked at, branched from, packed and restored, and nothing is ever lost.
import { beforeAll, describe, expect, test } from "vitest";
import type * as z from "zod";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { computeContentDigest, computeJsonDigest, computeSettingsDigest } from "../../core/capsule/digest.ts";
import { decodeEnvelope } from "../../core/signing/dsse.ts";
import { acceptedSchema, capsuleDetailSchema, statementListSchema } from "../../schemas/api/capsules.ts";
import { committedSchema, treeSchema } from "../../schemas/api/history.ts";
import type { TimelineEvent } from "../../schemas/event.ts";
import { manifestSchema } from "../../schemas/manifest.ts";
import { PREDICATE_RECEIPT } from "../../schemas/statement.ts";
import { ownerClient } from "./support/api-client.ts";
import { type MadeCapsule, makeCapsule } from "./support/capsule-maker.ts";
import { expectRefusal } from "./support/expect-refusal.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

type Tree = z.infer<typeof treeSchema>;
type Change = { path: string; sha256?: string; delete?: true; mode?: "file" | "executable" };

const START = { "src/index.js": "export default { fetch: () => new Response('v1') };\n", "notes/a.txt": "a" };

let project: TestProject;
let capsule: MadeCapsule;

beforeAll(async () => {
  project = await makeProject(ownerClient());
  capsule = await makeCapsule(project.key, START, {
    version: "1.0.0",
    app: { entry: "src/index.js", env: { GREETING: "hello" } },
  });
  await project.push(capsule, "main");
});

async function tree(query = "", of = project): Promise<Tree> {
  return (await of.api.get(of.path(`/tree${query}`))).expect(200, treeSchema);
}

async function put(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const sha256 = nodeHashing.sha256HexSync?.(bytes) ?? "";
  expect((await project.putBlob(sha256, bytes)).status).toBe(200);
  return sha256;
}

async function commit(message: string, change: { files?: Change[]; settings?: object }, branch = "main") {
  const { branches } = await project.facts();
  const expectedHead = branches.find((candidate) => candidate.name === branch)?.headSeq ?? 0;
  const json = { branch, expectedHead, message, ...change };
  return (await project.api.post(project.path("/commits"), json)).expect(201, committedSchema).event;
}

async function expectDigests(moment: Tree, event: Pick<TimelineEvent, "snapshot">): Promise<void> {
  expect(moment.snapshot).toEqual(event.snapshot);
  expect(await computeContentDigest(moment.files, nodeHashing)).toBe(moment.snapshot.contentDigest);
  expect(await computeJsonDigest(moment.settings, nodeHashing)).toBe(moment.snapshot.settingsDigest);
}

describe("a moment", () => {
  test("of a pushed capsule has its files and settings, by both digests", async () => {
    const moment = await tree();
    expect(moment.files).toEqual(capsule.manifest.files);
    expect(moment.capsuleDigest).toBe(capsule.capsuleDigest);
    expect(moment.snapshot).toEqual({
      contentDigest: await computeContentDigest(capsule.manifest.files, nodeHashing),
      settingsDigest: await computeSettingsDigest(capsule.manifest, nodeHashing),
    });
  });

  test("after a commit has the change, and the moment before is as it was", async () => {
    const before = await tree();
    const sha256 = await put("b");
    const event = await commit("add b, drop a", {
      files: [
        { path: "notes/b.txt", sha256, mode: "executable" },
        { path: "notes/a.txt", delete: true },
      ],
    });
    expect(event).toMatchObject({
      type: "commit.created",
      data: { branch: "main", message: "add b, drop a" },
    });
    const after = await tree();
    expect(after.files.map((file) => [file.path, file.mode])).toEqual([
      ["notes/b.txt", "executable"],
      ["src/index.js", "file"],
    ]);
    expect(after.headSeq).toBe(event.seq);
    expect(after.capsuleDigest).toBeNull();
    expect(after.settings).toEqual(before.settings);
    await expectDigests(after, event);
    expect(await tree(`?at=${before.headSeq}`)).toEqual(before);
    expect(await tree(`?at=${event.seq - 1}`)).toEqual(before);
  });

  test("after a change of settings keeps the files, and everything else of the settings", async () => {
    const before = await tree();
    const event = await commit("rename", { settings: { name: "Fairer share" } });
    const after = await tree();
    expect(after.files).toEqual(before.files);
    expect(after.settings).toEqual({ ...before.settings, name: "Fairer share" });
    await expectDigests(after, event);
  });

  test("gives a file's bytes as they were then, as an attachment that no browser runs", async () => {
    const head = (await tree()).headSeq;
    const page = "<script>alert(1)</script>";
    await commit("a page with a name", {
      files: [{ path: "notes/ü \u2028ß.html", sha256: await put(page) }],
    });
    const path = `/files/notes/${encodeURIComponent("ü \u2028ß.html")}`;
    const answer = await project.api.get(project.path(path));
    expect(answer.text).toBe(page);
    expect(answer.headers.get("content-type")).toBe("application/octet-stream");
    expect(answer.headers.get("content-disposition")).toMatch(
      /^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''%C3%BC%20%E2%80%A8%C3%9F\.html$/,
    );
    expect(answer.headers.get("content-security-policy")).toMatch(/^sandbox/);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("content-length")).toBe(String(page.length));
    await expectRefusal(
      project,
      () => project.api.get(project.path(`${path}?at=${head}`)),
      "not-found",
      /at that moment/,
    );
    const old = await project.api.get(project.path(`/files/notes/a.txt?at=${head - 2}`));
    expect([old.status, old.text]).toEqual([200, "a"]);
  });

  test("before the branch began, or of a branch that is not there, is 404", async () => {
    await expectRefusal(
      project,
      () => project.api.get(project.path("/tree?at=1")),
      "not-found",
      /did not exist/,
    );
    const unknown = () => project.api.get(project.path("/tree?branch=unknown"));
    await expectRefusal(project, unknown, "not-found", /unknown/);
  });
});

describe("a branch", () => {
  test("begins at a moment and moves alone", async () => {
    const first = await tree(`?at=${(await firstMove()).headSeq}`);
    const json = { name: "feature/one", at: first.headSeq };
    const { event } = (await project.api.post(project.path("/branches"), json)).expect(201, committedSchema);
    expect(event).toMatchObject({ type: "branch.created", data: { branch: "feature/one", from: "main" } });
    const main = await tree();
    const begun = await tree("?branch=feature/one");
    expect(begun.files).toEqual(first.files);
    expect(begun.snapshot).toEqual(first.snapshot);
    const moved = await commit("alone", { settings: { name: "Alone" } }, "feature/one");
    expect((await tree("?branch=feature/one")).headSeq).toBe(moved.seq);
    expect(await tree()).toEqual(main);
  });

  test("is begun once, from a branch that is there, with a name that can be one", async () => {
    const begin = (json: object) => () => project.api.post(project.path("/branches"), json);
    await expectRefusal(project, begin({ name: "feature/one" }), "conflict", /feature\/one/);
    await expectRefusal(project, begin({ name: "two", from: "unknown" }), "not-found", /unknown/);
    await expectRefusal(project, begin({ name: "two", at: 99_999 }), "not-found", /99999/);
    for (const name of ["", "a//b", "-a", "a/", "a b", "ä"]) {
      await expectRefusal(project, begin({ name }), "validation", /name/);
    }
  });

  test("may begin with nothing, by a commit that expects no head", async () => {
    const sha256 = await put("<h1>new</h1>");
    await commit("out of nothing", { files: [{ path: "index.html", sha256 }] }, "fresh");
    const fresh = await tree("?branch=fresh");
    expect(fresh.files.map((file) => file.path)).toEqual(["index.html"]);
    const again = { branch: "fresh", expectedHead: 0, files: [{ path: "x.html", sha256 }], message: "again" };
    await expectRefusal(
      project,
      () => project.api.post(project.path("/commits"), again),
      "head-moved",
      /fresh/,
    );
  });
});

describe("restoring", () => {
  test("brings back files and settings with equal digests, as a new event, and loses nothing", async () => {
    const start = await firstMove();
    const latest = await tree();
    expect(latest.snapshot.contentDigest).not.toBe(start.snapshot.contentDigest);
    expect(latest.snapshot.settingsDigest).not.toBe(start.snapshot.settingsDigest);
    const events = await project.events();
    const json = { at: start.headSeq, expectedHead: latest.headSeq };
    const { event } = (await project.api.post(project.path("/restore"), json)).expect(201, committedSchema);
    expect(event).toMatchObject({ type: "branch.restored", data: { restoredSeq: start.headSeq } });
    const restored = await tree();
    await expectDigests(restored, event);
    expect(restored).toEqual({ ...start, headSeq: event.seq });
    // All that was is still there: the events, and the moment that was left.
    expect((await project.events()).slice(0, -1)).toEqual(events);
    expect(await tree(`?at=${latest.headSeq}`)).toEqual(latest);

    const back = await project.api.post(project.path("/restore"), { at: latest.headSeq });
    expect(back.status).toBe(201);
    expect((await tree()).snapshot).toEqual(latest.snapshot);
  });

  test("from a head that has moved, or of a moment that was not, is refused", async () => {
    const { headSeq } = await tree();
    const restore = (json: object) => () => project.api.post(project.path("/restore"), json);
    const { headSeq: at } = await firstMove();
    await expectRefusal(project, restore({ at, expectedHead: headSeq - 1 }), "head-moved", /main/);
    await expectRefusal(project, restore({ at: 1 }), "not-found", /did not exist/);
    await expectRefusal(project, restore({ at: 99_999 }), "not-found", /99999/);
    await expectRefusal(project, restore({ at: 5, branch: "unknown" }), "not-found", /unknown/);
  });
});

describe("packing a moment", () => {
  test("twice gives the same capsule, signed by the project's own key, with the moment's capsule as parent", async () => {
    const start = await firstMove();
    const pack = async () => {
      const json = { at: start.headSeq, version: "1.5.0", reason: "for the record" };
      return (await project.api.post(project.path("/capsules"), json)).expect(201, acceptedSchema);
    };
    const packed = await pack();
    const before = await project.footprint();
    expect((await pack()).capsuleDigest).toBe(packed.capsuleDigest);
    expect(await project.footprint()).toEqual(before);

    const detail = await project.api.get(`/api/capsules/${packed.capsuleDigest}`);
    const manifest = manifestSchema.parse(detail.expect(200, capsuleDetailSchema).manifest);
    expect(manifest.files).toEqual(start.files);
    expect(manifest).toMatchObject({
      version: "1.5.0",
      id: "urn:oursynth:app:fair-share@1.5.0",
      parents: [capsule.capsuleDigest],
    });
    expect(await computeContentDigest(manifest.files, nodeHashing)).toBe(start.snapshot.contentDigest);
    const events = await project.events();
    expect(manifest.createdAt).toBe(events.find((event) => event.seq === start.headSeq)?.ts);

    const { platformKeyId } = before.facts;
    const listed = await project.api.get(`/api/capsules/${packed.capsuleDigest}/statements`);
    const { items } = listed.expect(200, statementListSchema);
    const [item, ...others] = items.filter((listed) => listed.predicateType !== PREDICATE_RECEIPT);
    expect(others).toEqual([]);
    expect(item?.keyIds).toEqual([platformKeyId]);
    const parsed = item === undefined ? null : decodeEnvelope(item.envelope);
    expect(parsed?.ok === true && new TextDecoder().decode(parsed.value.payload)).toContain("for the record");
  });

  test("gives a capsule that verifies anywhere and can be deployed", async () => {
    const own = await tree();
    const packed = (await project.api.post(project.path("/capsules"), { version: "2.0.0" })).expect(
      201,
      acceptedSchema,
    );
    expect(packed.contentDigest).toBe(own.snapshot.contentDigest);
    const report = await project.verifyDownload(packed.capsuleDigest);
    expect(report.verdict).toBe("pass");
    const run = await project.waitForDeploy(await project.startDeploy(packed.capsuleDigest, "dev"));
    expect(run.status).toBe("done");
    expect((await project.visit("dev")).text).toBe("v1");
  });

  test("with a version that is none, or of no moment, is refused", async () => {
    const pack = (json: object) => () => project.api.post(project.path("/capsules"), json);
    await expectRefusal(project, pack({ version: "two" }), "validation", /version|id/);
    await expectRefusal(project, pack({ branch: "unknown" }), "not-found", /unknown/);
    await expectRefusal(project, pack({ at: 1 }), "not-found", /did not exist/);
  });

  test("does not move the branch", async () => {
    const before = await tree();
    await project.api.post(project.path("/capsules"), { version: "3.0.0" });
    expect(await tree()).toEqual(before);
  });
});

test("a capsule can be committed to a branch by its digest, and a late push of it does not undo what came after", async () => {
  const { headSeq } = await tree();
  const { capsuleDigest } = capsule;
  const json = { branch: "main", expectedHead: headSeq, capsuleDigest, message: "back to the capsule" };
  (await project.api.post(project.path("/commits"), json)).expect(201, committedSchema);
  expect((await tree()).files).toEqual(capsule.manifest.files);
  expect((await tree()).capsuleDigest).toBe(capsuleDigest);
  await commit("and on", { settings: { name: "On we go" } });
  const on = await tree();
  (await project.finalise(capsule, { branch: "main" })).expect(201, acceptedSchema);
  expect(await tree()).toEqual(on);
});

/** Where main stood after the first push. */
async function firstMove(): Promise<Tree> {
  const [created] = await project.events("&type=commit.created");
  return await tree(`?at=${created?.seq ?? 0}`);
}
