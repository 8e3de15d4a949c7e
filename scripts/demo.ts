// `npm run demo`: the loop on real apps, each step with its time: pack, prove, ship, see, change, ship again, roll back,
// while a second process watches through a connection that is cut in the middle. Everything happens on a platform of
// its own in a temporary folder.
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { apiPath, PlatformClient, ProblemError } from "../cli/http/client.ts";
import { packFolder } from "../cli/pack/pack-folder.ts";
import { pushCapsule } from "../cli/push/push-capsule.ts";
import type { CapsuleSummary } from "../schemas/api/capsules.ts";
import type { ProjectDetail } from "../schemas/api/projects.ts";
import type { VerificationReport } from "../schemas/verification.ts";
import { buildFieldNotes } from "./build-examples.ts";
import { buildPlatform } from "./build-platform.ts";
import { startCuttableProxy } from "./platform/cuttable-proxy.ts";
import { findFreePort } from "./platform/free-port.ts";
import { startPlatform } from "./platform/platform.ts";
import { deployCapsule, ensureProject, makeDemoKey, type ShippedApp, shipApp } from "./platform/ship-app.ts";
import { locateState, ROOT } from "./platform/state-folder.ts";
import { visit } from "./platform/visit.ts";
import { startWatcher, type Watcher } from "./platform/watcher-process.ts";

const APP = "fair-share";
const SITE = "field-notes";
const MISSION = "login-page";

const CHANGED_TAGLINE = "Now in its second version";

const begun = performance.now();
try {
  await demonstrate();
  console.log(`\nThe loop holds: every step above was seen. ${seconds(begun)} in all.`);
} catch (error) {
  console.error(`\nThe demonstration failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function demonstrate(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "oursynth-demo-"));
  await step("build the platform and the example site", async () => {
    await buildPlatform();
    await buildFieldNotes();
    return "one Worker, one static site";
  });
  const state = locateState({ PORT: String(await findFreePort()), OURSYNTH_STATE: join(folder, "state") });
  const platform = await step(
    "start it on a fresh state folder",
    () => startPlatform({ state, say: () => undefined, onOutput: () => undefined }),
    ({ url }) => url,
  );
  const proxy = await startCuttableProxy(state.port);
  let watcher: Watcher | null = null;
  try {
    const client = new PlatformClient({ url: new URL(platform.url), token: platform.token });
    const key = await makeDemoKey(state);
    const common = { client, environment: "dev", key } as const;

    await step("register a key and make three projects", async () => {
      for (const label of [APP, SITE, MISSION]) await ensureProject(client, label, key.publicKey);
      return `${APP}, ${SITE}, ${MISSION}`;
    });
    watcher = startWatcher({ url: `http://localhost:${proxy.port}`, token: platform.token, project: APP });
    const watching = watcher;

    await demonstrateMission(client, key);
    await step(
      "ship the static site that Astro built",
      () => shipApp({ ...common, folder: join(ROOT, "examples", SITE), label: SITE, reason: "demo" }),
      describeShipped,
    );
    await see("visit it", `${await urlOf(client, SITE)}`, "Field Notes");

    const work = join(folder, APP);
    await cp(join(ROOT, "examples", APP), work, {
      recursive: true,
      filter: (path) => !path.includes("node_modules"),
    });
    const first = await step(
      "ship the Hono + TSX app",
      () => shipApp({ ...common, folder: work, label: APP, reason: "demo, first version" }),
      describeShipped,
    );
    await see("visit it", first.url, "Fair Share");
    await watching.waitFor((event) => event.type === "capsule.deploy.completed");

    await step("cut the watcher's connection", async () => `${proxy.cut()} connection(s) cut`);
    await changeOneFile(work);
    const second = await step(
      "change one file and ship again",
      async () => {
        const shipped = await shipApp({
          ...common,
          folder: work,
          label: APP,
          reason: "demo, second version",
        });
        if (shipped.blobCount !== 1) throw new Error(`${shipped.blobCount} files travelled instead of one`);
        return shipped;
      },
      describeShipped,
    );
    await see("visit it", second.url, CHANGED_TAGLINE);

    await step("roll back", async () => {
      const project = await client.get<ProjectDetail>(apiPath("projects", APP));
      const revision = project.environments.find((environment) => environment.name === "dev")?.revision ?? 0;
      await client.requestJson(apiPath("projects", APP, "environments", "dev", "activate"), {
        method: "POST",
        json: { capsuleDigest: first.capsuleDigest, expectedRevision: revision },
      });
      const seen = await visit(first.url);
      if (seen.artifactDigest !== first.artifactDigest) throw new Error("the first version is not back");
      return `the first version answers again: ${short(seen.artifactDigest)}`;
    });

    await step("look at what the second process saw", () => compareWatched(client, watching));
    await step("walk the hash chain", async () => {
      const walked = await client.get<{ isIntact: boolean; checked: number }>(
        apiPath("projects", APP, "timeline", "verify"),
      );
      if (!walked.isIntact) throw new Error("the chain is broken");
      return `${walked.checked} events, intact`;
    });
  } finally {
    await watcher?.stop();
    await proxy.close();
    await platform.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A capsule whose app no runner exists for: packed and proven all the same, refused at deploy early and by name. */
async function demonstrateMission(
  client: PlatformClient,
  key: Parameters<typeof shipApp>[0]["key"],
): Promise<void> {
  const accepted = await step(
    "pack, push and verify the mission's capsule",
    async () => {
      const capsule = await packFolder({ folder: join(ROOT, "examples", MISSION), key });
      const pushed = await pushCapsule({ client, projectId: MISSION, capsule, branch: "main" });
      const path = apiPath("capsules", pushed.accepted.capsuleDigest, "verify");
      const report = await client.get<VerificationReport>(path, { again: 1 });
      if (report.verdict !== "pass") throw new Error(`the verdict is ${report.verdict}`);
      return pushed.accepted;
    },
    ({ capsuleDigest }: CapsuleSummary) => `${short(capsuleDigest)} verifies`,
  );
  await step("its deploy is refused by name", async () => {
    try {
      await deployCapsule(client, MISSION, accepted, "dev");
    } catch (error) {
      if (error instanceof ProblemError && error.code === "app-invalid") return error.message;
      throw error;
    }
    throw new Error("it was deployed");
  });
}

/** The version goes up in the manifest, which is no file of the capsule; one source file changes. */
async function changeOneFile(folder: string): Promise<void> {
  const manifestFile = join(folder, "capsule.json");
  const manifest = await readFile(manifestFile, "utf8");
  await writeFile(manifestFile, manifest.replaceAll("1.0.0", "1.0.1"));
  const source = join(folder, "src", "i18n", "en.ts");
  const before = await readFile(source, "utf8");
  const after = before.replace(/tagline: "[^"]*"/, `tagline: "${CHANGED_TAGLINE}"`);
  if (after === before) throw new Error("the example has no tagline to change any more");
  await writeFile(source, after);
}

/** The second process must have every event once, in order, over its cut connection. */
async function compareWatched(client: PlatformClient, watcher: Watcher): Promise<string> {
  const { lastSeq } = await client.get<{ lastSeq: number }>(apiPath("projects", APP, "timeline"), {
    limit: 1,
  });
  await watcher.waitFor((event) => event.seq === lastSeq);
  const seqs = watcher.events.map((event) => event.seq);
  const isWhole = seqs.length === lastSeq && seqs.every((seq, index) => seq === index + 1);
  if (!isWhole) throw new Error(`it saw ${seqs.join(" ")} of 1 to ${lastSeq}`);
  return `${seqs.length} events, each once and in order, over a cut connection`;
}

async function see(name: string, url: string, expected: string): Promise<void> {
  await step(name, async () => {
    const seen = await visit(url);
    if (seen.status !== 200 || !seen.body.includes(expected)) {
      throw new Error(`${url} answered ${seen.status} without “${expected}”: ${seen.body.slice(0, 300)}`);
    }
    return `${url} 200, artifact ${short(seen.artifactDigest)}`;
  });
}

async function urlOf(client: PlatformClient, label: string): Promise<string> {
  const project = await client.get<ProjectDetail>(apiPath("projects", label));
  return project.environments.find((environment) => environment.name === "dev")?.url ?? "";
}

async function step<Value>(
  name: string,
  run: () => Promise<Value>,
  describe: (value: Value) => string = String,
): Promise<Value> {
  const startedAt = performance.now();
  const value = await run();
  console.log(`${seconds(startedAt).padStart(8)}  ${name}: ${describe(value)}`);
  return value;
}

function describeShipped(shipped: ShippedApp): string {
  return `${shipped.blobCount} file(s) travelled, live as ${short(shipped.artifactDigest)}`;
}

function short(digest: string): string {
  return digest.slice(0, 19);
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1_000).toFixed(2)} s`;
}
