// The road to production: asked, restated, rehearsed, confirmed by a person, live; and every way that must not lead there.
import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { statementListSchema } from "../../schemas/api/capsules.ts";
import {
  confirmationNeededSchema,
  confirmationSchema,
  decidedSchema,
  dryRunSchema,
} from "../../schemas/api/deploys.ts";
import { gateDecisionSchema } from "../../schemas/gate.ts";
import { meshParametersSchema } from "../../schemas/mesh-parameters.ts";
import { PREDICATE_VSA } from "../../schemas/statement.ts";
import { type Answer, ApiClient } from "./support/api-client.ts";
import { type MadeCapsule, makeGreeter, makeWorkerApp } from "./support/capsule-maker.ts";
import { expectProblem } from "./support/expect-refusal.ts";
import { ageSignIn, makeHouse, type Person } from "./support/people.ts";
import { startSimulation, waitForResult } from "./support/rehearse.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

const MINUTE_MS = 60_000;
const OVERRIDE = { reason: "the shop is down, and this mends it" };
const gateSchema = z.looseObject({
  params: meshParametersSchema,
  seeds: z.array(z.int()),
  policyRevision: z.int(),
  decision: gateDecisionSchema,
});

let owner: Person;
let admin: Person;
let creator: Person;
let project: TestProject;
let first: MadeCapsule;

beforeAll(async () => {
  const { people } = await makeHouse(["owner", "admin", "creator"]);
  [owner, admin, creator] = people as [Person, Person, Person];
  project = await makeProject(owner.api);
  first = await makeGreeter(project.key, "first");
  await project.push(first, "main");
});

/** Asks for a prod action, which must be restated, and gives what waits. */
async function ask(request: () => Promise<Answer>) {
  const answer = await request();
  expectProblem(answer, "confirmation-needed", /A person must confirm this within 10 minutes, signed in at /);
  return confirmationNeededSchema.parse(answer.json());
}

function deploy(capsule: MadeCapsule, more: object = {}): Promise<Answer> {
  const { projectId } = project;
  const json = { projectId, capsuleDigest: capsule.capsuleDigest, env: "prod", ...more };
  return project.api.post("/api/deploys", json);
}

function decide(confirmationId: string, decision: string, headers: Record<string, string>) {
  const path = `/api/confirmations/${confirmationId}`;
  return new ApiClient(project.api.url, null).send("POST", path, { json: { decision }, headers });
}

const confirm = (confirmationId: string, person: Person) =>
  decide(confirmationId, "confirm", { ...person.browser });

async function rehearse(capsule: MadeCapsule): Promise<string> {
  const { simId } = await startSimulation(project, capsule.capsuleDigest, { kind: "gate", env: "prod" });
  expect((await waitForResult(project.api, simId)).outcome).toBe("pass");
  return simId;
}

async function askGate(capsule: MadeCapsule) {
  const path = project.path(`/environments/prod/gate?capsuleHash=${capsule.capsuleDigest}`);
  return (await project.api.get(path)).expect(200, gateSchema);
}

/** Confirms a deploy and waits until it is live. */
async function release(capsule: MadeCapsule, more: object = {}) {
  const { confirmationId } = await ask(() => deploy(capsule, more));
  const { outcome } = (await confirm(confirmationId, owner)).expect(200, decidedSchema);
  if (outcome?.kind !== "deploy") throw new Error("no deploy was begun");
  const run = await project.waitForDeploy(outcome.deployId);
  expect(run.failure).toBeNull();
  return run;
}

async function setPolicy(policy: object): Promise<number> {
  const path = project.path("/environments/prod/policy");
  const { confirmationId } = await ask(() => project.api.send("PUT", path, { json: policy }));
  const { outcome } = (await confirm(confirmationId, owner)).expect(200, decidedSchema);
  if (outcome?.kind !== "policy") throw new Error("no policy was changed");
  return outcome.policyRevision;
}

describe("a prod deploy that was not rehearsed", () => {
  test("is restated in full: who asks, what goes there, what differs, what speaks for it", async () => {
    const { confirmationId, restatement, restatementHash, url } = await ask(() => deploy(first));
    expect(url).toBe(`${project.api.url}/confirmations/${confirmationId}`);
    expect(restatement).toMatchObject({
      requestedBy: { actor: { kind: "user", id: owner.userId }, login: "device" },
      projectId: project.projectId,
      env: "prod",
      release: {
        capsuleDigest: first.capsuleDigest,
        branch: "main",
        live: null,
        hostnames: [`${project.label}--prod.apps.localhost`],
        changes: { files: { addedCount: 1, lines: ["+ src/index.js"] } },
        gate: { isAllowed: false, basis: "evidence-missing" },
      },
    });
    const found = await project.api.get(`/api/confirmations/${confirmationId}`);
    expect(found.expect(200, confirmationSchema)).toMatchObject({ restatement, restatementHash });
    expect((await project.environment("prod")).revision).toBe(0);
  });

  test("[M18] cannot be confirmed: 412, signed and on the timeline, and it still waits", async () => {
    const { confirmationId } = await ask(() => deploy(first));
    expectProblem(await confirm(confirmationId, owner), "evidence-missing", /no rehearsal.*mesh-sim/);
    const event = (await project.events()).findLast(({ type }) => type === "gate.decided");
    expect(event?.data).toMatchObject({ env: "prod", isAllowed: false, basis: "evidence-missing" });
    const refused = await decide(confirmationId, "refuse", { ...owner.browser });
    expect(refused.expect(200, decidedSchema)).toEqual({ decision: "refuse", outcome: null });
    expectProblem(await confirm(confirmationId, owner), "not-found", /answered or have expired/);
    expect((await project.environment("prod")).revision).toBe(0);
  });

  test("a dry run tells today's decision and why", async () => {
    const dry = (await deploy(first, { dryRun: true })).expect(200, dryRunSchema);
    expect(dry.wouldDeploy).toBe(false);
    const gating = dry.phases.find(({ phase }) => phase === "gating");
    expect(gating).toMatchObject({ status: "fail", message: expect.stringMatching(/no rehearsal/) });
  });

  test("[M18] an exploration and a replay are no evidence, whatever they show", async () => {
    const explored = await startSimulation(project, first.capsuleDigest, { params: { nodes: 3, seed: 1 } });
    expect((await waitForResult(project.api, explored.simId)).outcome).toBe("pass");
    const replay = await project.api.post(`/api/mesh-sim/${explored.simId}/replay`, {});
    await waitForResult(project.api, (replay.json() as { simId: string }).simId);
    expect((await askGate(first)).decision.basis).toBe("evidence-missing");
  });
});

describe("[M18] a prod deploy that was rehearsed", () => {
  test("is asked for the same seeds each time, and is let in on the evidence", async () => {
    const before = await askGate(first);
    expect(before.seeds).toHaveLength(20);
    expect((await askGate(first)).seeds).toEqual(before.seeds);
    const simId = await rehearse(first);
    const { decision } = await askGate(first);
    expect(decision).toMatchObject({ isAllowed: true, basis: "evidence", simId });
  });

  test("is confirmed by nobody but a person with the role, in a browser, freshly signed in", async () => {
    const { confirmationId } = await ask(() => deploy(first));
    const device = await project.api.post(`/api/confirmations/${confirmationId}`, { decision: "confirm" });
    expectProblem(device, "forbidden", /never confirm/);
    expectProblem(await confirm(confirmationId, creator), "forbidden", /deploys:confirm/);
    const elsewhere = { ...owner.browser, origin: "https://evil.example" };
    expectProblem(await decide(confirmationId, "confirm", elsewhere), "forbidden", /Origin/);
    await ageSignIn(owner.browserSessionId, 16 * MINUTE_MS);
    expectProblem(await confirm(confirmationId, owner), "sign-in-stale", /15 minutes/);
    await ageSignIn(owner.browserSessionId, 0);
    const { people } = await makeHouse(["owner"]);
    expectProblem(await confirm(confirmationId, people[0] as Person), "not-found", /no /);
    expect((await project.environment("prod")).revision).toBe(0);
  });

  test("goes live when confirmed, once, with a signed summary of the decision", async () => {
    const { confirmationId } = await ask(() => deploy(first));
    const answers = await Promise.all([confirm(confirmationId, owner), confirm(confirmationId, admin)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 404]);
    const done = answers.find(({ status }) => status === 200)?.expect(200, decidedSchema);
    if (done?.outcome?.kind !== "deploy") throw new Error("no deploy was begun");
    const run = await project.waitForDeploy(done.outcome.deployId);
    expect(run).toMatchObject({ status: "done", env: "prod" });
    expect((await project.visit("prod")).text).toBe("first");
    const activated = (await project.events()).findLast(({ type }) => type === "environment.activated");
    expect(activated?.data).toMatchObject({
      env: "prod",
      gate: { basis: "evidence", isAllowed: true },
      confirmation: { confirmationId },
    });
    const path = `/api/capsules/${first.capsuleDigest}/statements?projectId=${project.projectId}`;
    const { items } = (await project.api.get(path)).expect(200, statementListSchema);
    const { gate } = z.looseObject({ gate: z.looseObject({ statement: z.string() }) }).parse(activated?.data);
    const summary = items.find(({ envelopeSha256 }) => envelopeSha256 === gate.statement);
    expect(summary?.predicateType).toBe(PREDICATE_VSA);
    const { predicate } = JSON.parse(Buffer.from(summary?.envelope.payload ?? "", "base64").toString());
    expect(predicate).toMatchObject({ verificationResult: "PASSED", oursynth: { basis: "evidence" } });
  });

  test("is void once something that the restatement covers has moved", async () => {
    const second = await makeGreeter(project.key, "second", "1.1.0");
    await project.push(second, "main");
    await rehearse(second);
    const { confirmationId } = await ask(() => deploy(second));
    await release(first);
    expectProblem(await confirm(confirmationId, owner), "confirmation-void", /environment moved/);
    expectProblem(await confirm(confirmationId, owner), "not-found", /answered/);
    await release(second);
    expect((await project.visit("prod")).text).toBe("second");
  });
});

describe("[M18] a rollback", () => {
  async function rollBack(capsule: MadeCapsule) {
    const { revision } = await project.environment("prod");
    const { capsuleDigest } = capsule;
    const path = project.path("/environments/prod/activate");
    return await ask(() => project.api.post(path, { capsuleDigest, expectedRevision: revision }));
  }

  test("to what was live before on good evidence needs a person, and no fresh evidence", async () => {
    const policy = { isGuarded: true, packetLoss: 7 };
    await setPolicy(policy);
    expect((await askGate(first)).decision).toMatchObject({ isAllowed: true, basis: "rollback" });
    const { confirmationId, restatement } = await rollBack(first);
    expect(restatement.sentence).toMatch(/^Activate 1\.0\.0 .* in place of 1\.1\.0 /);
    const { outcome } = (await confirm(confirmationId, owner)).expect(200, decidedSchema);
    expect(outcome).toMatchObject({ kind: "activate", activation: { env: "prod" } });
    await expect.poll(async () => (await project.visit("prod")).text, { timeout: 15_000 }).toBe("first");
  });

  test("needs fresh evidence where the policy forbids it without", async () => {
    await setPolicy({ isGuarded: true, allowsRollback: false });
    expect((await askGate(first)).decision.basis).toBe("evidence-missing");
  });
});

describe("a policy", () => {
  const path = () => project.path("/environments/prod/policy");

  test("of fewer than 20 seeds, or with a field that is not known, is refused by name", async () => {
    const few = await project.api.send("PUT", path(), { json: { isGuarded: true, seeds: 19 } });
    expectProblem(few, "validation", /seeds/);
    const unknown = await project.api.send("PUT", path(), { json: { isGuarded: true, mildness: 1 } });
    expectProblem(unknown, "validation", /mildness/);
  });

  test("that is changed makes evidence for the one before void", async () => {
    const revision = await setPolicy({ isGuarded: true, allowsRollback: false, packetLoss: 0 });
    const asked = await askGate(first);
    expect(asked.policyRevision).toBe(revision);
    expect(asked.params.packetLoss).toBe(0);
    expect(asked.decision.basis).toBe("evidence-missing");
    await setPolicy({ isGuarded: true });
  });

  test("may guard staging, too: then nothing goes there without", async () => {
    const staging = project.path("/environments/staging/policy");
    const set = await project.api.send("PUT", staging, { json: { isGuarded: true } });
    expect(set.status).toBe(200);
    const { projectId } = project;
    const body = { projectId, capsuleDigest: first.capsuleDigest, env: "staging" };
    const { confirmationId } = await ask(() => project.api.post("/api/deploys", body));
    expectProblem(await confirm(confirmationId, owner), "evidence-missing", /staging/);
  });
});

describe("[M19] an override", () => {
  test("needs an owner, and a reason; it is signed, shown, and gives no right to come back", async () => {
    const mend = await makeWorkerApp(
      project.key,
      'export default { fetch: () => new Response("mended") };\n',
      "1.2.0",
    );
    await project.push(mend, "main");
    expectProblem(await deploy(mend, { override: { reason: "quick" } }), "validation", /override.reason/);
    const { confirmationId, restatement } = await ask(() => deploy(mend, { override: OVERRIDE }));
    expect(restatement.sentence).toMatch(/overriding the gate\.$/);
    expect(restatement.release?.override).toEqual(OVERRIDE);
    expectProblem(await confirm(confirmationId, admin), "conflict", /only an owner/i);
    const { outcome } = (await confirm(confirmationId, owner)).expect(200, decidedSchema);
    if (outcome?.kind !== "deploy") throw new Error("no deploy was begun");
    expect((await project.waitForDeploy(outcome.deployId)).status).toBe("done");
    const activated = (await project.events()).findLast(({ type }) => type === "environment.activated");
    expect(activated?.data).toMatchObject({ gate: { basis: "override" } });
    expect(JSON.stringify(activated?.data)).toContain(OVERRIDE.reason);
    expect((await askGate(mend)).decision.basis).toBe("evidence-missing");
  });
});

describe("other prod actions", () => {
  test("a secret waits sealed, and is set by confirming", async () => {
    const body = { env: "prod", name: "SHOP_KEY", value: "not for any eye" };
    const { confirmationId, restatement } = await ask(() => project.api.post(project.path("/secrets"), body));
    expect(JSON.stringify(restatement)).not.toContain(body.value);
    const { outcome } = (await confirm(confirmationId, owner)).expect(200, decidedSchema);
    expect(outcome).toMatchObject({ kind: "set-secret", secret: { name: "SHOP_KEY", env: "prod" } });
  });

  test("whom a project trusts changes by a person's word once something is live in prod", async () => {
    const body = { name: "late", make: true, projectId: project.projectId };
    const { confirmationId, restatement } = await ask(() => project.api.post("/api/keys", body));
    expect(restatement.sentence).toMatch(/^Trust the key late \(sha256:/);
    const { outcome } = (await confirm(confirmationId, owner)).expect(200, decidedSchema);
    expect(outcome).toMatchObject({ kind: "trust" });
  });
});

test("of 50 activations at once with one expected revision, one wins", async () => {
  const other = await makeProject(owner.api);
  const greeter = await makeGreeter(other.key, "raced");
  await other.ship(greeter);
  const { revision } = await other.environment("dev");
  const { capsuleDigest } = greeter;
  const activate = () =>
    other.api.post(other.path("/environments/dev/activate"), { capsuleDigest, expectedRevision: revision });
  const answers = await Promise.all(Array.from({ length: 50 }, activate));
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  expect(statuses.filter((status) => status === 409)).toHaveLength(49);
  expect((await other.environment("dev")).revision).toBe(revision + 1);
});
