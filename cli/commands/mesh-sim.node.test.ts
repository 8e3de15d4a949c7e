// `oursynth mesh-sim` as a process of its own: with no platform at all, and against one (MESH.md M1, M13, M14; API.md).
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { makeCapsim } from "../../core/mesh/capsim-fixture.ts";
import { fakeDigest } from "../../core/mesh/mesh-fixture.ts";
import { meshSimResultSchema } from "../../schemas/mesh-result.ts";
import { FakePlatform, PROJECT, TOKEN } from "../test-support/fake-platform.ts";
import { type CliRun, runCli } from "../test-support/run-cli.ts";
import { temporaryFolder, writeTree } from "../test-support/temporary-folder.ts";

const SIM_ID = "0190a0a0-0000-7000-8000-000000000001";
const TIMEOUT_MS = 60_000;

describe("oursynth mesh-sim --local", () => {
  it(
    "[M1, M14] observes a worker in a workerd of its own, signs with the runner's key, and verify-sim believes it",
    async () => {
      const cwd = await makeApp("export default { fetch: () => new Response('well') };");
      const args = ["--nodes", "2", "--latency", "5-10", "--seeds", "1,2", "--chaos"];
      const run = await local(cwd, ...args, "--key", "keys/key.pem", "--out", "r.capsim", "--json");
      expect(run).toMatchObject({ exitCode: 0 });
      const result = meshSimResultSchema.parse(JSON.parse(run.stdout));
      expect(result).toMatchObject({ outcome: "pass", observedBy: "external", kind: "explore" });
      expect(result.observations.some(({ incarnation }) => incarnation === 2)).toBe(true);
      expect(result.measured?.healthCheckErrors).toBe(0);
      const verified = await runCli(
        ["verify-sim", "--file", "r.capsim", "--key", "keys/key.pub.pem", "--rerun"],
        { cwd },
      );
      expect(verified).toMatchObject({ exitCode: 0 });
    },
    TIMEOUT_MS,
  );

  it(
    "[M1] an app that answers 500, or asks the network to be well, is not healthy: exit 1",
    async () => {
      const sick = await makeApp("export default { fetch: () => new Response('ill', { status: 500 }) };");
      const ill = await local(sick, "--nodes", "2", "--seed", "1", "--key", "keys/key.pem", "--json");
      expect(ill.exitCode).toBe(1);
      const { observations } = meshSimResultSchema.parse(JSON.parse(ill.stdout));
      expect(observations[0]?.reason).toBe("unhealthy-status: GET / answered 500");
      const curious = await makeApp(
        "export default { fetch: async () => { const r = await fetch('https://example.com/'); return new Response('', { status: r.status === 403 ? 503 : 200 }); } };",
      );
      const refused = await local(curious, "--nodes", "2", "--seed", "1", "--key", "keys/key.pem", "--json");
      expect(meshSimResultSchema.parse(JSON.parse(refused.stdout)).observations[0]?.reason).toContain("503");
    },
    TIMEOUT_MS,
  );

  it(
    "shows nodes, a heatmap, counts and the verdict; a capsule that nobody vouches for fails",
    async () => {
      const cwd = await makeApp("export default { fetch: () => new Response('well') };");
      const run = await local(cwd, "--nodes", "2", "--seed", "1", "--key", "keys/key.pem");
      expect(run.exitCode).toBe(0);
      for (const words of [
        "node-1",
        "ms       1     2",
        "packets",
        "PASS  1 seed",
        "observed by this machine",
      ])
        expect(run.stdout).toContain(words);
      expect(run.stderr).toContain("node-2 healthy");
      const unsigned = await local(cwd, "--nodes", "2", "--seed", "1");
      expect(unsigned.exitCode).toBe(1);
      expect(unsigned.stdout).toContain("FAIL");
    },
    TIMEOUT_MS,
  );

  it(
    "what cannot be asked or answered is exit 2: bounds, contradictions, no key for --out, a missing secret",
    async () => {
      const cwd = await makeApp("export default { fetch: () => new Response('well') };");
      const bounds = await local(cwd, "--nodes", "11", "--key", "keys/key.pem", "--json");
      expect(bounds.exitCode).toBe(2);
      expect(JSON.parse(bounds.stdout).errors).toEqual([
        { path: "nodes", message: "must be a whole number from 2 to 10" },
      ]);
      writeFileSync(
        join(cwd, "p.json"),
        JSON.stringify({ chaosMode: true, chaos: [{ node: "node-1", at: 5, action: "crash" }] }),
      );
      expect((await local(cwd, "--config", "p.json")).exitCode).toBe(2);
      for (const args of [
        ["--out", "r.capsim"],
        ["--latency", "fast"],
        ["--seed", "1", "--seeds", "2"],
        ["--gate", "prod"],
      ])
        expect((await local(cwd, ...args)).exitCode, args.join(" ")).toBe(2);
      const secretive = await makeApp("export default { fetch: () => new Response('') };", {
        secrets: ["API_KEY"],
      });
      const run = await local(secretive, "--nodes", "2", "--key", "keys/key.pem");
      expect(run).toMatchObject({ exitCode: 2 });
      expect(run.stderr).toContain("API_KEY");
    },
    TIMEOUT_MS,
  );
});

describe("oursynth mesh-sim on a platform", () => {
  it("[M13] starts, watches, resumes a stream that broke off, reads the result, and fetches its evidence", async () => {
    const platform = await FakePlatform.start();
    const { result, bytes } = await makeCapsim();
    const resumedFrom: unknown[] = [];
    platform.reply("POST /api/mesh-sim/start", { simId: SIM_ID, nodeIds: ["node-1", "node-2"] }, 202);
    platform.routes.set("GET /api/mesh-sim/events", (_seen, _body, { headers }) => {
      resumedFrom.push(headers["last-event-id"]);
      if (headers["last-event-id"] === "2") return { status: 204, json: null };
      const id = resumedFrom.length;
      const event = { nodeId: `node-${id}`, phase: "healthy", status: "ok", details: { ts: 1 } };
      return { bytes: Buffer.from(`id: ${id}\ndata: ${JSON.stringify(event)}\n\n`) };
    });
    const sealed = { envelopeSha256: "0".repeat(64), eventSeq: 3, receivedAt: 1, comparison: null };
    const facts = { status: "done", phase: "sealed", projectId: "prj_1", replayOf: null };
    platform.reply(`GET /api/mesh-sim/result/${SIM_ID}`, { ...result, ...facts, ...sealed });
    platform.routes.set(`GET /api/mesh-sim/${SIM_ID}/capsim`, () => ({ bytes: Buffer.from(bytes) }));
    const cwd = temporaryFolder();
    const run = await remote(platform, cwd, "--gate", "prod", "--out", "r.capsim", "--json");
    expect(run).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(run.stdout)).toEqual(JSON.parse(JSON.stringify(result)));
    expect(resumedFrom).toEqual(["0", "1", "2"]);
    expect(platform.requestsTo("POST /api/mesh-sim/start")[0]?.json).toEqual({
      projectId: PROJECT,
      capsuleHash: fakeDigest("a"),
      kind: "gate",
      env: "prod",
    });
    expect(run.stderr).toContain("node-2 healthy");
    expect((await runCli(["verify-sim", "--file", "r.capsim"], { cwd })).exitCode).toBe(2);
    expect((await nodeHashing.sha256(bytes)).length).toBe(32);
  });

  it("a simulation that ends without a result, or is refused, decides nothing: exit 2", async () => {
    const platform = await FakePlatform.start();
    const cwd = temporaryFolder();
    platform.problem("POST /api/mesh-sim/start", 422, "not-simulable", "The service db cannot be simulated.");
    const refused = await remote(platform, cwd, "--json");
    expect(refused.exitCode).toBe(2);
    expect(JSON.parse(refused.stdout)).toMatchObject({ code: "not-simulable" });
    platform.reply("POST /api/mesh-sim/start", { simId: SIM_ID, nodeIds: ["node-1"] }, 202);
    platform.reply("GET /api/mesh-sim/events", null, 204);
    const failure = { code: "interrupted", message: "the platform was stopped 2 times" };
    platform.reply(`GET /api/mesh-sim/result/${SIM_ID}`, {
      simId: SIM_ID,
      status: "error",
      phase: "observing",
      failure,
    });
    const ended = await remote(platform, cwd);
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain("the platform was stopped 2 times");
  });
});

/** A folder with a signed `app.caps` and the keys of its author. */
async function makeApp(source: string, app: object = {}): Promise<string> {
  const cwd = temporaryFolder();
  const manifest = { app: { entry: "./index.js", ...app }, createdAt: 1_723_510_000_000 };
  writeTree(join(cwd, "app"), { "capsule.json": JSON.stringify(manifest), "index.js": source });
  await runCli(["capsule", "keygen", "--out", "keys"], { cwd });
  const packed = await runCli(["capsule", "pack", "app", "--key", "keys/key.pem", "--out", "app.caps"], {
    cwd,
  });
  expect(packed).toMatchObject({ exitCode: 0 });
  return cwd;
}

function local(cwd: string, ...more: readonly string[]): Promise<CliRun> {
  return runCli(["mesh-sim", "--capsule", "app.caps", "--local", ...more], { cwd });
}

function remote(platform: FakePlatform, cwd: string, ...more: readonly string[]): Promise<CliRun> {
  const env = { OURSYNTH_URL: platform.url, OURSYNTH_TOKEN: TOKEN, OURSYNTH_PROJECT: PROJECT };
  return runCli(["mesh-sim", "--capsule", fakeDigest("a"), ...more], { cwd, env });
}
