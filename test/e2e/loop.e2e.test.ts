// The whole loop on the real applications, with the command line as a second process that watches.
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { apiPath, PlatformClient } from "../../cli/http/client.ts";
import { packFolder } from "../../cli/pack/pack-folder.ts";
import { pushCapsule } from "../../cli/push/push-capsule.ts";
import type { PrivateKey } from "../../core/signing/ed25519.ts";
import type { ProjectDetail } from "../../schemas/api/projects.ts";
import type { TimelineEvent } from "../../schemas/event.ts";
import type { VerificationReport } from "../../schemas/verification.ts";
import { type CuttableProxy, startCuttableProxy } from "../../scripts/platform/cuttable-proxy.ts";
import { deployCapsule, ensureProject, makeDemoKey, shipApp } from "../../scripts/platform/ship-app.ts";
import { locateState, ROOT } from "../../scripts/platform/state-folder.ts";
import { visit } from "../../scripts/platform/visit.ts";
import { startWatcher, type Watcher } from "../../scripts/platform/watcher-process.ts";
import { secondTenant } from "./support/second-tenant.ts";

const platform = inject("platform");
// An organization that has put none of these files yet, whatever test file came before this one.
const token = (await secondTenant()).api.token ?? "";
const client = new PlatformClient({ url: new URL(platform.url), token });

let folder = "";
let key: PrivateKey;
let proxy: CuttableProxy;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "oursynth-loop-"));
  key = await makeDemoKey(locateState({ OURSYNTH_STATE: platform.statePath }));
  proxy = await startCuttableProxy(platform.port);
});
afterAll(async () => {
  await proxy.close();
  await rm(folder, { recursive: true, force: true });
});

describe("a Hono + TSX app of more than 40 files", () => {
  let watcher: Watcher;
  afterAll(() => watcher.stop());

  test("ships, changes by one file, ships again and rolls back, while a cut watcher has every event once", async () => {
    const label = "loop-app";
    const work = join(folder, "fair-share");
    await cp(join(ROOT, "examples", "fair-share"), work, { recursive: true });
    await ensureProject(client, label, key.publicKey);
    watcher = startWatcher({ url: `http://localhost:${proxy.port}`, token, project: label });
    const ship = () => shipApp({ client, folder: work, label, environment: "dev", key, reason: "a test" });

    const first = await ship();
    expect(first.blobCount).toBeGreaterThan(40);
    expect(await visit(first.url)).toMatchObject({ status: 200, artifactDigest: first.artifactDigest });
    await watcher.waitFor((event) => event.type === "capsule.deploy.completed");

    expect(proxy.cut()).toBe(1);
    await replaceIn(join(work, "capsule.json"), "1.0.0", "1.0.1");
    await replaceIn(join(work, "src", "i18n", "en.ts"), "settled simply", "settled again");
    const second = await ship();
    expect(second.blobCount).toBe(1);
    const changed = await visit(second.url);
    expect(changed.body).toContain("settled again");
    expect(changed.artifactDigest).not.toBe(first.artifactDigest);

    const back = await client.requestJson(apiPath("projects", label, "environments", "dev", "activate"), {
      method: "POST",
      json: { capsuleDigest: first.capsuleDigest, expectedRevision: 2 },
    });
    expect(back).toMatchObject({ revision: 3, artifactDigest: first.artifactDigest });
    expect(await visit(first.url)).toMatchObject({ artifactDigest: first.artifactDigest });

    const { lastSeq } = await client.get<{ lastSeq: number }>(apiPath("projects", label, "timeline"), {
      limit: 1,
    });
    await watcher.waitFor((event: TimelineEvent) => event.seq === lastSeq);
    expect(watcher.events.map((event) => event.seq)).toEqual(
      Array.from({ length: lastSeq }, (_, index) => index + 1),
    );
  });

  test("a second capsule names the first as its parent", async () => {
    const project = await client.get<ProjectDetail>(apiPath("projects", "loop-app"));
    const head = project.branches[0]?.capsuleDigest ?? "";
    const { manifest } = await client.get<{ manifest: { parents: string[] } }>(apiPath("capsules", head));
    expect(manifest.parents).toHaveLength(1);
  });
});

describe("a static site as Astro built it", () => {
  test("ships and serves pages, its own 404 and hashed assets for ever", async () => {
    await ensureProject(client, "loop-site", key.publicKey);
    const shipped = await shipApp({
      client,
      folder: join(ROOT, "examples", "field-notes"),
      label: "loop-site",
      environment: "staging",
      key,
      reason: "a test",
    });
    const home = await visit(shipped.url);
    expect(home).toMatchObject({ status: 200, artifactDigest: shipped.artifactDigest });
    const stylesheet = /\/_astro\/[^"]+\.css/.exec(home.body)?.[0] ?? "";
    const asset = await visit(new URL(stylesheet, shipped.url).href);
    expect(asset.headers).toMatchObject({
      "content-type": "text/css; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
    });
    expect(await visit(new URL("/nowhere", shipped.url).href)).toMatchObject({ status: 404 });
  });
});

describe("[C11] the mission's capsule", () => {
  test("is packed from its folder, verifies on the platform, and its deploy is refused early and by name", async () => {
    await ensureProject(client, "loop-mission", key.publicKey);
    const capsule = await packFolder({ folder: join(ROOT, "examples", "login-page"), key });
    const { accepted } = await pushCapsule({ client, projectId: "loop-mission", capsule, branch: "main" });
    const path = apiPath("capsules", accepted.capsuleDigest, "verify");
    expect((await client.get<VerificationReport>(path, { again: 1 })).verdict).toBe("pass");
    await expect(deployCapsule(client, "loop-mission", accepted, "dev")).rejects.toMatchObject({
      status: 400,
      problem: { code: "app-invalid", detail: expect.stringContaining("nextjs") },
    });
  });

  test("the example's manifest is the published vector, byte for byte", async () => {
    const published = await readFile(join(ROOT, "test", "vectors", "mission", "mission-capsule.json"));
    expect(await readFile(join(ROOT, "examples", "login-page", "capsule.json"))).toEqual(published);
  });
});

async function replaceIn(file: string, what: string, by: string): Promise<void> {
  const before = await readFile(file, "utf8");
  expect(before).toContain(what);
  await writeFile(file, before.replaceAll(what, by));
}
