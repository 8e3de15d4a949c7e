// What no simulation begins with, who may see one, and what is not taken in (MESH.md §2, M3, M14).
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { addedKeySchema } from "../../schemas/api/access.ts";
import { pageSchema } from "../../schemas/api/common.ts";
import {
  recordedSimulationSchema,
  simulationStartedSchema,
  simulationSummarySchema,
} from "../../schemas/api/simulations.ts";
import type { MeshSimResult } from "../../schemas/mesh-result.ts";
import { type Answer, ownerClient } from "./support/api-client.ts";
import {
  type MadeCapsule,
  makeCapsule,
  makeGreeter,
  makeWorkerApp,
  newKey,
} from "./support/capsule-maker.ts";
import { expectProblem, expectRefusal } from "./support/expect-refusal.ts";
import { makeHouse } from "./support/people.ts";
import { signResult, simulateElsewhere } from "./support/record-result.ts";
import { type SealedResult, startSimulation, waitForEnd, waitForResult } from "./support/rehearse.ts";
import { secondTenant } from "./support/second-tenant.ts";
import { publicText } from "./support/signing-keys.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

let project: TestProject;
let greeter: MadeCapsule;
let sealed: SealedResult;

beforeAll(async () => {
  project = await makeProject(ownerClient());
  greeter = await makeGreeter(project.key, "hello");
  await project.push(greeter);
  const { simId } = await startSimulation(project, greeter.capsuleDigest, { params: { nodes: 2, seed: 3 } });
  sealed = await waitForResult(project.api, simId);
});

function start(more: Readonly<Record<string, unknown>>): Promise<Answer> {
  const { projectId } = project;
  return project.api.post("/api/mesh-sim/start", { projectId, capsuleHash: greeter.capsuleDigest, ...more });
}

const DIGEST = `sha256:${"0".repeat(64)}`;

/** Each with the field that is named, and the words about its bounds. */
const BAD_PARAMETERS: readonly [unknown, string, RegExp][] = [
  [{ nodes: 1 }, "params.nodes", /from 2 to 10/],
  [{ nodes: 11 }, "params.nodes", /from 2 to 10/],
  [{ nodes: 2.5 }, "params.nodes", /whole number/],
  [{ nodes: "5" }, "params.nodes", /whole number from 2 to 10/],
  [{ nodes: null }, "params.nodes", /whole number from 2 to 10/],
  [{ latencyMs: [-1, 10] }, "params.latencyMs.0", /from 0 to 10000/],
  [{ latencyMs: [0, 10_001] }, "params.latencyMs.1", /from 0 to 10000/],
  [{ latencyMs: [150, 50] }, "params.latencyMs", /150 is above 50/],
  [{ latencyMs: [50] }, "params.latencyMs", /\[minimum, maximum\]/],
  [{ latencyMs: 50 }, "params.latencyMs", /\[minimum, maximum\]/],
  [{ packetLoss: -0.01 }, "params.packetLoss", /from 0 to 100/],
  [{ packetLoss: 100.01 }, "params.packetLoss", /from 0 to 100/],
  [{ packetLoss: 1.234 }, "params.packetLoss", /two decimals/],
  [{ packetLoss: "2%" }, "params.packetLoss", /a number from 0 to 100/],
  [{ verifySignatures: "yes" }, "params.verifySignatures", /./],
  [{ seed: -1 }, "params.seed", /from 0 to 4294967295/],
  [{ seed: 4_294_967_296 }, "params.seed", /from 0 to 4294967295/],
  [{ seed: 1, seeds: [2] }, "params.seed", /left out where seeds are given/],
  [{ seeds: [] }, "params.seeds", /at least one/],
  [{ seeds: [1, 1] }, "params.seeds", /twice/],
  [{ distribution: "gamma" }, "params.distribution", /./],
  [{ loss: "often" }, "params.loss", /./],
  [{ jitterMs: 10_001 }, "params.jitterMs", /from 0 to 10000/],
  [{ duplicate: 101 }, "params.duplicate", /from 0 to 100/],
  [{ reorder: -1 }, "params.reorder", /from 0 to 100/],
  [{ corrupt: 200 }, "params.corrupt", /from 0 to 100/],
  [{ rateKbps: 7 }, "params.rateKbps", /from 8 to 10000000/],
  [
    { partitions: [{ groups: [["node-1"], ["node-2"]], atMs: 10, healAtMs: 10 }] },
    "params.partitions.0.healAtMs",
    /after atMs/,
  ],
  [
    { partitions: [{ groups: [["node-1"], ["node-2"]], atMs: 20, healAtMs: 10 }] },
    "params.partitions.0.healAtMs",
    /after atMs/,
  ],
  [
    { nodes: 2, partitions: [{ groups: [["node-1"], ["node-3"]], atMs: 0, healAtMs: 10 }] },
    "params.partitions.0.groups.1",
    /node-3 is not there/,
  ],
  [
    { partitions: [{ groups: [["node-1"], ["node-1"]], atMs: 0, healAtMs: 10 }] },
    "params.partitions.0.groups.1",
    /twice/,
  ],
  [{ partitions: [{ groups: [["node-1"]], atMs: 0, healAtMs: 10 }] }, "params.partitions.0.groups", /./],
  [{ chaosMode: true, chaos: [{ node: "node-1", at: 5, action: "crash" }] }, "params.chaosMode", /left out/],
  [{ chaos: [{ node: "node-9", at: 5, action: "crash" }] }, "params.chaos.0.node", /node-9 is not there/],
  [
    { chaos: [{ node: "node-1", at: "lunch", action: "crash" }] },
    "params.chaos.0.at",
    /a phase or .*a whole number from 0/,
  ],
  [{ chaos: [{ node: "node-1", at: 5, action: "explode" }] }, "params.chaos.0.action", /./],
  [
    { drift: [{ node: "node-1", service: "ghost", digest: DIGEST }] },
    "params.drift.0.service",
    /a service of the capsule: app/,
  ],
  [
    { drift: [{ node: "node-7", service: "app", digest: DIGEST }] },
    "params.drift.0.node",
    /node-7 is not there/,
  ],
  [
    { drift: [{ node: "node-1", service: "app", digest: "abc" }] },
    "params.drift.0.digest",
    /64 lowercase hex/,
  ],
  [{ healMs: 999 }, "params.healMs", /from 1000 to 600000/],
  [{ healMs: 600_001 }, "params.healMs", /from 1000 to 600000/],
  [{ previous: "latest" }, "params.previous", /64 lowercase hex/],
  [{ previous: DIGEST }, "params.previous", /a capsule of this project/],
  [{ pace: 1_001 }, "params.pace", /from 0 to 1000/],
  [{ slo: { timeToHealthyP95MsMax: 0 } }, "params.slo.timeToHealthyP95MsMax", /from 1 to/],
  [{ slo: { fast: true } }, "params.slo.fast", /not known/],
  [{ expect: ["all is well"] }, "params.expect.0", /must read/],
  [{ expect: ["node-9 is healthy"] }, "params.expect.0", /node-9 is not there/],
  [{ packetloss: 5 }, "params.packetloss", /not known here; there are nodes/],
];

describe("[M1] parameters out of bounds, of another type, unknown or contradictory", () => {
  test.each(BAD_PARAMETERS)("%j: 400 names %s", async (params, path, words) => {
    const problem = await expectRefusal(project, () => start({ params }), "validation", /^The field params/);
    expect(problem.errors?.map((error) => error.path)).toContain(path);
    expect(problem.errors?.find((error) => error.path === path)?.message).toMatch(words);
  });

  const AT_BOUNDS: readonly unknown[] = [
    { nodes: 2, latencyMs: [0, 0], packetLoss: 0, seed: 0, healMs: 1_000, pace: 0 },
    {
      nodes: 10,
      latencyMs: [10_000, 10_000],
      seed: 4_294_967_295,
      rateKbps: 10_000_000,
      healMs: 600_000,
      pace: 1_000,
    },
  ];

  test.each(AT_BOUNDS)("at the bounds: %j is taken", async (params) => {
    const { simId } = (await start({ params })).expect(202, simulationStartedSchema);
    expect(await waitForEnd(project.api, simId)).toMatchObject({ status: "done" });
  });

  test("a body of another shape names its field", async () => {
    const bodies: readonly [Readonly<Record<string, unknown>>, string][] = [
      [{ params: [] }, "params"],
      [{ kind: "replay" }, "kind"],
      [{ kind: "gate" }, "env"],
      [{ kind: "gate", env: "moon" }, "env"],
      [{ kind: "gate", env: "prod", params: {} }, ""],
      [{ capsuleHash: "abc" }, "capsuleHash"],
      [{ surprise: 1 }, ""],
    ];
    for (const [more, path] of bodies) {
      const problem = expectProblem(await start(more), "validation", /./);
      expect(
        problem.errors?.map((error) => error.path),
        JSON.stringify(more),
      ).toContain(path);
    }
  });
});

describe("[M3] what cannot be simulated", () => {
  test("an unknown capsule is 404", async () => {
    expectProblem(await start({ capsuleHash: DIGEST }), "not-found", /has no capsule/);
  });

  test("a service that no runner exists for is 422, by name", async () => {
    const queued = await makeCapsule(
      project.key,
      { "src/index.js": 'export default { fetch: () => new Response("x") };\n' },
      { version: "7.0.0", app: { entry: "src/index.js" }, services: [{ name: "mailer", type: "kv" }] },
    );
    await project.push(queued);
    const answer = await start({ capsuleHash: queued.capsuleDigest });
    const problem = expectProblem(answer, "not-simulable", /"mailer" \(kv\)/);
    expect(problem).toMatchObject({ reason: "service-not-runnable" });
  });

  test("an app that does not compile is 400, naming its file", async () => {
    const broken = await makeWorkerApp(project.key, "export default { fetch( };\n", "8.0.0");
    await project.push(broken);
    expectProblem(await start({ capsuleHash: broken.capsuleDigest }), "app-invalid", /index\.js/);
  });

  test("a secret that is not set for simulations is named; set, the app gets it", async () => {
    const source = `export default { fetch: (_request, env) => new Response("", { status: env.TOKEN === "for-rehearsals" ? 200 : 500 }) };\n`;
    const secretive = await makeWorkerApp(project.key, source, "9.0.0", { secrets: ["TOKEN"] });
    await project.push(secretive);
    const ask = () => start({ capsuleHash: secretive.capsuleDigest, params: { nodes: 2, seed: 1 } });
    expectProblem(await ask(), "secrets-missing", /simulation lacks secrets .*TOKEN/);
    const set = await project.api.post(project.path("/secrets"), {
      env: "simulation",
      name: "TOKEN",
      value: "for-rehearsals",
    });
    expect([200, 201], set.text).toContain(set.status);
    const { simId } = (await ask()).expect(202, simulationStartedSchema);
    expect((await waitForResult(project.api, simId)).outcome).toBe("pass");
  });

  test("a capsule that does not verify any more is 400 with its report", async () => {
    const lonely = await makeProject(ownerClient());
    const capsule = await makeGreeter(lonely.key, "lonely");
    await lonely.push(capsule);
    const keys = await lonely.api.get(lonely.path("/keys"));
    const mine = (
      keys.json() as { items: { keyId: string; isPlatformKey: boolean; roles: string[] }[] }
    ).items.find(({ isPlatformKey, roles }) => !isPlatformKey && roles.includes("builder"));
    await lonely.api.send("DELETE", `/api/keys/${mine?.keyId}?projectId=${lonely.projectId}`);
    const { projectId } = lonely;
    const answer = await lonely.api.post("/api/mesh-sim/start", {
      projectId,
      capsuleHash: capsule.capsuleDigest,
    });
    const problem = expectProblem(answer, "capsule-invalid", /does not verify/);
    expect(problem).toHaveProperty("report.steps");
  });
});

describe("how many at once", () => {
  test("more than an organization may have under way are 429; a cancelled one makes room", async () => {
    const mine = await makeProject((await secondTenant("busy-tenant")).api);
    const sleepy = await makeWorkerApp(
      mine.key,
      "export default { fetch: () => scheduler.wait(8_000).then(() => new Response()) };\n",
    );
    await mine.push(sleepy);
    const ask = () =>
      mine.api.post("/api/mesh-sim/start", {
        projectId: mine.projectId,
        capsuleHash: sleepy.capsuleDigest,
        params: { nodes: 2, seed: 1 },
      });
    const answers: Answer[] = [];
    for (let count = 0; count < 7; count += 1) answers.push(await ask());
    const started = answers.filter(({ status }) => status === 202);
    expect(started).toHaveLength(6);
    const refused = answers.at(-1) as Answer;
    expectProblem(refused, "too-many-simulations", /6 simulations under way/);
    expect(refused.headers.get("retry-after")).toBe("5");
    const ids = started.map((answer) => answer.expect(202, simulationStartedSchema).simId);
    for (const simId of ids)
      expect((await mine.api.post(`/api/mesh-sim/${simId}/cancel`, {})).status).toBe(202);
    for (const simId of ids) {
      expect(await waitForEnd(mine.api, simId)).toMatchObject({ status: "cancelled", result: null });
    }
    expect((await ask()).status).toBe(202);
    const failed = await mine.events("&type=mesh.failed");
    expect(failed.map(({ data }) => data?.status)).toEqual(ids.map(() => "cancelled"));
  });

  test("one that has ended cannot be cancelled", async () => {
    expectProblem(
      await project.api.post(`/api/mesh-sim/${sealed.simId}/cancel`, {}),
      "conflict",
      /has ended/,
    );
  });
});

describe("who sees a simulation", () => {
  test("another tenant finds none of it: 404", async () => {
    const { api } = await secondTenant();
    const ways: (() => Promise<Answer>)[] = [
      () => api.get(`/api/mesh-sim/result/${sealed.simId}`),
      () => api.get(`/api/mesh-sim/events?simId=${sealed.simId}`),
      () => api.post(`/api/mesh-sim/${sealed.simId}/replay`, {}),
      () => api.post(`/api/mesh-sim/${sealed.simId}/cancel`, {}),
      () => api.get(project.path("/simulations")),
      () =>
        api.post("/api/mesh-sim/start", { projectId: project.projectId, capsuleHash: greeter.capsuleDigest }),
    ];
    for (const way of ways) expectProblem(await way(), "not-found", /There is no/);
    expectProblem(
      await api.get(`/api/mesh-sim/result/${randomUUID()}`),
      "not-found",
      /There is no simulation/,
    );
    expectProblem(await api.get("/api/mesh-sim/result/none"), "validation", /simId/);
  });

  test("a viewer reads, lists and watches, and starts nothing", async () => {
    const { people } = await makeHouse(["owner", "viewer"]);
    const [owner, viewer] = people;
    if (owner === undefined || viewer === undefined) throw new Error("a house of two");
    const theirs = await makeProject(owner.api);
    const capsule = await makeGreeter(theirs.key, "seen");
    await theirs.push(capsule);
    const { simId } = await startSimulation(theirs, capsule.capsuleDigest, { params: { nodes: 2, seed: 1 } });
    expect((await waitForResult(viewer.api, simId)).outcome).toBe("pass");
    const list = await viewer.api.get(theirs.path("/simulations"));
    expect(list.expect(200, pageSchema(simulationSummarySchema)).items.map((item) => item.simId)).toEqual([
      simId,
    ]);
    expect((await viewer.api.get(`/api/mesh-sim/events?simId=${simId}`)).status).toBe(200);
    const { projectId } = theirs;
    const body = { projectId, capsuleHash: capsule.capsuleDigest };
    expectProblem(await viewer.api.post("/api/mesh-sim/start", body), "forbidden", /simulations:write/);
    expectProblem(
      await viewer.api.post(`/api/mesh-sim/${simId}/replay`, {}),
      "forbidden",
      /simulations:write/,
    );
  });
});

describe("[M14] a result from outside", () => {
  const runner = newKey();

  async function record(result: MeshSimResult, key = runner): Promise<Answer> {
    const envelope = await signResult(greeter, result, await key);
    return project.api.post("/api/mesh-sim/record", { projectId: project.projectId, envelope });
  }

  test("is refused while its key is no simulator of the project", async () => {
    const result = await simulateElsewhere(greeter, sealed, await runner);
    const ask = () => record(result);
    const problem = await expectRefusal(project, ask, "unprocessable", /trusts as a simulator/);
    expect(problem).toMatchObject({ reason: "evidence-untrusted" });
    // A builder's key is not a simulator's.
    const byBuilder = await simulateElsewhere(greeter, sealed, project.key);
    expectProblem(await record(byBuilder, Promise.resolve(project.key)), "unprocessable", /as a simulator/);
  });

  test("is taken in once its key is trusted, marked external, and again is the same answer", async () => {
    const key = await runner;
    const { projectId } = project;
    const trusted = await project.api.post("/api/keys", {
      name: "CI",
      publicKey: publicText(key),
      projectId,
      roles: ["simulator"],
    });
    trusted.expect(201, addedKeySchema);
    const result = await simulateElsewhere(greeter, sealed, key);
    expect(result.traceHash).toBe(sealed.traceHash);
    const recorded = (await record(result)).expect(201, recordedSimulationSchema);
    expect(recorded).toMatchObject({ simId: result.simId, observedBy: "external", outcome: "pass" });
    expect((await record(result)).expect(201, recordedSimulationSchema)).toEqual(recorded);
    const read = await waitForResult(project.api, result.simId);
    expect(read).toMatchObject({ observedBy: "external", traceHash: result.traceHash });
    expect((await project.api.get(`/api/mesh-sim/events?simId=${result.simId}`)).status).toBe(204);
    // Other bytes under the same id.
    const other = { ...result, startedAt: new Date(Date.parse(result.startedAt) + 1_000).toISOString() };
    const moved = await simulateElsewhere(greeter, { ...sealed, startedAt: other.startedAt }, key);
    expectProblem(await record({ ...moved, simId: result.simId }), "conflict", /stays as it is/);
  });

  test("is refused when running it again gives something else", async () => {
    const key = await runner;
    const result = await simulateElsewhere(greeter, sealed, key);
    const lies: readonly [Partial<MeshSimResult>, RegExp][] = [
      [{ traceHash: "0".repeat(64) }, /gives another trace/],
      [{ sli: { ...result.sli, deliveryRatio: 0.5 } }, /same trace and another result/],
      [{ artifactDigest: DIGEST }, /artifact is not what the capsule compiles to/],
      [{ simulatorVersion: "0.0.1" }, /made by the simulator 0\.0\.1/],
      [{ observations: result.observations.slice(1) }, /observations are not complete/],
    ];
    for (const [lie, words] of lies) {
      const answer = await record({ ...result, simId: randomUUID(), ...lie });
      expectProblem(answer, "unprocessable", words);
    }
    const claims: readonly [Partial<MeshSimResult>, string][] = [
      [{ observedBy: "platform" }, "observedBy"],
      [{ kind: "replay" }, "kind"],
      [{ capsuleHash: DIGEST }, "capsuleHash"],
      [{ signedBy: [] }, "signedBy"],
    ];
    for (const [claim, path] of claims) {
      const problem = expectProblem(await record({ ...result, ...claim }), "validation", /./);
      expect(problem.errors?.map((error) => error.path)).toContain(path);
    }
  });

  test("cannot take the id of a simulation of the platform's own", async () => {
    const result = await simulateElsewhere(greeter, sealed, await runner);
    expectProblem(await record({ ...result, simId: sealed.simId }), "conflict", /another simulation/);
  });
});
