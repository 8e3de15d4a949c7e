// Rehearsals over HTTP: real nodes observe, the simulation follows, the result is sealed (MESH.md).
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { packFolder } from "../../cli/pack/pack-folder.ts";
import { canonicalJson } from "../../core/capsule/canonical-json.ts";
import { meshCapsuleOf } from "../../core/mesh/mesh-capsule-of.ts";
import { createRerun } from "../../core/mesh/rerun-capsim.ts";
import { verifyCapsim } from "../../core/mesh/verify-capsim.ts";
import { decodeEnvelope, verifyEnvelope } from "../../core/signing/dsse.ts";
import { readTrustedKeys } from "../../core/signing/trust.ts";
import { pageSchema } from "../../schemas/api/common.ts";
import { simulationStartedSchema, simulationSummarySchema } from "../../schemas/api/simulations.ts";
import { gateDecisionSchema } from "../../schemas/gate.ts";
import { meshSimResultSchema } from "../../schemas/mesh-result.ts";
import { envelopeSchema, PREDICATE_MESH_SIM } from "../../schemas/statement.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import { ROOT } from "../../scripts/platform/state-folder.ts";
import { ownerClient } from "./support/api-client.ts";
import { type MadeCapsule, makeCapsule, makeGreeter, makeWorkerApp } from "./support/capsule-maker.ts";
import { type SealedResult, startSimulation, waitForResult, watchSimulation } from "./support/rehearse.ts";
import { trustOf } from "./support/signing-keys.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

const statementsSchema = z.looseObject({
  items: z.array(
    z.looseObject({ envelopeSha256: z.string(), predicateType: z.string(), envelope: envelopeSchema }),
  ),
});
const gateSchema = z.looseObject({
  params: z.record(z.string(), z.unknown()),
  seeds: z.array(z.int()),
  decision: gateDecisionSchema,
});

let project: TestProject;
let greeter: MadeCapsule;
let passed: SealedResult;

beforeAll(async () => {
  project = await makeProject(ownerClient());
  greeter = await makeGreeter(project.key, "hello");
  await project.push(greeter);
});

async function rehearse(
  capsule: { readonly capsuleDigest: string },
  params: Readonly<Record<string, unknown>>,
): Promise<SealedResult> {
  const { simId } = await startSimulation(project, capsule.capsuleDigest, { params });
  return await waitForResult(project.api, simId);
}

/** The sealed result as it was signed, and what the platform adds to it in its answer. */
function splitAnswer(sealed: SealedResult) {
  const { status, phase, projectId, replayOf, envelopeSha256, eventSeq, receivedAt, comparison, ...result } =
    sealed;
  const added = { status, phase, projectId, replayOf, envelopeSha256, eventSeq, receivedAt, comparison };
  return { result, added };
}

describe("a rehearsal that passes", () => {
  test("[M1, M2, M5] real nodes take the capsule in, verify it, start it and find it healthy, before anything is simulated", async () => {
    const { simId, nodeIds } = await startSimulation(project, greeter.capsuleDigest, {
      params: { nodes: 3, seed: 7 },
    });
    expect(nodeIds).toEqual(["node-1", "node-2", "node-3"]);
    const seen = await watchSimulation(project.api, simId);
    expect(seen.map(({ id }) => id)).toEqual(seen.map((_, index) => index + 1));
    const observed = seen.filter(
      ({ event }) => event.nodeId !== null && event.details.virtualMs === undefined,
    );
    for (const node of nodeIds) {
      const steps = observed.filter(({ event }) => event.nodeId === node);
      const phases = steps.map(({ event }) => `${event.phase} ${event.status}`);
      expect(phases).toEqual([
        "boot ok",
        "receive running",
        "receive ok",
        "verify ok",
        "start running",
        "healthy ok",
      ]);
    }
    const simulated = seen.filter(({ event }) => event.details.virtualMs !== undefined);
    expect(Math.min(...simulated.map(({ id }) => id))).toBeGreaterThan(
      Math.max(...observed.map(({ id }) => id)),
    );
    expect(simulated.some(({ event }) => event.phase === "packet" && event.status === "sent")).toBe(true);
    expect(seen.at(-1)?.event).toMatchObject({ nodeId: null, phase: "sealed", status: "ok" });
    passed = await waitForResult(project.api, simId);
    expect(passed.observations).toHaveLength(3);
    expect(
      passed.observations.every(({ digestOk, signatureOk, healthy }) => digestOk && signatureOk && healthy),
    ).toBe(true);
    expect(passed.measured?.healthCheckErrors).toBe(0);
  });

  test("[M13] the result says all that a stranger needs, and pass", () => {
    const { result, added } = splitAnswer(passed);
    const { envelopeSha256, eventSeq, receivedAt, ...told } = added;
    expect(meshSimResultSchema.parse(result)).toEqual(result);
    expect(told).toEqual({
      status: "done",
      phase: "sealed",
      projectId: project.projectId,
      replayOf: null,
      comparison: null,
    });
    expect(result).toMatchObject({ outcome: "pass", kind: "explore", observedBy: "platform", reasons: [] });
    expect(result.params.seeds).toEqual([7]);
    expect(result.nodeReports.map(({ nodeId }) => nodeId)).toEqual(["node-1", "node-2", "node-3"]);
    expect(result.latencyMatrix.map((row, index) => row[index])).toEqual([0, 0, 0]);
    expect(result.signedBy).toHaveLength(2);
    expect([envelopeSha256.length, eventSeq > 0, receivedAt > Date.parse(result.startedAt)]).toEqual([
      64,
      true,
      true,
    ]);
  });

  test("[M14] it is sealed: signed by the project's simulator and capsule keys, a statement about the capsule, on the timeline", async () => {
    const answer = await project.api.get(
      `/api/capsules/${greeter.capsuleDigest}/statements?projectId=${project.projectId}`,
    );
    const sealed = answer
      .expect(200, statementsSchema)
      .items.find(({ envelopeSha256 }) => envelopeSha256 === passed.envelopeSha256);
    expect(sealed?.predicateType).toBe(PREDICATE_MESH_SIM);
    const { items, revision } = await trustOf(project);
    const trust = { revision, thresholds: {}, keys: items.map(({ isPlatformKey: _mark, ...key }) => key) };
    const keys = await readTrustedKeys(trust as never, nodeHashing);
    const parsed = decodeEnvelope(sealed?.envelope ?? ({} as never));
    if (!keys.ok || !parsed.ok) throw new Error("cannot be read");
    const verified = await verifyEnvelope(parsed.value, keys.value);
    if (!verified.ok) throw new Error(verified.reason.message);
    const { result } = splitAnswer(passed);
    expect(canonicalJson(verified.value.statement.predicate)).toBe(canonicalJson(result));
    const signers = verified.value.signers.map(({ keyId }) => keyId);
    const roles = items
      .filter(({ keyId }) => signers.includes(keyId))
      .map((key) => [...key.roles].sort().join());
    expect(roles.sort()).toEqual(["builder,deployer", "simulator"]);
    const events = await project.events("&source=mesh");
    const mine = events.filter(({ runId }) => runId === passed.simId);
    expect(mine.map(({ type }) => type)).toEqual(["mesh.started", "mesh.sealed"]);
    expect(mine[1]).toMatchObject({ seq: passed.eventSeq, ts: passed.receivedAt });
    expect(mine[1]?.data).toMatchObject({ statement: passed.envelopeSha256, outcome: "pass" });
  });

  test("[M16, M17] the evidence file leaves the platform and proves itself to a stranger, run again in this process", async () => {
    const download = await project.api.get(`/api/mesh-sim/${passed.simId}/capsim`);
    expect(download.headers.get("content-disposition")).toContain(`${passed.simId}.capsim`);
    const { items, revision } = await trustOf(project);
    const keys = items.map(({ isPlatformKey: _mark, ...key }) => key);
    const trust = { revision, thresholds: {}, keys } as unknown as TrustRecord;
    const options = { trust, hashing: nodeHashing, rerun: createRerun() };
    const report = await verifyCapsim(download.bytes, options);
    expect(report.verdict, JSON.stringify(report.steps.filter(({ status }) => status !== "pass"))).toBe(
      "pass",
    );
    expect(report.claims).toMatchObject({ simId: passed.simId, outcome: "pass", observedBy: "platform" });
    const again = await project.api.get(`/api/mesh-sim/${passed.simId}/capsim`);
    expect(Buffer.from(again.bytes).equals(Buffer.from(download.bytes))).toBe(true);
  });

  test("[M14] the capsule verifies and downloads as before: results do not count among what it was signed with", async () => {
    expect((await project.verifyDownload(greeter.capsuleDigest)).verdict).toBe("pass");
  });

  test("[M2] the same seed gives the same trace, in another simulation, and in Node from its observations", async () => {
    const again = await rehearse(greeter, { nodes: 3, seed: 7 });
    expect(again.simId).not.toBe(passed.simId);
    expect(again.traceHash).toBe(passed.traceHash);
    const other = await rehearse(greeter, { nodes: 3, seed: 8 });
    expect(other.traceHash).not.toBe(passed.traceHash);
  });

  test("[M15] a replay gives the same trace from what was stored, is linked, and is of kind replay", async () => {
    const answer = await project.api.post(`/api/mesh-sim/${passed.simId}/replay`, {});
    const { simId } = answer.expect(202, simulationStartedSchema);
    const replay = await waitForResult(project.api, simId);
    expect(replay).toMatchObject({ kind: "replay", replayOf: passed.simId, traceHash: passed.traceHash });
    expect(replay.observations).toEqual(passed.observations);
    const seen = await watchSimulation(project.api, simId);
    expect(seen.some(({ event }) => event.phase === "boot" && event.details.virtualMs === undefined)).toBe(
      false,
    );
  });

  test("[M4] a capsule of many files with assets and code: the example, on five nodes with loss and chaos", async () => {
    const packed = await packFolder({
      folder: join(ROOT, "examples", "fair-share"),
      key: project.key,
      parents: [],
    });
    const { pushCapsule } = await import("../../cli/push/push-capsule.ts");
    const { PlatformClient } = await import("../../cli/http/client.ts");
    const client = new PlatformClient({ url: new URL(project.api.url), token: project.api.token ?? "" });
    await pushCapsule({ client, projectId: project.projectId, capsule: packed, branch: "main" });
    const result = await rehearse(packed, { nodes: 5, packetLoss: 2, chaosMode: true, seeds: [1, 2, 3] });
    expect(result.outcome, result.reasons.join("; ")).toBe("pass");
    expect(result.runs).toHaveLength(3);
    expect(new Set(result.observations.map(({ incarnation }) => incarnation))).toEqual(new Set([1, 2]));
  });

  test("[M1] a static capsule: its health path leads to a file", async () => {
    const page = await makeCapsule(
      project.key,
      { "public/index.html": "<h1>hello</h1>" },
      { version: "3.0.0", app: { framework: "static", assets: "public" } },
    );
    await project.push(page);
    expect((await rehearse(page, { nodes: 2, seed: 1 })).outcome).toBe("pass");
  });
});

describe("a rehearsal that fails", () => {
  test("[M8] an overridden digest ends in the real mismatch on that node, and the others go on", async () => {
    const [service] = (await meshCapsuleOf(greeter.manifest, greeter.capsuleDigest, nodeHashing)).services;
    const digest = `sha256:${"0".repeat(64)}`;
    const result = await rehearse(greeter, {
      nodes: 3,
      seed: 7,
      drift: [{ node: "node-3", service: service?.name, digest }],
      expect: ["node-3 halts with digest-mismatch", "node-2 is healthy", "outcome is fail"],
    });
    expect(result).toMatchObject({ outcome: "fail", expectationsMet: true });
    const drifted = result.observations.filter(({ node }) => node === "node-3");
    expect(drifted).toHaveLength(1);
    expect(drifted[0]).toMatchObject({ digestOk: false, healthy: false });
    // Both digests: what the node was told, and what the capsule's own bytes make.
    expect(drifted[0]?.reason).toBe(
      `digest-mismatch: was told ${digest}, and what was received is ${service?.digest}`,
    );
    expect(result.reasons.some((reason) => reason.startsWith("drift: node-3"))).toBe(true);
    expect(result.observations.filter(({ healthy }) => healthy).map(({ node }) => node)).toEqual([
      "node-1",
      "node-2",
    ]);
  });

  test("[M5, M11] an app whose health path answers 500 is not ready anywhere", async () => {
    const sick = await makeWorkerApp(
      project.key,
      'export default { fetch: () => new Response("no", { status: 500 }) };\n',
      "4.0.0",
    );
    await project.push(sick);
    const result = await rehearse(sick, { nodes: 2, seed: 1 });
    expect(result.outcome).toBe("fail");
    expect(result.observations.map(({ healthy }) => healthy)).toEqual([false, false]);
    expect(result.observations[0]?.reason).toMatch(/^unhealthy-status: GET \/ answered 500/);
    expect(result.measured?.healthCheckErrors).toBeGreaterThan(0);
    expect(result.reasons.some((reason) => reason.includes("health-check-failed"))).toBe(true);
  });

  test("[M5] an app that throws while it starts is told in its own words", async () => {
    const broken = await makeWorkerApp(
      project.key,
      'throw new TypeError("no oil");\nexport default { fetch: () => new Response("never") };\n',
      "5.0.0",
    );
    await project.push(broken);
    const result = await rehearse(broken, { nodes: 2, seed: 1 });
    expect(result.outcome).toBe("fail");
    expect(result.observations[0]?.reason).toContain("no oil");
  });
});

describe("[M3] no way out of a simulation", () => {
  test("the app has its plain variables and nothing else, and reaches nobody", async () => {
    const hostile = await makeWorkerApp(project.key, HOSTILE, "6.0.0", { env: { GREETING: "hello" } });
    await project.push(hostile);
    const result = await rehearse(hostile, { nodes: 2, seed: 1 });
    const [{ reason } = { reason: "nothing was observed" }] = result.observations;
    expect(reason).toBeNull();
    expect(result.outcome).toBe("pass");
  });

  test("the app would have said so: with one more variable the same code is not healthy", async () => {
    const hostile = await makeWorkerApp(project.key, HOSTILE, "6.0.1", {
      env: { GREETING: "hello", DB: "x" },
    });
    await project.push(hostile);
    const result = await rehearse(hostile, { nodes: 2, seed: 1 });
    expect(result.outcome).toBe("fail");
  });
});

describe("watching", () => {
  test("[M2] resumes after the last message that was seen, without a gap; when all is told there is nothing more", async () => {
    const first = await watchSimulation(project.api, passed.simId, { isEnough: (seen) => seen.length >= 10 });
    const lastEventId = first[9]?.id ?? 0;
    const rest = await watchSimulation(project.api, passed.simId, { lastEventId });
    expect(rest[0]?.id).toBe(lastEventId + 1);
    expect(rest.at(-1)?.event.phase).toBe("sealed");
    expect(rest.map(({ id }) => id)).toEqual(rest.map((_, index) => lastEventId + 1 + index));
    expect(await watchSimulation(project.api, passed.simId, { lastEventId: rest.at(-1)?.id ?? 0 })).toEqual(
      [],
    );
  });

  test("[M2] the pace changes when things are told, and nothing else", async () => {
    const fast = await watchSimulation(project.api, passed.simId, { pace: 0 });
    const startedAt = Date.now();
    const slow = await watchSimulation(project.api, passed.simId, { pace: 4 });
    const virtualMs = Math.max(...fast.map(({ event }) => event.details.virtualMs ?? 0));
    expect(Date.now() - startedAt).toBeGreaterThan(virtualMs / 4 / 2);
    expect(slow.map(({ event }) => event)).toEqual(fast.map(({ event }) => event));
  });
});

describe("the gate", () => {
  test("[M18] a run of kind gate takes what the policy asks and the platform's seeds, and then the gate is open", async () => {
    const path = project.path(`/environments/prod/gate?capsuleHash=${greeter.capsuleDigest}`);
    const before = (await project.api.get(path)).expect(200, gateSchema);
    // The exploration and its replay have passed, and count for nothing.
    expect(before.decision).toMatchObject({ isAllowed: false, basis: "evidence-missing" });
    expect(before.seeds).toHaveLength(20);
    const { simId } = await startSimulation(project, greeter.capsuleDigest, { kind: "gate", env: "prod" });
    const result = await waitForResult(project.api, simId);
    expect(result).toMatchObject({ kind: "gate", outcome: "pass" });
    expect(canonicalJson(result.params)).toBe(canonicalJson(before.params));
    const after = (await project.api.get(path)).expect(200, gateSchema);
    expect(after.decision).toMatchObject({ isAllowed: true, basis: "evidence", simId });
    expect(after.seeds).toEqual(before.seeds);
  });
});

describe("lists", () => {
  test("a project's simulations come newest first, page by page", async () => {
    const all = (await project.api.get(project.path("/simulations?limit=200"))).expect(
      200,
      pageSchema(simulationSummarySchema),
    ).items;
    expect(all.length).toBeGreaterThan(8);
    const startedAts = all.map(({ startedAt }) => startedAt);
    expect(startedAts).toEqual([...startedAts].sort((one, other) => other - one));
    const paged: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const query = cursor === "" ? "" : `&cursor=${cursor}`;
      const answer = await project.api.get(project.path(`/simulations?limit=3${query}`));
      const page: { items: { simId: string }[]; nextCursor: string | null } = answer.expect(
        200,
        pageSchema(simulationSummarySchema),
      );
      paged.push(...page.items.map(({ simId }) => simId));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(all.map(({ simId }) => simId));
    expect(all.find(({ simId }) => simId === passed.simId)).toMatchObject({
      status: "done",
      outcome: "pass",
      eventSeq: passed.eventSeq,
      envelopeSha256: passed.envelopeSha256,
    });
  });
});

/** Answers 500 with what it got hold of: anything but its one variable is too much. */
const HOSTILE = `
import * as runtime from "cloudflare:workers";

async function escapes(env, ctx) {
  const found = [];
  for (const [name, value] of Object.entries({ ...env, ...runtime.env })) {
    if (name !== "GREETING" || typeof value !== "string") found.push("env." + name);
  }
  for (const name of Object.keys(ctx.exports ?? {})) if (name !== "default") found.push("exports." + name);
  if (ctx.props !== undefined && Object.keys(ctx.props).length > 0) found.push("props");
  for (const url of ["http://127.0.0.1/", "https://example.com/", "http://localhost/api/health"]) {
    try { await fetch(url); found.push("fetch " + url); } catch {}
  }
  try {
    const { connect } = await import("cloudflare:sockets");
    const socket = connect("127.0.0.1:80");
    await socket.opened;
    found.push("connect");
  } catch {}
  try { if (globalThis.caches !== undefined && (await caches.default.match("http://localhost/"))) found.push("cache"); } catch {}
  return found;
}

export default {
  async fetch(_request, env, ctx) {
    const found = await escapes(env, ctx);
    return found.length === 0 ? new Response("held") : new Response(found.join(", "), { status: 500 });
  },
};
`;
