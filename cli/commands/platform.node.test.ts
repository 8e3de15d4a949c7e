import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FakePlatform, PROJECT, TOKEN } from "../test-support/fake-platform.ts";
import { type CliRun, runCli } from "../test-support/run-cli.ts";
import { temporaryFolder, writeTree } from "../test-support/temporary-folder.ts";

/** Each run is a process of its own. */
const TIMEOUT_MS = 60_000;
const DEPLOY = {
  deployId: "dep_1",
  status: "done",
  phase: "activating",
  failure: null,
  url: "http://fair-share--staging.apps.localhost:8787/",
};

type Platform = { platform: FakePlatform; cwd: string; run: (...args: string[]) => Promise<CliRun> };

async function startPlatform(): Promise<Platform> {
  const platform = await FakePlatform.start();
  const cwd = temporaryFolder();
  const env = { OURSYNTH_URL: platform.url, OURSYNTH_TOKEN: TOKEN, OURSYNTH_PROJECT: PROJECT };
  return { platform, cwd, run: (...args) => runCli(args, { cwd, env }) };
}

function makeApp(cwd: string): void {
  const small = Array.from({ length: 620 }, (_, index) => [`small/${index}.txt`, `number ${index}`]);
  writeTree(join(cwd, "app"), {
    "capsule.json": JSON.stringify({ id: "urn:oursynth:app:demo@1.2.3", createdAt: 1 }),
    ...Object.fromEntries(small),
    "copy.txt": "number 1",
    "big.bin": new Uint8Array(2_000_000).fill(9),
  });
}

describe("oursynth with a platform", { timeout: TIMEOUT_MS }, () => {
  it("pushes a folder: only what is missing travels, small blobs together, with the branch's capsule as parent", async () => {
    const { platform, cwd, run } = await startPlatform();
    makeApp(cwd);
    await run("capsule", "keygen", "--out", "keys");
    const first = await run("push", "app", "--key", "keys/key.pem", "--reason", "first", "--json");
    expect(first.exitCode, first.stderr).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({
      sentBlobCount: 621,
      isUnchanged: false,
      branch: "main",
    });
    expect(platform.requestsTo("POST /api/blobs/batch")).toHaveLength(2);
    expect(platform.seen.filter(({ method }) => method === "PUT")).toHaveLength(1);
    const [finalised] = platform.requestsTo("POST /api/capsules");
    expect(finalised?.json).toMatchObject({
      projectId: PROJECT,
      branch: "main",
      message: "first",
      manifest: { parents: [] },
    });
    const second = await run("push", "app", "--key", "keys/key.pem", "--json");
    expect(JSON.parse(second.stdout)).toMatchObject({ sentBlobCount: 0, isUnchanged: true });
    expect(platform.requestsTo("POST /api/capsules")[1]?.json).toMatchObject({
      manifest: { parents: [JSON.parse(first.stdout).capsuleDigest] },
    });
  });

  it("pushes a finished .caps as it is, and pulls the same bytes", async () => {
    const { platform, cwd, run } = await startPlatform();
    makeApp(cwd);
    await run("capsule", "keygen", "--out", "keys");
    const packed = JSON.parse(
      (await run("capsule", "pack", "app", "--key", "keys/key.pem", "--json")).stdout,
    );
    const pushed = await run("push", "demo-1.2.3.caps", "--json");
    expect(pushed.exitCode, pushed.stderr).toBe(0);
    expect(platform.head).toBe(packed.capsuleDigest);
    const pulled = await run("pull", packed.capsuleDigest, "--out", "pulled.caps");
    expect(pulled.exitCode, pulled.stderr).toBe(0);
    expect(readFileSync(join(cwd, "pulled.caps")).equals(readFileSync(join(cwd, "demo-1.2.3.caps")))).toBe(
      true,
    );
  });

  it("pull leaves nothing when other bytes come than were asked for", async () => {
    const { platform, cwd, run } = await startPlatform();
    const digest = `sha256:${"1".repeat(64)}`;
    platform.routes.set(`GET /api/capsules/${digest}/download`, () => ({ bytes: Buffer.from("no capsule") }));
    expect((await run("pull", digest, "--out", "pulled.caps")).exitCode).toBe(1);
    expect(readdirSync(cwd)).toEqual([]);
    expect((await run("pull", "nonsense", "--out", "x")).exitCode).toBe(2);
  });

  it("signs a push with the key that npm start made when there is no other, and uses the token it left", async () => {
    const { platform, cwd, run } = await startPlatform();
    await run("capsule", "keygen", "--out", "keys");
    writeTree(join(cwd, "app"), { "index.html": "x" });
    mkdirSync(join(cwd, "state"));
    writeFileSync(join(cwd, "state/token"), `${TOKEN}\n`);
    writeFileSync(join(cwd, "state/demo-key.pem"), readFileSync(join(cwd, "keys/key.pem")));
    const env = { OURSYNTH_STATE: "state" };
    const pushed = await runCli(["push", "app", "--url", platform.url, "--project", PROJECT], { cwd, env });
    expect(pushed.exitCode, pushed.stderr).toBe(0);
    expect(pushed.stderr).toContain("demo-key.pem");
    expect(platform.requestsTo("POST /api/capsules")[0]?.json).toMatchObject({ envelopes: [{}] });
  });

  it("deploys and waits: phases as they come, then the URL; exit 1 with the reason when the run fails", async () => {
    const { platform, run } = await startPlatform();
    const digest = `sha256:${"2".repeat(64)}`;
    platform.reply("POST /api/deploys", { deployId: "dep_1" }, 202);
    const line = { seq: 1, ts: 1, level: "info", message: "compiled 3 modules" };
    const pages = [
      { items: [line], nextSince: 1, status: "running", phase: "building" },
      { items: [], nextSince: 1, status: "done", phase: "activating" },
    ];
    platform.routes.set("GET /api/deploys/dep_1/logs", ({ query }) => ({
      status: 200,
      json: query.get("since") === "0" ? pages[0] : pages[1],
    }));
    platform.reply("GET /api/deploys/dep_1", { ...DEPLOY, log: [] });
    const done = await run("deploy", digest, "--env", "staging", "--wait");
    expect(done.exitCode, done.stderr).toBe(0);
    // What came before a phase is told before it; a run that is done is in none.
    expect(done.stderr).toMatch(/compiled 3 modules\nbuilding\n/);
    expect(done.stderr).not.toContain("activating");
    expect(done.stdout.trim()).toBe(DEPLOY.url);
    expect(platform.requestsTo("POST /api/deploys")[0]?.json).toEqual({
      projectId: PROJECT,
      capsuleDigest: digest,
      env: "staging",
    });

    platform.reply("GET /api/deploys/dep_1", {
      ...DEPLOY,
      status: "error",
      failure: { code: "health", message: "GET / answered 500" },
      log: [],
    });
    const failed = await run("deploy", digest, "--env", "staging", "--wait", "--json");
    expect(failed.exitCode).toBe(1);
    expect(JSON.parse(failed.stdout)).toMatchObject({
      ok: false,
      error: "GET / answered 500",
      code: "health",
    });
    expect((await run("logs", "--deploy", "dep_1", "--follow")).exitCode).toBe(1);
  });

  it("a dry run says what would happen, and exits 1 when it would not deploy", async () => {
    const { platform, run } = await startPlatform();
    const digest = `sha256:${"2".repeat(64)}`;
    const phases = [{ phase: "gating", status: "fail", message: "not simulated" }];
    platform.reply("POST /api/deploys", { dryRun: true, wouldDeploy: false, phases });
    const dry = await run("deploy", digest, "--env", "prod", "--dry-run");
    expect(dry.exitCode).toBe(1);
    expect(dry.stdout).toContain("✗  gating  not simulated");
  });

  it("rolls back to the newest activation of another artifact, at the revision that was seen", async () => {
    const { platform, run } = await startPlatform();
    const entry = (revision: number, digit: string) => ({
      revision,
      capsuleDigest: `sha256:${String(revision).repeat(64)}`,
      artifactDigest: `sha256:${digit.repeat(64)}`,
      activatedAt: revision,
    });
    const history = [entry(1, "a"), entry(3, "c"), entry(2, "b"), entry(4, "c")];
    platform.reply(`GET /api/projects/${PROJECT}/environments`, {
      items: [
        { name: "staging", url: "u", revision: 4, live: entry(4, "c"), history },
        { name: "dev", url: "u", revision: 0, live: null, history: [] },
      ],
    });
    const path = `POST /api/projects/${PROJECT}/environments/staging/activate`;
    platform.reply(path, { revision: 5, capsuleDigest: "sha256:x", url: "http://x/" });
    expect((await run("rollback", "--env", "stage")).exitCode).toBe(0);
    expect(platform.requestsTo(path)[0]?.json).toEqual({
      capsuleDigest: `sha256:${"2".repeat(64)}`,
      expectedRevision: 4,
    });
    expect((await run("rollback", "--env", "dev")).exitCode).toBe(1);
    expect((await run("rollback", "--env", "moon")).exitCode).toBe(2);
  });

  it("rolls back one further each time, and says so when there is nothing further back", async () => {
    const { platform, run } = await startPlatform();
    const entry = (revision: number, digit: string) => ({
      revision,
      capsuleDigest: `sha256:${digit.repeat(64)}`,
      artifactDigest: `sha256:${digit.repeat(64)}`,
      activatedAt: revision,
    });
    const history = [entry(1, "a"), entry(2, "b"), entry(3, "c")];
    platform.routes.set(`GET /api/projects/${PROJECT}/environments`, () => ({
      status: 200,
      json: { items: [{ name: "dev", url: "u", revision: history.length, live: history.at(-1), history }] },
    }));
    const path = `POST /api/projects/${PROJECT}/environments/dev/activate`;
    platform.routes.set(path, ({ json }) => {
      const { capsuleDigest } = json as { capsuleDigest: string };
      history.push(entry(history.length + 1, capsuleDigest.slice(-1)));
      return { status: 200, json: { revision: history.length, capsuleDigest, url: "http://x/" } };
    });
    const digits = () => history.map(({ capsuleDigest }) => capsuleDigest.slice(-1)).join("");
    await run("rollback", "--env", "dev");
    await run("rollback", "--env", "dev");
    expect(digits()).toBe("abcba");
    const ended = await run("rollback", "--env", "dev");
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toMatch(/nothing further back in dev.*\n.*--to sha256:b{64}/);
    // What is deployed anew begins where it was deployed.
    history.push(entry(6, "d"));
    await run("rollback", "--env", "dev");
    expect(digits()).toBe("abcbada");
  });

  it("does not push a folder without files", async () => {
    const { platform, cwd, run } = await startPlatform();
    mkdirSync(join(cwd, "empty"));
    const pushed = await run("push", "empty");
    expect(pushed.exitCode).toBe(1);
    expect(pushed.stderr).toMatch(/holds no file to push/);
    expect(platform.capsules.size).toBe(0);
  });

  it("says once which field is wrong, and why", async () => {
    const { platform, run } = await startPlatform();
    const detail = "The field label is not valid: too short.";
    const errors = [
      { path: "label", message: "too short" },
      { path: "name", message: "too long" },
    ];
    platform.problem("POST /api/projects", 400, "validation", detail, { errors });
    const refused = await run("projects", "create", "x");
    expect(refused.stderr.match(/too short/g)).toHaveLength(1);
    expect(refused.stderr).toContain("name: too long");
    const json = await run("projects", "create", "x", "--json");
    expect(JSON.parse(json.stdout).errors).toEqual(errors);
  });

  it("shows an app's exceptions with file and line, and follows until Ctrl-C", async () => {
    const { platform, cwd, run } = await startPlatform();
    const line = {
      seq: 1,
      ts: 1,
      level: "error",
      message: "TypeError: no\u001b[2J",
      stack: "TypeError: no\n    at handler (src/index.ts:12:5)\n    at x (y.ts:1:1)",
      artifactDigest: "sha256:x",
    };
    const path = `GET /api/projects/${PROJECT}/environments/dev/logs`;
    const older = { ...line, level: "info", message: "older", stack: null };
    platform.routes.set(path, ({ query }) => ({
      status: 200,
      json: query.get("since") === "0" ? { items: [older, line], nextSince: 1 } : { items: [], nextSince: 1 },
    }));
    const once = await run("logs");
    expect(once.stdout).toContain("TypeError: no\\x1b[2J (src/index.ts:12:5)");
    expect(once.stdout).toContain("older");
    expect(JSON.parse((await run("logs", "--limit", "1", "--json")).stdout).items).toEqual([line]);
    platform.routes.set(path, async ({ query }) => {
      if (query.has("waitMs")) await new Promise((resolve) => setTimeout(resolve, 20_000).unref());
      return { status: 200, json: { items: query.get("since") === "0" ? [line] : [], nextSince: 1 } };
    });
    const followed = await runCli(
      ["logs", "--follow", "--json", "--url", platform.url, "--token", TOKEN, "--project", PROJECT],
      { cwd, onStdout: (_text, child) => child.kill("SIGINT") },
    );
    expect(followed.exitCode).toBe(0);
    expect(JSON.parse(followed.stdout).seq).toBe(1);
  });

  it("shows the newest 30 events, or all since one", async () => {
    const { platform, run } = await startPlatform();
    platform.addEvents(450);
    const newest = JSON.parse((await run("timeline", "--json")).stdout);
    expect(newest.items.map(({ seq }: { seq: number }) => seq)).toEqual(
      Array.from({ length: 30 }, (_, index) => 421 + index),
    );
    expect(JSON.parse((await run("timeline", "--since", "0", "--json")).stdout).items).toHaveLength(450);
    expect((await run("timeline", "--since", "-1")).exitCode).toBe(2);
  });

  it("follows the timeline live until Ctrl-C, one JSON value a line", async () => {
    const { platform, cwd } = await startPlatform();
    platform.addEvents(3);
    platform.onSocket = (socket, request) => {
      expect(request.headers.authorization).toBe(`Bearer ${TOKEN}`);
      socket.onMessage((frame) => {
        if ((frame as { type: string }).type !== "resume") return;
        socket.send({ type: "hello", epoch: platform.epoch, lastSeq: 3 });
        socket.send({ type: "events", events: platform.events });
      });
    };
    const followed = await runCli(
      ["timeline", "--follow", "--json", "--url", platform.url, "--token", TOKEN, "--project", PROJECT],
      { cwd, onStdout: (text, child) => text.split("\n").length > 3 && child.kill("SIGINT") },
    );
    expect(followed.exitCode, followed.stderr).toBe(0);
    expect(
      followed.stdout
        .trim()
        .split("\n")
        .map((text) => JSON.parse(text).seq),
    ).toEqual([1, 2, 3]);
  });

  it("lists, creates and removes projects, tokens and keys", async () => {
    const { platform, cwd, run } = await startPlatform();
    await run("capsule", "keygen", "--out", "keys");
    platform.reply("GET /api/projects", {
      items: [{ projectId: "prj_1", label: "a", name: "A", createdAt: 1 }],
      nextCursor: null,
    });
    expect((await run("projects")).stdout).toContain("prj_1");
    platform.problem("POST /api/projects", 400, "validation", "The request is not valid.", {
      errors: [{ path: "label", message: "too short" }],
    });
    const invalid = await run("projects", "create", "x", "--name", "X");
    expect(invalid.exitCode).toBe(1);
    expect(invalid.stderr).toContain("label: too short");

    platform.reply("POST /api/tokens", { token: "ost_new", tokenId: "tok_2" }, 201);
    const created = await run(
      "tokens",
      "create",
      "ci",
      "--scope",
      "capsules:write",
      "--scope",
      "deploys:write",
      "--expires-in-days",
      "9",
    );
    expect(created.stdout.trim()).toBe("ost_new");
    expect(platform.requestsTo("POST /api/tokens")[0]?.json).toEqual({
      name: "ci",
      scopes: ["capsules:write", "deploys:write"],
      projectId: PROJECT,
      expiresInDays: 9,
    });
    expect((await run("tokens", "create", "ci", "--scope", "everything")).exitCode).toBe(2);
    platform.reply("DELETE /api/tokens/tok_2", {});
    expect((await run("tokens", "revoke", "tok_2")).exitCode).toBe(0);

    platform.reply("POST /api/keys", { keyId: "sha256:x", name: "k", roles: ["builder"] }, 201);
    expect((await run("keys", "add", "keys/key.pub.pem", "--role", "builder")).exitCode).toBe(0);
    expect(platform.requestsTo("POST /api/keys")[0]?.json).toMatchObject({
      name: "key.pub.pem",
      projectId: PROJECT,
      roles: ["builder"],
    });
    expect((await run("keys", "add", "keys/key.pem")).exitCode).toBe(2);
    expect(platform.requestsTo("POST /api/keys")).toHaveLength(1);
    platform.reply(`GET /api/projects/${PROJECT}/keys`, {
      revision: 2,
      items: [{ keyId: "sha256:x", name: "k", roles: ["builder"], isPlatformKey: false }],
    });
    expect(JSON.parse((await run("keys", "--json")).stdout)).toMatchObject({ revision: 2, items: [{}] });
    platform.reply("DELETE /api/keys/sha256:x", {});
    expect((await run("keys", "remove", "sha256:x")).exitCode).toBe(0);
    expect(platform.requestsTo("DELETE /api/keys/sha256:x")[0]?.query.get("projectId")).toBe(PROJECT);
    expect(cwd).not.toBe("");
  });

  it("says where nobody listens, whom a token belongs to, and what the doctor sees", async () => {
    const { cwd, run } = await startPlatform();
    expect((await run("whoami")).stdout).toContain("Ada");
    const well = await run("doctor", "--json");
    expect(well.exitCode, well.stdout).toBe(0);
    expect(JSON.parse(well.stdout).checks.map(({ name }: { name: string }) => name)).toContain(
      "OURSYNTH_APPS_DOMAIN",
    );
    const away = await runCli(["whoami", "--url", "http://localhost:1", "--token", "t"], { cwd });
    expect(away.exitCode).toBe(1);
    expect(away.stderr).toContain("http://localhost:1 cannot be reached");
    expect(away.stderr).toContain("npm start");
    const wrong = await run("whoami", "--token", "wrong", "--json");
    expect(JSON.parse(wrong.stdout)).toMatchObject({ ok: false, code: "unauthenticated" });
    expect((await run("doctor", "--url", "http://localhost:1")).exitCode).toBe(1);
  });
});
