// Tenancy: what belongs to another organization, or to another project than the token's, is not there (404).
import { beforeAll, describe, expect, test } from "vitest";
import type * as z from "zod";
import { createdTokenSchema, keySchema, tokenSchema } from "../../schemas/api/access.ts";
import { capsuleFactsSchema } from "../../schemas/api/capsules.ts";
import { pageSchema } from "../../schemas/api/common.ts";
import { projectSchema } from "../../schemas/api/projects.ts";
import { CLOSE_NOT_ALLOWED, CLOSE_SIGN_IN_AGAIN } from "../../schemas/close-codes.ts";
import { ALL_SCOPES } from "../../schemas/permissions.ts";
import { type Answer, ApiClient, ownerClient } from "./support/api-client.ts";
import { type MadeCapsule, makeGreeter } from "./support/capsule-maker.ts";
import { expectProblem, expectRefusal } from "./support/expect-refusal.ts";
import { LiveSocket } from "./support/live-socket.ts";
import { secondTenant } from "./support/second-tenant.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

const projectPageSchema = pageSchema(projectSchema);

let mine: TestProject;
let capsule: MadeCapsule;
let deployId: string;
let stranger: ApiClient;
let theirs: TestProject;

beforeAll(async () => {
  mine = await makeProject(ownerClient());
  capsule = await makeGreeter(mine.key, "mine");
  deployId = (await mine.ship(capsule)).deployId;
  stranger = (await secondTenant()).api;
  theirs = await makeProject(stranger);
});

/** Every way in that names a project, a capsule or a run of mine. */
function waysIn(api: ApiClient): readonly [string, () => Promise<Answer>][] {
  const { capsuleDigest } = capsule;
  const { projectId } = mine;
  const json = (method: string, path: string, body: unknown) => () => api.send(method, path, { json: body });
  const get = (path: string) => () => api.get(path);
  const ways: [string, () => Promise<Answer>][] = [
    ["GET /api/projects/:id", get(mine.path())],
    ["GET /api/projects/:label", get(`/api/projects/${mine.label}`)],
    ["PATCH /api/projects/:id", json("PATCH", mine.path(), { name: "taken" })],
    ["DELETE /api/projects/:id", () => api.send("DELETE", mine.path())],
    ["GET environments", get(mine.path("/environments"))],
    ["GET timeline", get(mine.path("/timeline"))],
    ["GET timeline/stream", get(mine.path("/timeline/stream"))],
    ["GET timeline/verify", get(mine.path("/timeline/verify"))],
    ["GET tree", get(mine.path("/tree"))],
    ["GET files", get(mine.path("/files/src/index.js"))],
    [
      "POST commits",
      json("POST", mine.path("/commits"), { branch: "main", expectedHead: 0, files: [], message: "x" }),
    ],
    ["POST branches", json("POST", mine.path("/branches"), { name: "theirs" })],
    ["POST restore", json("POST", mine.path("/restore"), { at: 1 })],
    ["POST pack", json("POST", mine.path("/capsules"), {})],
    ["GET capsules", get(mine.path("/capsules"))],
    ["GET deploys", get(mine.path("/deploys"))],
    ["GET runs", get(mine.path("/runs"))],
    ["GET keys", get(mine.path("/keys"))],
    ["GET logs", get(mine.path("/environments/dev/logs"))],
    [
      "POST activate",
      json("POST", mine.path("/environments/dev/activate"), { capsuleDigest, expectedRevision: 1 }),
    ],
    ["POST missing", json("POST", "/api/capsules/missing", { projectId, manifest: capsule.manifest })],
    [
      "POST finalise",
      json("POST", "/api/capsules", { projectId, manifest: capsule.manifest, envelopes: [] }),
    ],
    [
      "POST upload",
      () =>
        api.send("POST", `/api/capsules/upload?projectId=${projectId}`, {
          body: "x",
          headers: { "content-type": "application/octet-stream" },
        }),
    ],
    ["PUT blob", () => api.send("PUT", `/api/blobs/${"0".repeat(64)}?projectId=${projectId}`, { body: "x" })],
    [
      "POST blobs",
      () => api.send("POST", `/api/blobs/batch?projectId=${projectId}`, { body: new FormData() }),
    ],
    ["POST deploys", json("POST", "/api/deploys", { projectId, capsuleDigest, env: "dev" })],
    [
      "POST deploys (dry run)",
      json("POST", "/api/deploys", { projectId, capsuleDigest, env: "dev", dryRun: true }),
    ],
    [
      "POST deploy/create",
      json("POST", "/api/deploy/create", { productSlug: mine.label, version: "latest", env: "dev" }),
    ],
    [
      "POST deploy/capsule",
      json("POST", `/api/deploy/capsule?projectId=${projectId}`, { capsuleHash: capsuleDigest, env: "dev" }),
    ],
    ["GET deploy", get(`/api/deploys/${deployId}`)],
    ["GET deploy/status", get(`/api/deploy/status?deployId=${deployId}`)],
    ["GET deploy logs", get(`/api/deploys/${deployId}/logs`)],
    ["POST deploy cancel", () => api.send("POST", `/api/deploys/${deployId}/cancel`)],
    ["POST deploy retry", () => api.send("POST", `/api/deploys/${deployId}/retry`)],
    ["POST confirmation", json("POST", `/api/confirmations/cnf_x.${projectId}`, { decision: "refuse" })],
  ];
  for (const rest of ["", "/download", "/verify", "/verify?again=1", "/statements"]) {
    ways.push([`GET capsule${rest}`, get(`/api/capsules/${capsuleDigest}${rest}`)]);
    const query = `${rest.includes("?") ? "&" : "?"}projectId=${projectId}`;
    ways.push([`GET capsule${rest} by project`, get(`/api/capsules/${capsuleDigest}${rest}${query}`)]);
  }
  return ways;
}

describe("another organization", () => {
  test("finds nothing of this one on any route, and changes nothing", async () => {
    for (const [name, ask] of waysIn(stranger)) {
      const answer = await ask();
      expect(answer.status, `${name}: ${answer.text}`).toBe(404);
    }
    await expectRefusal(mine, () => stranger.get(mine.path()), "not-found", /no project/);
    await Promise.all(waysIn(stranger).map(([, ask]) => expectRefusal(mine, ask, "not-found", /no /)));
  });

  test("cannot trust a key of its own in a project of this one, nor remove one", async () => {
    const publicKey = Buffer.from(theirs.key.publicKey).toString("base64");
    const add = () => stranger.post("/api/keys", { name: "mine now", publicKey, projectId: mine.projectId });
    await expectRefusal(mine, add, "not-found", /no project/);
    const { platformKeyId } = await mine.facts();
    const remove = () => stranger.send("DELETE", `/api/keys/${platformKeyId}?projectId=${mine.projectId}`);
    await expectRefusal(mine, remove, "not-found", /no project/);
    await expectRefusal(
      mine,
      () => stranger.send("DELETE", `/api/keys/${platformKeyId}`),
      "not-found",
      /key/,
    );
  });

  test("sees only its own projects, keys and tokens in lists", async () => {
    const projects = (await stranger.get("/api/projects?limit=200")).expect(200, projectPageSchema).items;
    expect(projects.map((project) => project.projectId)).toContain(theirs.projectId);
    expect(projects.map((project) => project.projectId)).not.toContain(mine.projectId);
    const listed = await stranger.get("/api/keys");
    expect(listed.text).not.toContain(Buffer.from(mine.key.publicKey).toString("base64"));
    expect(listed.text).toContain(Buffer.from(theirs.key.publicKey).toString("base64"));
    const tokens = (await stranger.get("/api/tokens")).expect(200, pageSchema(tokenSchema)).items;
    const own = (await mine.api.get("/api/tokens")).expect(200, pageSchema(tokenSchema)).items;
    const ids = new Set(own.map((token) => token.tokenId));
    expect(tokens.filter((token) => ids.has(token.tokenId))).toEqual([]);
    for (const token of own.slice(0, 1)) {
      expectProblem(await stranger.send("DELETE", `/api/tokens/${token.tokenId}`), "not-found", /no token/);
    }
  });

  test("is told 4403 in the live socket and gets no event; a bad token is told 4401", async () => {
    const refused = LiveSocket.open(stranger, mine.projectId);
    expect(await refused.closed()).toMatchObject({ code: CLOSE_NOT_ALLOWED });
    expect(refused.frames).toEqual([]);
    const nobody = LiveSocket.open(new ApiClient(stranger.url, "osk_nonsense"), mine.projectId);
    expect(await nobody.closed()).toMatchObject({ code: CLOSE_SIGN_IN_AGAIN });
    const without = LiveSocket.open(new ApiClient(stranger.url, null), mine.projectId);
    expect(await without.closed()).toMatchObject({ code: CLOSE_SIGN_IN_AGAIN });
  });

  test("may have the very same capsule without seeing this one's", async () => {
    const copy = await makeGreeter(theirs.key, "mine");
    expect(copy.capsuleDigest).toBe(capsule.capsuleDigest);
    await theirs.push(copy);
    const facts = (await stranger.get(`/api/capsules/${copy.capsuleDigest}`)).json();
    expect(facts).toMatchObject({ projectId: theirs.projectId });
    const statements = await stranger.get(`/api/capsules/${copy.capsuleDigest}/statements`);
    expect(statements.text).not.toContain("urn:oursynth:predicate:deploy:v1");
  });

  test("cannot deploy a capsule of this one in a project of its own", async () => {
    const other = await makeGreeter(mine.key, "only mine");
    await mine.push(other);
    const { projectId } = theirs;
    const deploy = () =>
      stranger.post("/api/deploys", { projectId, capsuleDigest: other.capsuleDigest, env: "dev" });
    await expectRefusal(theirs, deploy, "not-found", /no capsule/);
    const dryRun = () =>
      stranger.post("/api/deploys", {
        projectId,
        capsuleDigest: other.capsuleDigest,
        env: "dev",
        dryRun: true,
      });
    await expectRefusal(theirs, dryRun, "not-found", /no capsule/);
    const json = { capsuleDigest: other.capsuleDigest, expectedRevision: 0 };
    const activate = () => stranger.post(theirs.path("/environments/dev/activate"), json);
    await expectRefusal(theirs, activate, "not-found", /never built/);
  });
});

describe("a token for one project", () => {
  let restricted: ApiClient;
  let home: TestProject;

  beforeAll(async () => {
    home = await makeProject(mine.api);
    await home.push(await makeGreeter(home.key, "home"));
    const json = { name: "home only", scopes: ALL_SCOPES, projectId: home.projectId };
    const made = (await mine.api.post("/api/tokens", json)).expect(201, createdTokenSchema);
    restricted = new ApiClient(mine.api.url, made.token);
  });

  test("works in its project and finds nothing of any other", async () => {
    expect((await restricted.get(home.path())).status).toBe(200);
    const { items } = (await restricted.get("/api/projects")).expect(200, projectPageSchema);
    expect(items.map((project) => project.projectId)).toEqual([home.projectId]);
    for (const [name, ask] of waysIn(restricted)) {
      const answer = await ask();
      expect(answer.status, `${name}: ${answer.text}`).toBe(404);
      // Not even by name: a run's id must not lead to the project that it belongs to.
      if (name.startsWith("GET deploy") && !name.includes("deploys")) {
        expect(answer.text).not.toContain(mine.projectId);
      }
    }
    const socket = LiveSocket.open(restricted, mine.projectId);
    expect(await socket.closed()).toMatchObject({ code: CLOSE_NOT_ALLOWED });
  });

  test("makes no project, no token for another, and sees no token of another", async () => {
    const make = () => restricted.post("/api/projects", { label: `never-${home.label.slice(4)}` });
    await expectRefusal(home, make, "forbidden", /one project/);
    const json = { name: "more", scopes: ["projects:read"], projectId: mine.projectId };
    await expectRefusal(home, () => restricted.post("/api/tokens", json), "not-found", /no project/);
    const child = await restricted.post("/api/tokens", { name: "child", scopes: ["projects:read"] });
    expect(child.expect(201, createdTokenSchema).projectId).toBe(home.projectId);
    const { items } = (await restricted.get("/api/tokens")).expect(200, pageSchema(tokenSchema));
    expect(new Set(items.map((token) => token.projectId))).toEqual(new Set([home.projectId]));

    const all = (await mine.api.get("/api/tokens")).expect(200, pageSchema(tokenSchema)).items;
    const foreign = all.find((token) => token.projectId === null);
    const revoke = () => restricted.send("DELETE", `/api/tokens/${foreign?.tokenId}`);
    await expectRefusal(home, revoke, "not-found", /no token/);
  });

  test("changes the trust of its own project only: no key of the organization is removed by it", async () => {
    const mineKey = Buffer.from(mine.key.publicKey).toString("base64");
    const listed = (await mine.api.get("/api/keys")).expect(200, pageSchema(keySchema)).items;
    const keyId = listed.find((key) => key.publicKey === mineKey)?.keyId;
    const remove = () => restricted.send("DELETE", `/api/keys/${keyId}`);
    await expectRefusal(home, remove, "not-found", /does not trust/);
    expect((await mine.api.get("/api/keys")).text).toContain(mineKey);
  });
});

test("a deploy of a capsule of another project of the same organization is refused", async () => {
  const other = await makeProject(mine.api);
  const { projectId } = other;
  const deploy = () =>
    other.api.post("/api/deploys", { projectId, capsuleDigest: capsule.capsuleDigest, env: "dev" });
  await expectRefusal(other, deploy, "not-found", /no capsule/);
});

test("pages of projects and capsules skip none and repeat none, also of the same millisecond", async () => {
  const made = await Promise.all([1, 2, 3, 4, 5].map(() => makeProject(stranger)));
  const seen: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const page: z.infer<typeof projectPageSchema> = (
      await stranger.get(`/api/projects?limit=2${query}`)
    ).expect(200, projectPageSchema);
    seen.push(...page.items.map((project) => project.projectId));
    cursor = page.nextCursor;
  }
  expect(new Set(seen).size).toBe(seen.length);
  for (const project of made) expect(seen).toContain(project.projectId);

  const [project] = made;
  if (project === undefined) throw new Error("five were made");
  for (const text of ["one", "two", "three"]) await project.push(await makeGreeter(project.key, text));
  const capsulePageSchema = pageSchema(capsuleFactsSchema);
  const first = (await stranger.get(project.path("/capsules?limit=2"))).expect(200, capsulePageSchema);
  const rest = await stranger.get(project.path(`/capsules?limit=2&cursor=${first.nextCursor}`));
  const { items, nextCursor } = rest.expect(200, capsulePageSchema);
  expect([...first.items, ...items].map((item) => item.eventSeq)).toHaveLength(3);
  expect(nextCursor).toBeNull();
});

test("a deleted project is gone for its owner too, with its hosts, and its label stays taken", async () => {
  const doomed = await makeProject(mine.api);
  await doomed.ship(await makeGreeter(doomed.key, "doomed"));
  expect((await doomed.visit("dev")).text).toBe("doomed");
  expect((await doomed.api.send("DELETE", doomed.path())).status).toBe(204);
  expectProblem(await doomed.api.get(doomed.path()), "not-found", /no project/);
  const capsulePath = `/api/capsules/${(await makeGreeter(doomed.key, "doomed")).capsuleDigest}`;
  expectProblem(await doomed.api.get(capsulePath), "not-found", /no capsule/);
  await expect.poll(async () => (await doomed.visit("dev")).status, { timeout: 15_000 }).toBe(421);
  expectProblem(await doomed.api.post("/api/projects", { label: doomed.label }), "conflict", /taken/);
});

test("a run that is under way when its project is deleted puts no host up again", async () => {
  const doomed = await makeProject(mine.api);
  const late = await makeGreeter(doomed.key, "too late");
  await doomed.push(late);
  await Promise.all([1, 2, 3].map(() => doomed.startDeploy(late.capsuleDigest, "dev")));
  expect((await doomed.api.send("DELETE", doomed.path())).status).toBe(204);
  await expect.poll(async () => (await doomed.visit("dev")).status, { timeout: 15_000 }).toBe(421);
});
