// Evidence that leaves the platform: exported, checked over HTTP, and in a browser whose network is gone (MESH.md §5).
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { toBase64 } from "../../core/capsule/bytes.ts";
import { changeCapsim } from "../../core/mesh/capsim-fixture.ts";
import { createRerun } from "../../core/mesh/rerun-capsim.ts";
import { verifyCapsim } from "../../core/mesh/verify-capsim.ts";
import { type CapsimReport, capsimReportSchema } from "../../schemas/capsim.ts";
import { problemSchema } from "../../schemas/problem.ts";
import { provenanceSchema } from "../../schemas/provenance.ts";
import { BROWSER_FLAGS, ensureBrowser } from "../../scripts/platform/browser.ts";
import { ApiClient, ownerClient } from "./support/api-client.ts";
import { makeGreeter } from "./support/capsule-maker.ts";
import { type SealedResult, startSimulation, waitForResult } from "./support/rehearse.ts";
import { trustOf } from "./support/signing-keys.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

const platform = inject("platform");
const PICTURES = join(tmpdir(), "oursynth-verify-page");

let project: TestProject;
let sealed: SealedResult;
let evidence: Uint8Array;

beforeAll(async () => {
  project = await makeProject(ownerClient());
  const greeter = await makeGreeter(project.key, "hello");
  await project.push(greeter);
  const params = { nodes: 3, seeds: [1, 2], packetLoss: 5 };
  const { simId } = await startSimulation(project, greeter.capsuleDigest, { params });
  sealed = await waitForResult(project.api, simId);
  const answer = await project.api.get(`/api/mesh-sim/${simId}/capsim`);
  expect(answer.status).toBe(200);
  evidence = answer.bytes;
});

/** The builder's key, and the first of the simulators that signed. */
function keysToTrust(): string[] {
  return [toBase64(project.key.publicKey), ...sealed.signedBy];
}

async function verify(body: Uint8Array, query: string, api: ApiClient = project.api): Promise<CapsimReport> {
  const options = { body: new Blob([new Uint8Array(body)]) };
  const answer = await api.send("POST", `/api/capsim/verify${query}`, options);
  return answer.expect(200, capsimReportSchema);
}

describe("an exported .capsim", () => {
  test("[M16] is the same each time, and passes by the project's trust record without the platform", async () => {
    const again = await project.api.get(`/api/mesh-sim/${sealed.simId}/capsim`);
    expect(again.bytes).toEqual(evidence);
    expect(again.headers.get("content-disposition")).toContain(`${sealed.simId}.capsim`);
    const { items, revision } = await trustOf(project);
    const keys = items.map(({ isPlatformKey: _mark, ...key }) => key);
    const trust = { revision, thresholds: {}, keys } as never;
    const report = await verifyCapsim(evidence, { trust, hashing: nodeHashing, rerun: createRerun() });
    expect(report.steps.filter(({ status }) => status === "fail")).toEqual([]);
    expect(report.verdict).toBe("pass");
    expect(report.claims).toMatchObject({ simId: sealed.simId, outcome: "pass", observedBy: "platform" });
  });

  test("[M17] POST /api/capsim/verify says the same: by keys, by a project, with a rerun", async () => {
    const given = keysToTrust().map((key) => `key=${encodeURIComponent(key)}`);
    expect((await verify(evidence, `?${given.join("&")}`)).verdict).toBe("pass");
    const rerun = await verify(evidence, `?projectId=${project.projectId}&rerun=1`);
    expect(rerun.verdict).toBe("pass");
    expect(rerun.steps.find(({ id }) => id === "rerun")?.status).toBe("pass");
    expect((await verify(evidence, "")).verdict).toBe("undecidable");
    const changed = changeCapsim(evidence, ({ result }) => {
      result.outcome = "fail";
    });
    const failed = await verify(changed, `?projectId=${project.projectId}`);
    expect(failed.steps.find(({ status }) => status === "fail")?.id).toBe("statement");
    expect((await verify(new Uint8Array(0), "")).verdict).toBe("fail");
  });

  test("[M17] without a token, with a bad key, with both, or of nobody's simulation: refused", async () => {
    const nobody = new ApiClient(platform.url, null);
    expect((await nobody.send("POST", "/api/capsim/verify", { body: "{}" })).status).toBe(401);
    expect((await project.api.send("POST", "/api/capsim/verify?key=x", { body: "{}" })).status).toBe(400);
    const both = `/api/capsim/verify?key=${encodeURIComponent(keysToTrust()[0] ?? "")}&projectId=${project.projectId}`;
    (await project.api.send("POST", both, { body: "{}" })).expect(400, problemSchema);
    const missing = await project.api.get("/api/mesh-sim/0190a0a0-0000-7000-8000-000000000001/capsim");
    missing.expect(404, problemSchema);
  });
});

describe("GET /api/projects/:id/provenance", () => {
  test("leads from the capsule by its statements, its rehearsal and its deploy to what is live, and every edge holds", async () => {
    const deployed = await project.waitForDeploy(await project.startDeploy(sealed.capsuleHash, "dev"));
    expect(deployed.status).toBe("done");
    const graph = (await project.api.get(project.path("/provenance"))).expect(200, provenanceSchema);
    expect(graph.edges.filter(({ holds }) => !holds)).toEqual([]);
    expect(graph.holds).toBe(true);
    const means = new Set(graph.edges.map((edge) => edge.means));
    for (const one of ["stated-by", "rehearsed-by", "deployed-as", "live-in"] as const)
      expect(means).toContain(one);
    expect(graph.nodes.find(({ id }) => id === `simulation:${sealed.simId}`)?.digest).toBe(
      sealed.envelopeSha256,
    );
    const nobody = await new ApiClient(platform.url, null).get(project.path("/provenance"));
    expect(nobody.status).toBe(401);
  });
});

describe.each([
  ["a phone", { width: 390, height: 844 }],
  ["a desktop", { width: 1440, height: 900 }],
])("the page at /verify on %s, its network gone once it has loaded", (name, viewport) => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: await ensureBrowser(), args: [...BROWSER_FLAGS] });
  });
  afterAll(() => browser.close());

  test("[M17] checks, simulates again, names what was changed, and asks nobody anything", async () => {
    const page = await browser.newPage({ viewport });
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(`${platform.url}/verify`, { waitUntil: "networkidle" });
    const asked: string[] = [];
    await page.context().setOffline(true);
    await page.route("**/*", (route) => {
      asked.push(route.request().url());
      return route.abort();
    });
    await choose(page, evidence);
    await page.getByRole("heading", { name: "Not decidable" }).waitFor();
    await page.getByLabel("Public keys that you trust").fill(keysToTrust().join("\n"));
    await page.getByRole("button", { name: "Verify" }).click();
    await page.getByRole("heading", { name: "Sound evidence" }).waitFor();
    await page.getByLabel("Simulate again").check();
    await page.getByText("2 seeds again, every trace the same").waitFor();
    await picture(page, `${name}-pass`);
    await choose(
      page,
      changeCapsim(evidence, ({ result }) => {
        result.params.packetLoss = 0;
      }),
    );
    await page.getByRole("heading", { name: "Not what it says" }).waitFor();
    await page.getByText("result.params is not what was signed").waitFor();
    await picture(page, `${name}-fail`);
    const isTooWide = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    );
    expect({ complaints, asked, isTooWide }).toEqual({ complaints: [], asked: [], isTooWide: false });
    await page.close();
  });
});

async function choose(page: Page, bytes: Uint8Array): Promise<void> {
  const file = { name: "result.capsim", mimeType: "application/json", buffer: Buffer.from(bytes) };
  await page.setInputFiles("#evidence", file);
}

async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name.replaceAll(" ", "-")}.png`), fullPage: true });
}
