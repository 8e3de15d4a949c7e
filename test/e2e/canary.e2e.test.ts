// Planted secrets of every known shape, sent through every door of the real platform (CAPSULE.md C8): by the command line,
// as JSON, as files, and out of an app's own mouth. Then everything that the platform answers, prints and keeps is searched.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import * as z from "zod";
import { runCli } from "../../cli/test-support/run-cli.ts";
import { makeCanaries } from "../../core/capsule/secret-fixture.ts";
import { SECRET_RULES_VERSION } from "../../core/capsule/secret-rules.ts";
import { acceptedSchema, capsuleDetailSchema, statementListSchema } from "../../schemas/api/capsules.ts";
import { committedSchema, treeSchema } from "../../schemas/api/history.ts";
import { needlesOf } from "../canary/planted-words.ts";
import { openIfThere } from "../canary/search-outputs.ts";
import { type Answer, ApiClient, ownerClient } from "./support/api-client.ts";
import { makeCapsule, makeWorkerApp } from "./support/capsule-maker.ts";
import { expectProblem } from "./support/expect-refusal.ts";
import { makeProject, TestProject } from "./support/test-project.ts";

const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
const CANARIES = makeCanaries(SEED);
const NEEDLES = CANARIES.flatMap((canary) => needlesOf(canary).map((needle) => ({ ...canary, needle })));
const TOKENS = CANARIES.filter(({ text }) => /^[A-Za-z0-9_-]{20,100}$/.test(text));
const ALL = CANARIES.map(({ text }) => text).join("\n");
const TOKEN = CANARIES.find(({ rule }) => rule === "github-token")?.text ?? "";
const logLinesSchema = z.looseObject({ items: z.array(z.looseObject({ message: z.string() })) });

/** Every answer that any caller got, by what was asked. */
const answers: { readonly asked: string; readonly text: string }[] = [];

class RecordingClient extends ApiClient {
  override async send(...asked: Parameters<ApiClient["send"]>): Promise<Answer> {
    const answer = await super.send(...asked);
    const fields = JSON.stringify([...answer.headers]);
    answers.push({ asked: `${asked[0]} ${asked[1]}`, text: `${fields}\n${answer.text}` });
    return answer;
  }
}

let folder: string;
let project: TestProject;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "oursynth-canary-"));
  const owner = ownerClient();
  project = await makeProject(new RecordingClient(owner.url, owner.token));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

function expectClean(what: string, bytes: Uint8Array | string): void {
  const buffer = Buffer.from(bytes);
  for (const { rule, needle } of NEEDLES)
    expect(buffer.includes(needle), `${what} shows ${rule} (seed ${SEED})`).toBe(false);
}

async function put(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  expect((await project.putBlob(sha256, bytes)).status).toBe(200);
  return sha256;
}

async function commit(branch: string, expectedHead: number, change: object) {
  const path = project.path("/commits");
  const answer = await project.api.post(path, { branch, expectedHead, message: "a change", ...change });
  return answer.expect(201, committedSchema).event;
}

/** What may hold them: the files themselves and the modules that apps were compiled to. By where the local R2 keeps them. */
function listFilesOfApps(stored: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const path of stored.filter((candidate) =>
    /miniflare-R2BucketObject.[0-9a-f]+\.sqlite$/.test(candidate),
  )) {
    const database = new DatabaseSync(path, { readOnly: true, timeout: 15_000 });
    const rows = database.prepare("SELECT key, blob_id FROM _mf_objects").all();
    database.close();
    for (const { key, blob_id } of rows)
      if (/^(?:blobs|modules)\//.test(String(key))) names.add(String(blob_id));
  }
  return names;
}

describe("planted secrets", () => {
  test("[C8] in a folder: push refuses, and nothing arrives", async () => {
    const { url, token } = inject("platform");
    const app = join(folder, "app");
    await mkdir(app);
    await writeFile(join(app, "index.html"), "<h1>Hello</h1>");
    for (const [index, { text }] of CANARIES.entries()) await writeFile(join(app, `${index}.txt`), text);
    const before = await project.footprint();
    const env = { OURSYNTH_URL: url, OURSYNTH_TOKEN: token, OURSYNTH_PROJECT: project.projectId };
    await runCli(["capsule", "keygen", "--out", "keys"], { cwd: folder });
    for (const more of [[], ["--json"]]) {
      const run = await runCli(["push", "app", "--key", "keys/key.pem", ...more], { cwd: folder, env });
      expect(run.exitCode).toBe(1);
      expectClean("push", run.stdout + run.stderr);
    }
    expect(await project.footprint()).toEqual(before);
    // Asked by digest, and answered with it: not among the answers that are searched.
    const asking = new TestProject(ownerClient(), project, project.key);
    for (const { text } of CANARIES) {
      const sha256 = createHash("sha256").update(text).digest("hex");
      const missing = await asking.missing(await makeCapsule(project.key, { "a.txt": text }));
      expect(missing).toEqual([sha256]);
    }
  });

  test("[C8] in what is written down for good: refused by field and rule, never quoted", async () => {
    const before = await project.footprint();
    for (const { text, rule } of CANARIES) {
      const attempts: readonly [string, string, object][] = [
        ["POST", project.path("/commits"), { branch: "main", expectedHead: 0, settings: {}, message: text }],
        ["PATCH", project.path(), { name: text }],
        ["POST", "/api/tokens", { name: text, scopes: ["projects:read"] }],
        ["POST", project.path("/capsules"), { reason: text }],
        ["POST", project.path("/branches"), { name: text }],
      ];
      for (const [method, path, json] of attempts) {
        const problem = expectProblem(
          await project.api.send(method, path, { json }),
          "secret",
          /Take it out/,
        );
        expect(problem.errors?.[0]?.message).toContain(`(${rule})`);
      }
    }
    const deep = {
      app: { env: { A: TOKEN } },
      services: [{ name: "a", type: "worker", config: { [TOKEN]: 1 } }],
    };
    const settings = { branch: "main", expectedHead: 0, settings: deep, message: "settings" };
    const problem = expectProblem(
      await project.api.post(project.path("/commits"), settings),
      "secret",
      /settings/,
    );
    expect(problem.errors?.map(({ path }) => path)).toEqual([
      "settings.app.env.A",
      "settings.services.0.config.[name 1]",
    ]);
    expect(await project.footprint()).toEqual(before);
  });

  test("[C8] in what is wrong in itself: answered without quoting it", async () => {
    for (const { text } of TOKENS) {
      const manifest = { ...(await makeCapsule(project.key, { a: "a" })).manifest, [text]: text };
      await project.api.post("/api/capsules/missing", { projectId: project.projectId, manifest });
      await project.api.post("/api/capsules", { projectId: project.projectId, manifest, envelopes: [text] });
      await project.api.get(`/api/projects/${text}`);
      await project.api.get(`/api/${text}`);
      await project.api.get(project.path(`/files/${text}`));
      await project.api.get(project.path(`/tree?branch=${text}`));
      await project.api.get(project.path(`/timeline?since=${text}`));
      await project.putBlob(text, new TextEncoder().encode("x"));
      const headers = { "content-type": `text/${text}` };
      await project.api.send("PATCH", project.path(), { body: "x", headers });
      await project.api.get("/api/whoami", { headers: { authorization: `Bearer ${text}` } });
      await new ApiClient(project.api.url, text).get("/api/whoami");
    }
  });

  test("[C8] in files of a moment: packing refuses by path and rule until they are let in by name", async () => {
    const sha256 = await put(ALL);
    const large = await put(`${"x\n".repeat(200_000)}${TOKEN}\n`);
    const plain = await put("<h1>Hello</h1>");
    const event = await commit("main", 0, {
      files: [
        { path: "index.html", sha256: plain },
        { path: "notes/keys.txt", sha256 },
        { path: "large.txt", sha256: large },
        { path: ".env.local", sha256: plain },
      ],
      settings: { app: { env: { DB_PASSWORD: "hunter2", MODE: "x" } } },
    });
    const tree = (await project.api.get(project.path("/tree"))).expect(200, treeSchema);
    expect(tree.settings).toMatchObject({ app: { env: { MODE: "x" }, secrets: ["DB_PASSWORD"] } });
    const pack = (allow: string[]) => project.api.post(project.path("/capsules"), { at: event.seq, allow });
    const refused = expectProblem(await pack([]), "secret", /moment.*allow/);
    const paths = refused.errors?.map(({ path }) => path) ?? [];
    expect(new Set(paths)).toEqual(new Set([".env.local", "notes/keys.txt", "large.txt"]));
    expect(refused.errors?.find(({ path }) => path === "large.txt")?.message).toMatch(/byte 400000$/);
    expectProblem(await pack(["notes", ".env.local"]), "secret", /large\.txt/);
    const packed = await pack(["notes", "large.txt", "./.env.local"]);
    const { capsuleDigest } = packed.expect(201, acceptedSchema);
    const path = `/api/capsules/${capsuleDigest}`;
    const { manifest } = (await project.api.get(path)).expect(200, capsuleDetailSchema);
    expect(manifest.app).toMatchObject({ env: { MODE: "x" }, secrets: ["DB_PASSWORD"] });
    const { items } = (await project.api.get(`${path}/statements`)).expect(200, statementListSchema);
    const payloads = items.map(({ envelope }) => Buffer.from(envelope.payload, "base64").toString());
    expect(payloads.join("\n")).toContain(`{"secretRules":"${SECRET_RULES_VERSION}"}`);
  });

  test("[C8] in files let in on purpose: a merge shows no more than where", async () => {
    const label = { id: "urn:oursynth:app:canary@1.0.0", version: "1.0.0" };
    const capsules = await Promise.all(
      ["base", "ours", "theirs"].map((side) =>
        makeCapsule(project.key, { "a.txt": `${side}\n`, "keys.txt": ALL }, { ...label, name: side }),
      ),
    );
    for (const capsule of capsules) await project.push(capsule);
    const [base, ours, theirs] = capsules.map(({ capsuleDigest }) => capsuleDigest);
    const merge = { projectId: project.projectId, base, ours, theirs, version: "1.1.0" };
    await project.api.post("/api/capsules/merge", merge);
    expectProblem(
      await project.api.post("/api/capsules/merge", { ...merge, reason: TOKEN }),
      "secret",
      /reason/,
    );
  });

  test("[C8] out of an app's mouth: masked in its log, in the run's log and on the timeline", async () => {
    const text = JSON.stringify(ALL);
    const good = await makeWorkerApp(
      project.key,
      `export default { fetch() { console.log(${text}); console.error(new Error(${text})); return new Response("ok"); } };\n`,
    );
    await project.ship(good);
    expect((await project.visit("dev")).text).toBe("ok");
    await expect
      .poll(
        async () =>
          (await project.api.get(project.path("/environments/dev/logs"))).expect(200, logLinesSchema).items
            .length,
      )
      .toBeGreaterThan(1);
    for (const source of [
      `throw new Error(${text});`,
      `export default { fetch() { throw new Error(${text}); } };`,
      `import x from ${JSON.stringify(TOKEN)}; export default x;`,
      `export default { fetch() { ${TOKEN} + ; } };`,
    ]) {
      const bad = await makeWorkerApp(project.key, `${source}\n`, `2.0.${source.length}`);
      await project.push(bad);
      const run = await project.waitForDeploy(await project.startDeploy(bad.capsuleDigest, "dev"));
      expect(run.status).toBe("error");
      await project.api.get(`/api/deploys/${run.deployId}/logs`);
    }
    await project.api.get(project.path("/environments/dev/logs"));
  });

  test("[C8] are then in no answer, event, line of the process, and nothing stored but the files themselves", async () => {
    expectClean("the timeline", JSON.stringify(await project.events()));
    await project.footprint();
    for (const { asked, text } of answers) expectClean(`the answer to ${asked}`, text);
    const { outputFile, statePath } = inject("platform");
    expectClean("the platform's process", readFileSync(outputFile));
    const stored = readdirSync(statePath, { recursive: true, withFileTypes: true })
      // SQLite's shared memory comes and goes, and holds page numbers only.
      .filter((entry) => entry.isFile() && !entry.name.endsWith("-shm"))
      .map((entry) => join(entry.parentPath, entry.name));
    const files = listFilesOfApps(stored);
    expect(files.size).toBeGreaterThan(0);
    expect(stored.length).toBeGreaterThan(files.size);
    for (const path of stored) {
      if (files.has(basename(path))) continue;
      await using file = await openIfThere(path);
      if (file !== null) expectClean(path, await file.readFile());
    }
  });
});
