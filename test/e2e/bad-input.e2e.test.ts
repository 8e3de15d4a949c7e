// Bad input: each refusal names what is wrong in one sentence, in problem+json, and loses nothing that was stored.
import { createHash, randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { envelopeBytes } from "../../core/signing/dsse.ts";
import { createdTokenSchema } from "../../schemas/api/access.ts";
import { acceptedSchema } from "../../schemas/api/capsules.ts";
import { committedSchema } from "../../schemas/api/history.ts";
import type { Manifest } from "../../schemas/manifest.ts";
import { verificationReportSchema } from "../../schemas/verification.ts";
import { type Answer, ApiClient, ownerClient } from "./support/api-client.ts";
import {
  type MadeCapsule,
  makeCapsule,
  makeGreeter,
  newKey,
  packContainer,
  signAbout,
  signManifest,
} from "./support/capsule-maker.ts";
import { expectProblem, expectRefusal } from "./support/expect-refusal.ts";
import { askRaw } from "./support/raw-request.ts";
import { secondTenant } from "./support/second-tenant.ts";
import { askHost, makeProject, type TestProject } from "./support/test-project.ts";

const FILES = { "index.html": "<h1>Steady</h1>" };
const OCTETS = { "content-type": "application/octet-stream" };

let project: TestProject;
let good: MadeCapsule;

beforeAll(async () => {
  project = await makeProject(ownerClient());
  good = await makeCapsule(project.key, FILES, { version: "1.0.0" });
  await project.push(good, "main");
});

const sha256Of = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

function uploadContainer(bytes: Uint8Array<ArrayBuffer>): Promise<Answer> {
  const path = `/api/capsules/upload?projectId=${project.projectId}`;
  return project.api.send("POST", path, { body: bytes, headers: OCTETS });
}

describe("a manifest", () => {
  const wrong: readonly [string, (manifest: Manifest) => object, RegExp][] = [
    ["with an unknown key", (manifest) => ({ ...manifest, colour: "red" }), /colour/],
    ["with a value of another type", (manifest) => ({ ...manifest, createdAt: "now" }), /createdAt/],
    ["without a field", ({ rights: _gone, ...rest }) => rest, /rights/],
    ["of another type", (manifest) => ({ ...manifest, _type: "urn:other" }), /urn:other/],
    [
      "with a path that leaves the folder",
      (manifest) => ({
        ...manifest,
        files: manifest.files.map((file) => ({ ...file, path: "../index.html" })),
      }),
      /files\.0\.path/,
    ],
    [
      "with a path of more than 1,024 bytes",
      (manifest) => ({
        ...manifest,
        files: manifest.files.map((file) => ({ ...file, path: "ä".repeat(513) })),
      }),
      /files\.0\.path.*1,?024/,
    ],
    [
      "with 9,001 files",
      (manifest) => ({
        ...manifest,
        files: Array.from({ length: 9_001 }, (_, index) => ({
          ...manifest.files[0],
          path: `f/${String(index).padStart(5, "0")}`,
        })),
      }),
      /9,?000/,
    ],
    [
      "with a file of more than 90 MiB",
      (manifest) => ({
        ...manifest,
        files: manifest.files.map((file) => ({ ...file, sizeBytes: 94_371_841 })),
      }),
      /94371840/,
    ],
  ];

  for (const [what, spoil, detail] of wrong) {
    test(`${what} is refused in the negotiation, naming the field`, async () => {
      const manifest = spoil(good.manifest);
      const { projectId } = project;
      const ask = () => project.api.post("/api/capsules/missing", { projectId, manifest });
      const problem = await expectRefusal(project, ask, "capsule-invalid", detail);
      expect(problem.errors?.length).toBeGreaterThan(0);
    });

    test(`${what} is refused at finalise, with the report`, async () => {
      const manifest = spoil(good.manifest) as Manifest;
      const signed = await signManifest(project.key, manifest);
      const ask = () => project.finalise(signed);
      const problem = await expectRefusal(project, ask, "capsule-invalid", detail);
      expect(verificationReportSchema.parse(problem.report).verdict).toBe("fail");
    });
  }
});

describe("a blob", () => {
  const bytes = new TextEncoder().encode("these bytes");
  const other = sha256Of(new TextEncoder().encode("other bytes"));

  test("with another digest is refused and not stored (PUT)", async () => {
    const capsule = await makeCapsule(project.key, { "index.html": "other bytes" });
    await expectRefusal(project, () => project.putBlob(other, bytes), "digest-mismatch", new RegExp(other));
    expect(await project.missing(capsule)).toEqual([other]);
  });

  test("with another digest is refused with its whole batch", async () => {
    const capsule = await makeCapsule(project.key, {
      "a.html": "good in a bad batch",
      "b.html": "other bytes",
    });
    const [[goodSha256 = "", goodBytes = new Uint8Array()] = []] = capsule.blobs;
    const batch = [[goodSha256, goodBytes] as const, [other, bytes] as const];
    await expectRefusal(project, () => project.putBatch(batch), "digest-mismatch", new RegExp(other));
    expect((await project.missing(capsule)).toSorted()).toEqual([...capsule.blobs.keys()].toSorted());
  });

  test("whose name is no digest is refused", async () => {
    await expectRefusal(project, () => project.putBlob("ABC", bytes), "validation", /SHA-256/);
    await expectRefusal(project, () => project.putBatch([["readme", bytes]]), "validation", /SHA-256/);
  });

  test("of more than 90 MiB is refused by its announced length, naming the limit", async () => {
    const ask = () =>
      askRaw(project.api, {
        method: "PUT",
        path: `/api/blobs/${other}?projectId=${project.projectId}`,
        headers: { "content-length": "94371841" },
        ending: "open",
      });
    await expectRefusal(project, ask, "too-large", /94371840 bytes.*94371841/);
  });

  test("without a Content-Length is refused", async () => {
    const ask = () =>
      askRaw(project.api, {
        method: "PUT",
        path: `/api/blobs/${sha256Of(bytes)}?projectId=${project.projectId}`,
        headers: { "transfer-encoding": "chunked" },
        parts: [bytes],
        ending: "end",
      });
    await expectRefusal(project, ask, "length-required", /Content-Length/);
  });

  test("batch of more than 16 MiB is refused by its announced length, naming the limit", async () => {
    const ask = () =>
      askRaw(project.api, {
        method: "POST",
        path: `/api/blobs/batch?projectId=${project.projectId}`,
        headers: { "content-type": "multipart/form-data; boundary=x", "content-length": "16777217" },
        ending: "open",
      });
    await expectRefusal(project, ask, "too-large", /16777216 bytes/);
  });

  test("batch without a Content-Length, or of more than 500 parts, is refused", async () => {
    const path = `/api/blobs/batch?projectId=${project.projectId}`;
    const headers = { "content-type": "multipart/form-data; boundary=x", "transfer-encoding": "chunked" };
    const ask = () => askRaw(project.api, { method: "POST", path, headers, parts: [bytes], ending: "end" });
    await expectRefusal(project, ask, "length-required", /Content-Length/);
    const many = Array.from({ length: 501 }, (_, index) => new TextEncoder().encode(`part ${index}`));
    const parts = () => project.putBatch(many.map((part) => [sha256Of(part), part] as const));
    await expectRefusal(project, parts, "too-large", /500 parts/);
  });

  test("batch that is not multipart is refused", async () => {
    const path = `/api/blobs/batch?projectId=${project.projectId}`;
    const ask = () => project.api.send("POST", path, { body: bytes, headers: OCTETS });
    await expectRefusal(project, ask, "unsupported-media-type", /multipart\/form-data/);
  });

  test("without a project is refused", async () => {
    const ask = () => project.api.send("PUT", `/api/blobs/${sha256Of(bytes)}`, { body: bytes });
    await expectRefusal(project, ask, "validation", /projectId/);
  });
});

describe("possession", () => {
  test("a digest that another organization has put gives this one nothing", async () => {
    const { api } = await secondTenant();
    const theirs = await makeProject(api);
    const secret = await makeCapsule(theirs.key, {
      "secret.txt": `theirs ${randomBytes(8).toString("hex")}`,
    });
    const [sha256 = ""] = secret.blobs.keys();
    await theirs.push(secret, "main");

    const mine = { ...secret, ...(await signManifest(project.key, secret.manifest)) };
    expect(await project.missing(mine)).toEqual([sha256]);
    const problem = await expectRefusal(project, () => project.finalise(mine), "blobs-missing", /1/);
    expect(problem.missing).toEqual([sha256]);
    const message = "take it";
    const files = [{ path: "stolen.txt", sha256 }];
    const head = await headOf("main");
    const commit = () =>
      project.api.post(project.path("/commits"), { branch: "main", expectedHead: head, files, message });
    await expectRefusal(project, commit, "blobs-missing", /1/);
    for (const rest of ["", "/download", "/verify", "/statements"]) {
      const ask = () => project.api.get(`/api/capsules/${secret.capsuleDigest}${rest}`);
      await expectRefusal(project, ask, "not-found", /no capsule/);
    }
  });
});

describe("finalise", () => {
  test("with blobs missing is refused, naming them", async () => {
    const capsule = await makeCapsule(project.key, {
      "never.html": `never put ${randomBytes(8).toString("hex")}`,
    });
    const problem = await expectRefusal(project, () => project.finalise(capsule), "blobs-missing", /1/);
    expect(problem.missing).toEqual([...capsule.blobs.keys()]);
  });

  test("of a capsule by a key that the project does not know is refused", async () => {
    const capsule = await makeCapsule(await newKey(), FILES, { version: "6.0.0" });
    const ask = () => project.finalise(capsule);
    const problem = await expectRefusal(project, ask, "capsule-invalid", /signature|signed|key/i);
    expect(verificationReportSchema.parse(problem.report).verdict).not.toBe("pass");
  });

  test("of a capsule that nobody signed is refused", async () => {
    const capsule = await makeCapsule(project.key, FILES, { version: "6.0.1" });
    const ask = () => project.finalise({ ...capsule, envelopes: [] });
    await expectRefusal(project, ask, "capsule-invalid", /signature/i);
  });

  test("with an envelope about another digest (a changed manifest) is refused", async () => {
    const manifest = { ...good.manifest, name: "changed after signing" };
    const ask = () => project.finalise({ manifest, envelopes: good.envelopes });
    await expectRefusal(project, ask, "capsule-invalid", /capsule/i);
  });

  test("with a signature that was changed is refused", async () => {
    const [envelope] = good.envelopes;
    const sig = Buffer.from(randomBytes(64)).toString("base64");
    const signatures = envelope?.signatures.map((signature) => ({ ...signature, sig })) ?? [];
    const envelopes = envelope === undefined ? [] : [{ ...envelope, signatures }];
    const fresh = await makeCapsule(project.key, FILES, { version: "6.0.2" });
    const ask = () => project.finalise({ ...fresh, envelopes });
    await expectRefusal(project, ask, "capsule-invalid", /signature/i);
  });

  test("with more than 64 envelopes is refused, naming the field", async () => {
    const envelope = await signAbout(project.key, good.manifest.id, good.capsuleDigest);
    const envelopes = Array.from({ length: 65 }, () => envelope);
    const ask = () => project.finalise({ manifest: good.manifest, envelopes });
    await expectRefusal(project, ask, "validation", /envelopes.*64/);
  });
});

describe("a .caps", () => {
  test("with one changed byte of a file is refused", async () => {
    const capsule = await makeCapsule(
      project.key,
      { "index.html": "<h1>flip me</h1>" },
      { version: "7.0.0" },
    );
    const container = await packContainer(capsule);
    const at = Buffer.from(container).indexOf("<h1>flip me");
    container.set([(container[at] ?? 0) ^ 1], at);
    const problem = await expectRefusal(
      project,
      () => uploadContainer(container),
      "capsule-invalid",
      /index\.html/,
    );
    expect(verificationReportSchema.parse(problem.report).verdict).toBe("fail");
    expect(await project.missing(capsule)).toEqual([...capsule.blobs.keys()]);
  });

  test("with one changed byte of a large file is refused, and the file is not possessed", async () => {
    const capsule = await makeCapsule(
      project.key,
      { "large.bin": new Uint8Array(randomBytes(2_500_000)) },
      { version: "7.0.1" },
    );
    const container = await packContainer(capsule);
    const at = container.length - 1_000_000;
    container.set([(container[at] ?? 0) ^ 1], at);
    await expectRefusal(project, () => uploadContainer(container), "capsule-invalid", /large\.bin/);
    expect(await project.missing(capsule)).toEqual([...capsule.blobs.keys()]);
  });

  test("that was cut short, or has something behind it, is refused", async () => {
    const container = await packContainer(await makeCapsule(project.key, FILES, { version: "7.0.2" }));
    const cut = () => uploadContainer(container.slice(0, -30));
    await expectRefusal(project, cut, "capsule-invalid", /byte/);
    const longer = new Uint8Array([...container, 0]);
    await expectRefusal(project, () => uploadContainer(longer), "capsule-invalid", /byte/);
  });

  test("that is no ZIP at all, or empty, is refused", async () => {
    const noise = new TextEncoder().encode("this is not a capsule at all");
    await expectRefusal(project, () => uploadContainer(noise), "capsule-invalid", /./);
    const nothing = () => uploadContainer(new Uint8Array());
    expect([400, 411]).toContain((await nothing()).status);
  });

  test("in which an envelope was exchanged is refused", async () => {
    const capsule = await makeCapsule(project.key, FILES, { version: "7.0.3" });
    const foreign = await signAbout(await newKey(), capsule.manifest.id, capsule.capsuleDigest);
    const container = await packContainer({ ...capsule, envelopes: [foreign] });
    expect(envelopeBytes(foreign).length).toBeGreaterThan(0);
    await expectRefusal(project, () => uploadContainer(container), "capsule-invalid", /sign|key/i);
  });
});

describe("a request body", () => {
  const rename = (json: string, headers: Record<string, string> = { "content-type": "application/json" }) =>
    project.api.send("PATCH", project.path(), { body: json, headers });

  test("that is not JSON is refused", async () => {
    await expectRefusal(project, () => rename('{"name": '), "malformed-json", /JSON/);
  });

  test("of another media type is refused, naming it", async () => {
    const ask = () => rename('{"name":"x"}', { "content-type": "text/plain" });
    await expectRefusal(project, ask, "unsupported-media-type", /application\/json.*text\/plain/);
  });

  test("with an unknown key, a missing one or a wrong type is refused, naming the field", async () => {
    await expectRefusal(project, () => rename('{"name":"x","colour":1}'), "validation", /colour/);
    await expectRefusal(project, () => rename("{}"), "validation", /name/);
    const problem = await expectRefusal(project, () => rename('{"name":7}'), "validation", /name/);
    expect(problem.errors?.[0]?.path).toBe("name");
  });

  test("that is too large is refused by its announced length, naming the limit", async () => {
    const ask = () =>
      askRaw(project.api, {
        method: "PATCH",
        path: project.path(),
        headers: { "content-type": "application/json", "content-length": "100000000" },
        ending: "open",
      });
    await expectRefusal(project, ask, "too-large", /33554432 bytes/);
  });

  test("of nothing is refused", async () => {
    await expectRefusal(
      project,
      () => project.api.send("POST", "/api/deploys"),
      "unsupported-media-type",
      /json/,
    );
  });
});

describe("a token", () => {
  const ask = (authorization: string | null) =>
    new ApiClient(project.api.url, null).get(
      project.path(),
      authorization === null ? {} : { headers: { authorization } },
    );

  test("must be there, in the right header form", async () => {
    const missing = await expectRefusal(project, () => ask(null), "unauthenticated", /Bearer/);
    expect(missing.status).toBe(401);
    await expectRefusal(project, () => ask("Basic abc"), "unauthenticated", /Bearer/);
    await expectRefusal(project, () => ask("Bearer"), "unauthenticated", /Bearer/);
    await expectRefusal(project, () => ask("Bearer a b"), "unauthenticated", /Bearer/);
    expect((await ask(null)).headers.get("www-authenticate")).toMatch(/^Bearer/);
  });

  test("that is malformed or has a wrong checksum is refused", async () => {
    const token = project.api.token ?? "";
    const last = token.endsWith("0") ? "1" : "0";
    await expectRefusal(project, () => ask("Bearer nonsense"), "unauthenticated", /checksum/);
    await expectRefusal(
      project,
      () => ask(`Bearer ${token.slice(0, -1)}${last}`),
      "unauthenticated",
      /checksum/,
    );
    await expectRefusal(project, () => ask(`Bearer ${token}x`), "unauthenticated", /checksum/);
  });

  test("that has expired is refused, and told so", async () => {
    const { expiredToken } = await secondTenant();
    await expectRefusal(project, () => ask(`Bearer ${expiredToken}`), "unauthenticated", /expired/);
  });

  test("that is revoked is refused at once", async () => {
    const made = await project.api.post("/api/tokens", { name: "short-lived", scopes: ["projects:read"] });
    const { token, tokenId } = made.expect(201, createdTokenSchema);
    expect((await ask(`Bearer ${token}`)).status).toBe(200);
    expect((await project.api.send("DELETE", `/api/tokens/${tokenId}`)).status).toBe(204);
    await expectRefusal(project, () => ask(`Bearer ${token}`), "unauthenticated", /revoked/);
  });

  test("without the scope is refused, naming the scope", async () => {
    const made = await project.api.post("/api/tokens", { name: "reader", scopes: ["projects:read"] });
    const reader = new ApiClient(project.api.url, made.expect(201, createdTokenSchema).token);
    const { projectId } = project;
    const deploy = { projectId, capsuleDigest: good.capsuleDigest, env: "dev" };
    const refused: readonly [() => Promise<Answer>, RegExp][] = [
      [() => reader.send("PATCH", project.path(), { json: { name: "x" } }), /projects:write/],
      [() => reader.get(project.path("/capsules")), /capsules:read/],
      [() => reader.post("/api/capsules/missing", { projectId, manifest: {} }), /capsules:write/],
      [() => reader.post("/api/deploys", deploy), /deploys:write/],
      [() => reader.get(project.path("/deploys")), /deploys:read/],
      [() => reader.get(project.path("/environments/dev/logs")), /logs:read/],
      [() => reader.get("/api/keys"), /keys:read/],
      [() => reader.get("/api/tokens"), /tokens:read/],
      [() => reader.post("/api/tokens", { name: "more", scopes: ["projects:read"] }), /tokens:write/],
    ];
    for (const [attempt, scope] of refused) await expectRefusal(project, attempt, "forbidden", scope);
  });

  test("can make no token with more scopes than its own", async () => {
    const scopes = ["projects:read", "tokens:write"];
    const made = await project.api.post("/api/tokens", { name: "maker", scopes });
    const maker = new ApiClient(project.api.url, made.expect(201, createdTokenSchema).token);
    const more = () => maker.post("/api/tokens", { name: "more", scopes: ["deploys:write"] });
    await expectRefusal(project, more, "forbidden", /deploys:write/);
  });
});

describe("an address", () => {
  test("that is nothing is 404", async () => {
    await expectRefusal(
      project,
      () => project.api.get("/api/nothing/here"),
      "not-found",
      /\/api\/nothing\/here/,
    );
    await expectRefusal(project, () => project.api.get("/oai/nothing"), "not-found", /\/oai\/nothing/);
  });

  test("with another method is 405 with Allow", async () => {
    const answer = await project.api.send("DELETE", "/api/deploys");
    expectProblem(answer, "method-not-allowed", /DELETE.*POST/);
    expect(answer.headers.get("allow")).toBe("POST");
    const put = await project.api.send("PUT", project.path());
    expectProblem(put, "method-not-allowed", /PUT/);
    expect(put.headers.get("allow")?.split(", ").toSorted()).toEqual(["DELETE", "GET", "PATCH"]);
  });

  test("of a browser at a host that nobody has is a page", async () => {
    const port = new URL(project.api.url).port;
    const page = await askRaw(project.api, {
      method: "GET",
      path: "/",
      headers: {
        host: `nobody--dev.apps.localhost:${port}`,
        accept: "text/html,application/xhtml+xml,*/*;q=0.8",
      },
      ending: "end",
    });
    expect(page.status).toBe(421);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.text).toMatch(/<h1>No app lives here<\/h1>/);
  });

  test("at a host that nobody has is 421", async () => {
    const port = Number(new URL(project.api.url).port);
    for (const host of [`${project.label}--prod.apps.localhost`, "elsewhere.example", "apps.localhost"]) {
      await expectRefusal(project, () => askHost(port, host, "/"), "wrong-host", new RegExp(host));
    }
  });

  test("of an unknown project, capsule, deploy, branch or file is 404", async () => {
    const nowhere = `sha256:${"0".repeat(64)}`;
    const paths = [
      "/api/projects/no-such-project",
      `/api/capsules/${nowhere}`,
      `/api/capsules/${nowhere}/download`,
      "/api/deploys/dep_nothing",
      "/api/deploys/dep_nothing/logs",
      project.path("/tree?branch=nothing"),
      project.path("/tree?at=999999"),
      project.path("/files/nothing.txt"),
    ];
    for (const path of paths) await expectRefusal(project, () => project.api.get(path), "not-found", /no /);
  });

  test("with a malformed digest, page, event or environment is 400, naming the field", async () => {
    const asked: readonly [string, RegExp][] = [
      ["/api/capsules/sha256:abc", /digest/],
      [project.path("/capsules?limit=0"), /limit/],
      [project.path("/capsules?limit=abc"), /limit/],
      [project.path("/capsules?cursor=abc"), /cursor/],
      [project.path("/tree?at=0"), /at/],
      [project.path("/timeline?since=-1"), /since/],
      [project.path("/timeline?order=up"), /order/],
      [project.path("/timeline?source=nobody"), /source/],
      [project.path("/environments/qa/logs"), /env/],
      [project.path("/files/index.html?at=x"), /at/],
    ];
    for (const [path, detail] of asked) {
      await expectRefusal(project, () => project.api.get(path), "validation", detail);
    }
  });

  test("with `since` in the future is 400, and says what the newest event is", async () => {
    const { lastSeq } = await project.facts();
    for (const path of ["/timeline", "/timeline/stream"]) {
      const ask = () => project.api.get(project.path(`${path}?since=${lastSeq + 1}`));
      await expectRefusal(project, ask, "validation", new RegExp(`newest event is ${lastSeq}`));
    }
  });
});

describe("a commit", () => {
  test("on a head that has moved is refused, and says where it stands", async () => {
    const head = await headOf("main");
    const change = (message: string) => {
      const json = { branch: "main", expectedHead: head, settings: { name: message }, message };
      return project.api.post(project.path("/commits"), json);
    };
    const answers = await Promise.all(["one", "two", "three"].map(change));
    const [won] = answers.filter((answer) => answer.status === 201);
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
    const { event } = won?.expect(201, committedSchema) ?? {};
    for (const answer of answers.filter((lost) => lost.status !== 201)) {
      expectProblem(answer, "head-moved", new RegExp(`event ${event?.seq}`));
    }
    await expectRefusal(project, () => change("late"), "head-moved", /main/);
  });

  test("with a bad path, a double change or a deletion of nothing is refused, naming it", async () => {
    const expectedHead = await headOf("main");
    const sha256 = good.manifest.files[0]?.sha256;
    const commit = (files: object[]) => () =>
      project.api.post(project.path("/commits"), { branch: "main", expectedHead, files, message: "bad" });
    const bad: readonly [object[], RegExp][] = [
      [[{ path: "../up.txt", sha256 }], /\.\.\/up\.txt/],
      [[{ path: "a\\b.txt", sha256 }], /a\\b\.txt/],
      [[{ path: "CON", sha256 }], /CON/],
      [[{ path: "x".repeat(2_000), sha256 }], /files\.0\.path/],
      [
        [
          { path: "same.txt", sha256 },
          { path: "same.txt", sha256 },
        ],
        /twice/,
      ],
      [[{ path: "not-there.txt", delete: true }], /not there/],
      [[{ path: "INDEX.html", sha256 }], /collides/],
      [[{ path: "neither.txt" }], /either/],
      [[{ path: "both.txt", sha256, delete: true }], /either/],
    ];
    for (const [files, detail] of bad) await expectRefusal(project, commit(files), "validation", detail);
  });

  test("with settings that are no manifest is refused, naming the field", async () => {
    const expectedHead = await headOf("main");
    const commit = (settings: object) => () =>
      project.api.post(project.path("/commits"), { branch: "main", expectedHead, settings, message: "bad" });
    await expectRefusal(project, commit({ colour: "red" }), "validation", /colour/);
    await expectRefusal(project, commit({ version: "one" }), "validation", /version/);
    await expectRefusal(project, commit({ app: { entry: "nowhere.js" } }), "validation", /nowhere\.js/);
  });

  test("of a capsule of another project is refused", async () => {
    const elsewhere = await makeProject(project.api);
    const capsule = await makeGreeter(elsewhere.key, "elsewhere");
    await elsewhere.push(capsule);
    const { capsuleDigest } = capsule;
    const expectedHead = await headOf("main");
    const ask = () =>
      project.api.post(project.path("/commits"), {
        branch: "main",
        expectedHead,
        capsuleDigest,
        message: "x",
      });
    await expectRefusal(project, ask, "not-found", /no capsule/);
  });
});

describe("a key", () => {
  test("that is no Ed25519 key is refused", async () => {
    const add = (publicKey: string) => () =>
      project.api.post("/api/keys", { name: "bad", publicKey, projectId: project.projectId });
    await expectRefusal(project, add("not a key"), "unprocessable", /Ed25519/);
    await expectRefusal(project, add(randomBytes(31).toString("base64")), "unprocessable", /Ed25519/);
  });

  test("of the platform itself cannot be removed from its project", async () => {
    const { platformKeyId } = await project.facts();
    const path = `/api/keys/${platformKeyId}?projectId=${project.projectId}`;
    await expectRefusal(project, () => project.api.send("DELETE", path), "conflict", /cannot be removed/);
  });

  test("that was removed from the project counts no more", async () => {
    const other = await makeProject(project.api);
    const capsule = await makeGreeter(other.key, "before removal");
    (await other.finalise(capsule)).status;
    const { items } = { items: await other.capsules() };
    expect(items).toEqual([]);
    const keys = (await other.api.get(other.path("/keys"))).json() as {
      items: { keyId: string; name: string }[];
    };
    const mine = keys.items.find((key) => key.name === "e2e");
    const path = `/api/keys/${mine?.keyId}?projectId=${other.projectId}`;
    expect((await other.api.send("DELETE", path)).status).toBe(204);
    expect((await other.putBatch(capsule.blobs)).status).toBe(200);
    await expectRefusal(other, () => other.finalise(capsule), "capsule-invalid", /sign|key/i);
  });
});

test("a label goes to one of those who ask at once", async () => {
  const label = `race-${randomBytes(6).toString("hex")}`;
  const answers = await Promise.all([1, 2, 3, 4].map(() => project.api.post("/api/projects", { label })));
  expect(answers.map((answer) => answer.status).toSorted()).toEqual([201, 409, 409, 409]);
  for (const answer of answers.filter(({ status }) => status === 409))
    expectProblem(answer, "conflict", /taken/);
});

test("a label that was ever used is refused", async () => {
  const ask = () => project.api.post("/api/projects", { label: project.label });
  await expectRefusal(project, ask, "conflict", new RegExp(project.label));
  for (const label of ["ab", "Upper", "two--dashes", "xn-abc", "-start", "end-", "a".repeat(41)]) {
    await expectRefusal(project, () => project.api.post("/api/projects", { label }), "validation", /label/);
  }
});

test("after all of this the capsule that was stored first is still whole", async () => {
  const answer = await project.api.get(`/api/capsules/${good.capsuleDigest}/verify?again=1`);
  expect(answer.expect(200, verificationReportSchema).verdict).toBe("pass");
  expect((await project.finalise(good)).expect(201, acceptedSchema).capsuleDigest).toBe(good.capsuleDigest);
});

async function headOf(name: string): Promise<number> {
  return (await project.facts()).branches.find((branch) => branch.name === name)?.headSeq ?? 0;
}
