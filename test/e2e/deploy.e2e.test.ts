// Deploying: a run goes through its phases, the pointer swaps once, rolling back builds nothing, and an app that is no
// good leaves the old version serving.
import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { computeJsonDigest } from "../../core/capsule/digest.ts";
import { decodeEnvelope, verifyEnvelope } from "../../core/signing/dsse.ts";
import { readTrustedKeys } from "../../core/signing/trust.ts";
import { projectKeysSchema } from "../../schemas/api/access.ts";
import { statementListSchema } from "../../schemas/api/capsules.ts";
import {
  activationSchema,
  confirmationNeededSchema,
  deployCapsuleStartedSchema,
  deployDetailSchema,
  deploySchema,
  deployStartedSchema,
  dryRunSchema,
} from "../../schemas/api/deploys.ts";
import type { AuthoredManifestInput } from "../../schemas/manifest.ts";
import { deployPredicateSchema, PREDICATE_DEPLOY } from "../../schemas/statement.ts";
import { ownerClient } from "./support/api-client.ts";
import {
  type MadeCapsule,
  makeCapsule,
  makeGreeter,
  makeWorkerApp,
  packContainer,
} from "./support/capsule-maker.ts";
import { expectProblem, expectRefusal } from "./support/expect-refusal.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

const PHASES = ["verifying", "gating", "building", "publishing", "checking", "activating"];
/** A swap must be seen everywhere within this time (ARCHITECTURE.md, Ways through the house). */
const SEEN_WITHIN_MS = 5_000;

let project: TestProject;
let first: MadeCapsule;
let second: MadeCapsule;

beforeAll(async () => {
  project = await makeProject(ownerClient());
  first = await makeGreeter(project.key, "first", "1.0.0");
  second = await makeGreeter(project.key, "second", "2.0.0");
});

describe("a deploy", () => {
  test("goes through its phases in order, each an event, and the app answers with its artifact's name", async () => {
    const run = await project.ship(first, "dev");
    expect(run).toMatchObject({ status: "done", env: "dev", failure: null });
    expect(run.finishedAt).toBeGreaterThanOrEqual(run.startedAt);
    expect(run.log.map((line) => line.seq)).toEqual(run.log.map((_line, index) => index + 1));

    const events = (await project.events("&source=deploy")).filter((event) => event.runId === run.deployId);
    const phases = events.filter((event) => event.type === "run.updated").map((event) => event.data?.phase);
    expect(phases).toEqual(PHASES);
    const others = events.filter((event) => event.type !== "run.updated").map((event) => event.type);
    expect(others).toEqual([
      "capsule.deploy.started",
      "capsule.deploy.accepted",
      "environment.activated",
      "capsule.deploy.completed",
    ]);
    for (const event of events) expect(event.data).toMatchObject({ capsuleDigest: first.capsuleDigest });

    const answer = await project.visit("dev");
    expect(answer.text).toBe("first");
    expect(answer.headers.get("x-oursynth-artifact")).toBe(run.artifactDigest);
    const { live, revision, url } = await project.environment("dev");
    expect({ live: live?.artifactDigest, revision }).toEqual({ live: run.artifactDigest, revision: 1 });
    expect(url).toBe(run.url);
  });

  test("into staging is the same artifact at another host, and leaves dev alone", async () => {
    const dev = await project.environment("dev");
    const run = await project.ship(first, "staging");
    expect(run.artifactDigest).toBe(dev.live?.artifactDigest);
    expect((await project.visit("staging")).text).toBe("first");
    expect(await project.environment("dev")).toEqual(dev);
  });

  test("of a static app serves its files", async () => {
    const own = await makeProject(project.api);
    const files = { "index.html": "<h1>static</h1>", "style.css": "h1 {}" };
    await own.ship(await makeCapsule(own.key, files));
    expect((await own.visit("dev")).text).toBe("<h1>static</h1>");
    expect((await own.visit("dev", "/style.css")).headers.get("content-type")).toMatch(/^text\/css/);
    expect((await own.visit("dev", "/nothing.css")).status).toBe(404);
  });

  test("writes a statement that verifies with core against the project's trust", async () => {
    const { items } = (await project.api.get(`/api/capsules/${first.capsuleDigest}/statements`)).expect(
      200,
      statementListSchema,
    );
    const keys = (await project.api.get(project.path("/keys"))).expect(200, projectKeysSchema);
    const trusted = await readTrustedKeys(
      {
        revision: keys.revision,
        keys: keys.items,
        thresholds: keys.thresholds,
      },
      nodeHashing,
    );
    if (!trusted.ok) throw new Error(trusted.reason.message);
    const platformKey = keys.items.find((key) => key.isPlatformKey);
    expect(platformKey?.roles).toContain("deployer");
    const deploys = items.filter((item) => item.predicateType === PREDICATE_DEPLOY);
    const predicates = await Promise.all(
      deploys.map(async ({ envelope }) => {
        const parsed = decodeEnvelope(envelope);
        if (!parsed.ok) throw new Error(parsed.reason.message);
        const verified = await verifyEnvelope(parsed.value, trusted.value);
        if (!verified.ok) throw new Error(verified.reason.message);
        expect(verified.value.signers.map((signer) => signer.keyId)).toEqual([platformKey?.keyId]);
        const { subject, predicate } = verified.value.statement;
        expect(subject[0].digest.sha256).toBe(first.capsuleDigest.slice(7));
        return deployPredicateSchema.parse(predicate);
      }),
    );
    const runs = await project.deploys();
    expect(predicates.map((predicate) => predicate.env).toSorted()).toEqual(["dev", "staging"]);
    for (const predicate of predicates) {
      const run = runs.find((candidate) => candidate.deployId === predicate.deployId);
      expect(predicate).toEqual({
        projectId: project.projectId,
        env: run?.env,
        deployId: run?.deployId,
        artifactDigest: run?.artifactDigest,
        revision: 1,
        previous: null,
      });
    }
    const activated = await project.events("&type=environment.activated");
    const named = new Set(activated.map((event) => event.data?.statement));
    for (const { envelopeSha256 } of deploys) expect(named).toContain(envelopeSha256);
  });

  test("that is only rehearsed says what it would meet and changes nothing", async () => {
    await project.push(second);
    const before = await project.footprint();
    const { projectId } = project;
    const rehearse = async (env: string) => {
      const json = { projectId, capsuleDigest: second.capsuleDigest, env, dryRun: true };
      return (await project.api.post("/api/deploys", json)).expect(200, dryRunSchema);
    };
    const dev = await rehearse("dev");
    expect(dev.wouldDeploy).toBe(true);
    expect(dev.phases.map((phase) => phase.status)).toEqual(["pass", "pass", "pass"]);
    const prod = await rehearse("prod");
    expect(prod.wouldDeploy).toBe(false);
    expect(prod.phases.find((phase) => phase.status === "fail")).toMatchObject({ phase: "gating" });
    expect(await project.footprint()).toEqual(before);
  });

  test("and another at once into one environment both end, and the pointer moves twice", async () => {
    const { revision } = await project.environment("dev");
    const ids = await Promise.all([
      project.startDeploy(first.capsuleDigest, "dev"),
      project.startDeploy(second.capsuleDigest, "dev"),
    ]);
    const runs = await Promise.all(ids.map((id) => project.waitForDeploy(id)));
    expect(runs.map((run) => run.status)).toEqual(["done", "done"]);
    const after = await project.environment("dev");
    expect(after.revision).toBe(revision + 2);
    expect(ids).toContain(after.live?.deployId);
  });

  test("may be named by the other forms: by product, by hash, by the .caps itself, and asked by query", async () => {
    const own = await makeProject(project.api);
    const capsule = await makeGreeter(own.key, "by the caps", "3.1.4");
    const caps = await own.api.send("POST", `/api/deploy/capsule?env=stage&projectId=${own.projectId}`, {
      body: await packContainer(capsule),
      headers: { "content-type": "application/octet-stream" },
    });
    const uploaded = caps.expect(202, deployCapsuleStartedSchema);
    expect(uploaded).toMatchObject({ ok: true, env: "staging" });
    const json = { capsuleHash: capsule.capsuleDigest, env: "dev" };
    const byHash = await own.api.post(`/api/deploy/capsule?projectId=${own.projectId}`, json);
    const product = { productSlug: own.label, version: "latest", env: "dev" };
    const byProduct = await own.api.post("/api/deploy/create", product);
    const ids = [
      uploaded.deployId,
      byHash.expect(202, deployCapsuleStartedSchema).deployId,
      byProduct.expect(202, deployStartedSchema).deployId,
    ];
    for (const id of ids) expect((await own.waitForDeploy(id)).capsuleDigest).toBe(capsule.capsuleDigest);
    const status = await own.api.get(`/api/deploy/status?deployId=${ids[0]}`);
    expect(status.expect(200, deployDetailSchema).status).toBe("done");
    expect((await own.visit("staging")).text).toBe("by the caps");

    const noProject = () => own.api.post("/api/deploy/capsule", json);
    await expectRefusal(own, noProject, "validation", /projectId/);
    const nowhere = () =>
      own.api.post(`/api/deploy/capsule?projectId=${own.projectId}`, { ...json, env: "qa" });
    await expectRefusal(own, nowhere, "validation", /env/);
    const unknown = () => own.api.post("/api/deploy/create", { ...product, version: "9.9.9" });
    await expectRefusal(own, unknown, "not-found", /9\.9\.9/);
  });

  test("follows its log as server-sent events to the end", async () => {
    const deployId = await project.startDeploy(first.capsuleDigest, "staging");
    const stream = await project.api.get(`/api/deploys/${deployId}/logs`, {
      headers: { accept: "text/event-stream" },
    });
    const data = stream.text.split("\n").filter((line) => line.startsWith("data: "));
    const run = await project.waitForDeploy(deployId);
    expect(data).toHaveLength(run.log.length + 1);
    expect(JSON.parse(data.at(-1)?.slice(6) ?? "")).toMatchObject({ status: "done" });
  });
});

describe("rolling back", () => {
  test("swaps the pointer to what was built, builds nothing, and is seen within 5 s", async () => {
    const own = await makeProject(project.api);
    const older = await makeGreeter(own.key, "older", "1.0.0");
    const newer = await makeGreeter(own.key, "newer", "2.0.0");
    const olderRun = await own.ship(older);
    const newerRun = await own.ship(newer);
    expect((await own.visit("dev")).headers.get("x-oursynth-artifact")).toBe(newerRun.artifactDigest);
    const runsBefore = await own.deploys();

    const path = own.path("/environments/dev/activate");
    const swap = { capsuleDigest: older.capsuleDigest, expectedRevision: 2 };
    const activation = (await own.api.post(path, swap)).expect(200, activationSchema);
    expect(activation).toMatchObject({ env: "dev", revision: 3, artifactDigest: olderRun.artifactDigest });
    await expect
      .poll(async () => (await own.visit("dev")).headers.get("x-oursynth-artifact"), {
        timeout: SEEN_WITHIN_MS,
      })
      .toBe(olderRun.artifactDigest);
    expect((await own.visit("dev")).text).toBe("older");
    expect(await own.deploys()).toEqual(runsBefore);
    const [event] = (await own.events("&type=environment.activated")).slice(-1);
    expect(event?.data).toMatchObject({ revision: 3, previous: newerRun.artifactDigest });

    // Who has not seen the swap is told so, and nothing moves.
    await expectRefusal(own, () => own.api.post(path, swap), "revision-moved", /revision 3, not 2/);
  });

  test("won by one of three who ask at once", async () => {
    const { revision } = await project.environment("dev");
    const swap = { capsuleDigest: first.capsuleDigest, expectedRevision: revision };
    const path = project.path("/environments/dev/activate");
    const answers = await Promise.all([1, 2, 3].map(() => project.api.post(path, swap)));
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 409, 409]);
    expect((await project.environment("dev")).revision).toBe(revision + 1);
  });

  test("to what was never built is refused", async () => {
    const fresh = await makeGreeter(project.key, "never deployed", "7.0.0");
    await project.push(fresh);
    const json = { capsuleDigest: fresh.capsuleDigest, expectedRevision: 0 };
    const ask = () => project.api.post(project.path("/environments/dev/activate"), json);
    await expectRefusal(project, ask, "not-found", /never built/);
  });

  test("is found in the environment's history", async () => {
    const environments = await project.api.get(project.path("/environments"));
    const page = z.looseObject({
      items: z.array(
        z.looseObject({
          name: z.string(),
          revision: z.int(),
          history: z.array(z.looseObject({ revision: z.int() })),
        }),
      ),
    });
    for (const { revision, history } of page.parse(environments.json()).items) {
      const revisions = Array.from({ length: revision }, (_, index) => revision - index);
      expect(history.map((entry) => entry.revision)).toEqual(revisions.slice(0, 20));
    }
  });
});

describe("a run", () => {
  test("that is asked to cancel ends before its next phase, whether at work or still waiting; the pointer stays", async () => {
    const own = await makeProject(project.api);
    const { deployId: before } = await own.ship(await makeGreeter(own.key, "stays"));
    // Slow to answer, so that its run is surely in its health check while the one behind it waits.
    const source = `export default { fetch: () => scheduler.wait(3_000).then(() => new Response("slow")) };\n`;
    const slow = await makeWorkerApp(own.key, source, "2.0.0");
    await own.push(slow);
    const atWork = await own.startDeploy(slow.capsuleDigest, "dev");
    const waiting = await own.startDeploy(slow.capsuleDigest, "dev");
    await expect.poll(async () => (await own.deploy(atWork)).phase, { timeout: 20_000 }).toBe("checking");
    for (const deployId of [waiting, atWork]) {
      const cancel = await own.api.send("POST", `/api/deploys/${deployId}/cancel`);
      expect(cancel.expect(202, deploySchema).deployId).toBe(deployId);
    }
    expect(await own.waitForDeploy(atWork)).toMatchObject({ status: "cancelled", phase: "activating" });
    expect(await own.waitForDeploy(waiting)).toMatchObject({ status: "cancelled", phase: "verifying" });
    expect(await own.environment("dev")).toMatchObject({ revision: 1, live: { deployId: before } });
    const failed = await own.events("&type=capsule.deploy.failed");
    expect(failed.map((event) => event.runId)).toEqual([atWork, waiting]);
    for (const deployId of [before, atWork]) {
      const again = () => own.api.send("POST", `/api/deploys/${deployId}/cancel`);
      await expectRefusal(own, again, "conflict", /ended/);
    }
  });

  test("that has ended can be tried again, as a new run", async () => {
    const [last] = await project.deploys();
    const retry = await project.api.send("POST", `/api/deploys/${last?.deployId}/retry`);
    const { deployId } = retry.expect(202, deployStartedSchema);
    expect(deployId).not.toBe(last?.deployId);
    const run = await project.waitForDeploy(deployId);
    expect(run).toMatchObject({ status: "done", capsuleDigest: last?.capsuleDigest, env: last?.env });
  });

  test("of a capsule whose key is not trusted any more is refused while verifying", async () => {
    const own = await makeProject(project.api);
    const capsule = await makeGreeter(own.key, "trusted once");
    await own.push(capsule);
    const keys = (await own.api.get(own.path("/keys"))).expect(200, projectKeysSchema);
    const mine = keys.items.find((key) => !key.isPlatformKey && !key.isLogKey);
    const removed = await own.api.send("DELETE", `/api/keys/${mine?.keyId}?projectId=${own.projectId}`);
    expect(removed.status).toBe(204);
    const run = await own.waitForDeploy(await own.startDeploy(capsule.capsuleDigest, "dev"));
    expect(run).toMatchObject({ status: "error", phase: "verifying", failure: { code: "capsule-invalid" } });
    expect((await own.environment("dev")).live).toBeNull();
  });
});

describe("prod", () => {
  test("is never touched by a token: it is restated, and a token can refuse but not confirm", async () => {
    const { projectId } = project;
    const { capsuleDigest } = first;
    const asks = [
      () => project.api.post("/api/deploys", { projectId, capsuleDigest, env: "prod" }),
      () =>
        project.api.post(`/api/deploy/capsule?projectId=${projectId}`, {
          capsuleHash: capsuleDigest,
          env: "prod",
        }),
      () =>
        project.api.post("/api/deploy/create", { productSlug: project.label, version: "1.0.0", env: "prod" }),
      () =>
        project.api.post(project.path("/environments/prod/activate"), { capsuleDigest, expectedRevision: 0 }),
    ];
    for (const ask of asks) {
      const before = await project.footprint();
      const needed = confirmationNeededSchema.parse(
        expectProblem(await ask(), "confirmation-needed", /person/),
      );
      const after = await project.footprint();
      // That it was asked stands on the timeline; nothing else has happened.
      expect([after.capsules, after.deploys]).toEqual([before.capsules, before.deploys]);
      expect(after.facts.environments).toEqual(before.facts.environments);
      expect(needed.restatement).toMatchObject({ label: project.label, release: { capsuleDigest } });
      expect(needed.restatement.sentence).toMatch(/ in prod, where nothing is live yet\.$/);
      expect(needed.restatementHash).toBe(await computeJsonDigest(needed.restatement, nodeHashing));
      expect(needed.expiresAt).toBeGreaterThan(Date.now());

      const path = `/api/confirmations/${needed.confirmationId}`;
      const confirm = () => project.api.post(path, { decision: "confirm" });
      await expectRefusal(project, confirm, "forbidden", /never confirm/);
      expect((await project.api.post(path, { decision: "refuse" })).status).toBe(200);
      await expectRefusal(project, confirm, "not-found", /no such confirmation/);
    }
    expect((await project.environment("prod")).revision).toBe(0);
    expect((await project.visit("prod")).status).toBe(421);
  });

  test("cannot be reached by retrying, and an unknown confirmation or answer is refused", async () => {
    const path = "/api/confirmations/cnf_nothing";
    await expectRefusal(project, () => project.api.post(path, { decision: "confirm" }), "not-found", /no/);
    await expectRefusal(project, () => project.api.post(path, { decision: "yes" }), "validation", /decision/);
  });
});

describe("an app that is no good", () => {
  let shop: TestProject;
  let serving: { artifactDigest: string | null; revision: number };

  beforeAll(async () => {
    shop = await makeProject(project.api);
    const { artifactDigest } = await shop.ship(await makeGreeter(shop.key, "still here"));
    serving = { artifactDigest, revision: (await shop.environment("dev")).revision };
  });

  async function expectStillServing(): Promise<void> {
    const { live, revision } = await shop.environment("dev");
    expect({ artifactDigest: live?.artifactDigest, revision }).toEqual(serving);
    const answer = await shop.visit("dev");
    expect(answer.text).toBe("still here");
    expect(answer.headers.get("x-oursynth-artifact")).toBe(serving.artifactDigest);
  }

  /** The failed run, all that it says in one text. */
  async function deployBad(capsule: MadeCapsule) {
    await shop.push(capsule);
    const run = await shop.waitForDeploy(await shop.startDeploy(capsule.capsuleDigest, "dev"));
    const told = [run.failure?.message, ...run.log.map((line) => line.message)].join("\n");
    expect(run.status, told).toBe("error");
    expect(run.failure?.message).toMatch(/\S/);
    const failed = await shop.events("&type=capsule.deploy.failed");
    expect(failed.at(-1)).toMatchObject({ runId: run.deployId, data: { failure: run.failure } });
    await expectStillServing();
    return { run, told };
  }

  test("because it does not parse ends with file and line, and the old version serves", async () => {
    const source = "const a = 1;\nexport default { fetch() { return new Response('x' } };\n";
    const { run, told } = await deployBad(await makeWorkerApp(shop.key, source, "1.1.0"));
    expect(run.phase).toBe("building");
    expect(told).toMatch(/src\/index\.js:2/);
  });

  test("because it imports what is not there ends with file, line and the name", async () => {
    const source = `\nimport { nothing } from "./missing.js";\nexport default { fetch: () => new Response(nothing) };\n`;
    const { run, told } = await deployBad(await makeWorkerApp(shop.key, source, "1.2.0"));
    expect(run.phase).toBe("building");
    expect(told).toMatch(/src\/index\.js:2/);
    expect(told).toMatch(/missing\.js/);
  });

  test("because it imports a package that nobody has ends with file, line and the name", async () => {
    const source = `import leftPad from "left-pad";\nexport default { fetch: () => new Response(leftPad("x", 3)) };\n`;
    const { told } = await deployBad(await makeWorkerApp(shop.key, source, "1.2.1"));
    expect(told).toMatch(/src\/index\.js:1/);
    expect(told).toMatch(/left-pad/);
  });

  test("because it throws at start ends with the error, file and line", async () => {
    const source = `\n\nthrow new Error("no luck at start");\nexport default { fetch: () => new Response("x") };\n`;
    const { run, told } = await deployBad(await makeWorkerApp(shop.key, source, "1.3.0"));
    expect(run.phase).toBe("checking");
    expect(told).toMatch(/no luck at start/);
    expect(told).toMatch(/src\/index\.js:3/);
  });

  test("because it throws when asked ends with the error, file and line", async () => {
    const source = `export default {\n  fetch() {\n    throw new TypeError("no luck when asked");\n  },\n};\n`;
    const { run, told } = await deployBad(await makeWorkerApp(shop.key, source, "1.4.0"));
    expect(run.phase).toBe("checking");
    expect(told).toMatch(/no luck when asked/);
    expect(told).toMatch(/src\/index\.js:3/);
  });

  test("because it answers 500 ends with the status", async () => {
    const source = `export default { fetch: () => new Response("broken", { status: 503 }) };\n`;
    const { told } = await deployBad(await makeWorkerApp(shop.key, source, "1.5.0"));
    expect(told).toMatch(/503/);
  });

  test("because it never answers ends within the health check's limit, and says so", async () => {
    const source = `export default { fetch: () => scheduler.wait(3_600_000).then(() => new Response("late")) };\n`;
    const { run, told } = await deployBad(await makeWorkerApp(shop.key, source, "1.6.0"));
    expect(run.phase).toBe("checking");
    expect(told).toMatch(/no answer|timeout/);
  });

  test("because its promise can never settle ends, and says so", async () => {
    const source = `export default { fetch: () => new Promise(() => undefined) };\n`;
    const { run } = await deployBad(await makeWorkerApp(shop.key, source, "1.6.1"));
    expect(run).toMatchObject({ phase: "checking", failure: { code: "never-answers" } });
  });

  test("because it exports no fetch ends, and says so", async () => {
    const { told } = await deployBad(await makeWorkerApp(shop.key, "export const a = 1;\n", "1.7.0"));
    expect(told).toMatch(/fetch|default/);
  });

  const refusedEarly: readonly [string, NonNullable<AuthoredManifestInput["app"]>, object, RegExp][] = [
    ["of a framework without a runner", { framework: "nextjs" }, {}, /nextjs/],
    ["with build steps", {}, { build: { steps: ["npm run build"] } }, /build\.steps/],
    [
      "with a service that nothing runs",
      {},
      { services: [{ name: "db", type: "postgres" }] },
      /db.*postgres/,
    ],
    ["for another platform version", {}, { compatibility: { platform: ">=9" } }, />=9/],
  ];
  for (const [what, app, more, detail] of refusedEarly) {
    test(`${what} is refused by name before a run begins`, async () => {
      const files = { "src/index.js": "export default { fetch: () => new Response('x') };" };
      const authored = { ...more, version: "1.8.0", app: { entry: "src/index.js", ...app } };
      const capsule = await makeCapsule(shop.key, files, authored);
      await shop.push(capsule);
      const { projectId } = shop;
      const ask = () =>
        shop.api.post("/api/deploys", { projectId, capsuleDigest: capsule.capsuleDigest, env: "dev" });
      await expectRefusal(shop, ask, "app-invalid", detail);
      await expectStillServing();
    });
  }

  test("and a request to deploy to nowhere is refused, naming the environments", async () => {
    const { projectId } = shop;
    const json = { projectId, capsuleDigest: first.capsuleDigest, env: "production" };
    const problem = await expectRefusal(shop, () => shop.api.post("/api/deploys", json), "validation", /env/);
    expect(problem.detail).toMatch(/dev.*staging.*prod/);
    expectProblem(await shop.api.get(shop.path("/environments/production/logs")), "validation", /env/);
  });
});
