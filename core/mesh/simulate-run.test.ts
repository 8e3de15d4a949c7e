// What one run shows (MESH.md §3): phases, dissemination, crashes, drift, healing, outcome.
import { describe, expect, it } from "vitest";
import type { MeshParameters } from "../../schemas/mesh-parameters.ts";
import type { MeshObservation } from "../../schemas/mesh-result.ts";
import { webHashing } from "../capsule/web-hashing.ts";
import { chunksOf, layOutBlobs } from "./mesh-capsule.ts";
import { fakeDigest, makeMeshCapsule, makeRun } from "./mesh-fixture.ts";
import { FAULTS, MESH_LIMITS } from "./mesh-limits.ts";
import { codeOf } from "./run-outcome.ts";
import type { RunReport } from "./run-report.ts";
import { simulateRun } from "./simulate-run.ts";
import type { SimulationInput } from "./simulation.ts";

type Line = Readonly<Record<string, unknown>> & { readonly event: string; readonly at: number };

const decoder = new TextDecoder();
const QUIET = { nodes: 3, latencyMs: [10, 20] } as const satisfies Partial<MeshParameters>;
const CUT_OFF = { groups: [["node-1"], ["node-2", "node-3"]], atMs: 0, healAtMs: 5_000 };
const DRIFT = [{ node: "node-3", service: "web", digest: fakeDigest("f") }];

describe("[M2] a run", () => {
  it("gives the same trace for the same input, and another for another seed, parameter, capsule or verdict", async () => {
    const input = makeRun({ ...QUIET, packetLoss: 10 });
    const first = await run(input);
    expect(await run(input)).toEqual(first);
    const others = [
      { ...input, seed: 2 },
      makeRun({ ...QUIET, packetLoss: 11 }),
      { ...input, capsule: { ...input.capsule, digest: fakeDigest("9") } },
      { ...input, observations: worsen(input.observations, "node-2", { healthy: false }) },
    ];
    for (const other of others) expect((await run(other)).traceHash).not.toBe(first.traceHash);
  });

  it("is not changed by whoever watches it, however slow", async () => {
    const input = makeRun(QUIET, 40);
    let watched = 0;
    const slow = await run(input, async (lines) => {
      watched += lines.length;
      await Promise.resolve();
    });
    expect(slow).toEqual(await run(input));
    expect(watched).toBeGreaterThan(0);
    expect((await run({ ...input, parameters: { ...input.parameters, pace: 5 } })).traceHash).toBe(
      slow.traceHash,
    );
  });

  it("reads no clock: its times begin where it is told", async () => {
    const at = async (startedAtMs: number) =>
      (await simulateRun(makeRun(QUIET), { hashing: webHashing, startedAtMs })).nodeReports[0]?.phases[0]
        ?.start;
    expect(await at(0)).toBe("1970-01-01T00:00:00.000Z");
    expect(await at(1_767_225_600_000)).toBe("2026-01-01T00:00:00.000Z");
  });
});

describe("[M4] what is simulated is the capsule", () => {
  it("every blob reaches every node once it is stored, each by its digest, the empty and the repeated too", async () => {
    const capsule = makeMeshCapsule(3, 100_000);
    const file = { sha256: "e".repeat(64), sizeBytes: 0 };
    const input = { ...makeRun(QUIET), capsule: { ...capsule, files: [...capsule.files, file, file] } };
    const lines = await traceOf(input);
    const stored = lines.filter(({ event }) => event === "stored");
    expect(stored.map(({ node, item }) => `${node} ${item}`).sort()).toEqual(
      ["node-2", "node-3"].flatMap((node) => [1, 2, 3, 4].map((item) => `${node} ${item}`)),
    );
    expect(lines[0]).toMatchObject({ event: "begin", capsule: capsule.digest });
  });

  it("large blobs are cut into at most 64 chunks, and a whole capsule into few more than it has files", () => {
    const files = Array.from({ length: 9_000 }, (_, index) => ({
      sha256: `${index}`,
      sizeBytes: index < 11 ? 94_371_840 : 4_000,
    }));
    const layout = layOutBlobs({ ...makeMeshCapsule(0, 1), files });
    expect(chunksOf(layout, 0)).toBeLessThanOrEqual(MESH_LIMITS.chunksOfBlob);
    expect(layout.chunkCount).toBeLessThanOrEqual(9_000 + MESH_LIMITS.extraChunks);
    expect(chunksOf(layout, 8_999)).toBe(1);
    expect(() =>
      layOutBlobs({ ...makeMeshCapsule(0, 1), files: [...files, { sha256: "x", sizeBytes: 1 }] }),
    ).toThrow(RangeError);
  });
});

describe("[M5] the phases of a node", () => {
  it("are boot, receive, verify, start and healthy, one after another without a gap", async () => {
    const { nodeReports, finalStates } = await run(makeRun(QUIET));
    for (const { phases } of nodeReports) {
      expect(phases.map(({ name }) => name)).toEqual(["boot", "receive", "verify", "start", "healthy"]);
      expect(phases.every(({ status }) => status === "ok")).toBe(true);
      phases.slice(1).forEach(({ start }, index) => {
        expect(start).toBe(phases[index]?.end);
      });
    }
    expect(finalStates.map(({ phase }) => phase)).toEqual(["healthy", "healthy", "healthy"]);
  });

  it.each([
    ["healthy", { healthy: false }, "health-check-failed", "start"],
    ["digest", { digestOk: false }, "digest-mismatch", "verify"],
    ["signature", { signatureOk: false }, "signature-mismatch", "verify"],
  ] as const)(
    "end in halted, with the reason, where one service's %s verdict is bad",
    async (_what, verdict, reason, last) => {
      const input = makeRun(QUIET);
      const report = await run({
        ...input,
        observations: worsen(input.observations, "node-2", verdict, "store"),
      });
      expect(report.finalStates[1]).toEqual({ node: "node-2", phase: "halted", haltReason: reason });
      const phases = report.nodeReports[1]?.phases ?? [];
      expect(phases.map(({ name }) => name).slice(-2)).toEqual([last, "halted"]);
      expect(phases.at(-1)).toMatchObject({ status: "error", details: reason });
      expect(report.finalStates[2]?.phase).toBe("healthy");
      expect(report.outcome).toBe("fail");
      expect(report.reasons.map(codeOf)).toContain("not-healthy");
    },
  );

  it("a later life has its own verdicts, and one that was not observed takes the node's last", async () => {
    const input = makeRun({ ...QUIET, chaos: [{ node: "node-2", at: "healthy", action: "restart" }] });
    const second = { ...worsen(input.observations, "node-2", { healthy: false })[2], incarnation: 2 };
    const bad = await run({ ...input, observations: [...input.observations, second as MeshObservation] });
    expect(bad.finalStates[1]).toMatchObject({ phase: "halted", haltReason: "health-check-failed" });
    expect((await run(input)).finalStates[1]?.phase).toBe("healthy");
  });

  it("without verifySignatures a bad signature passes unseen, a bad digest does not, and nothing passes as verified", async () => {
    const input = makeRun({ ...QUIET, verifySignatures: false });
    const unsigned = await run({
      ...input,
      observations: worsen(input.observations, "node-2", { signatureOk: false }),
    });
    expect(unsigned.finalStates[1]?.phase).toBe("healthy");
    expect(unsigned.nodeReports.map(({ signatureVerified }) => signatureVerified)).toEqual([
      false,
      false,
      false,
    ]);
    expect(unsigned.reasons).toEqual(["unverified: signatures were not checked"]);
    const wrong = await run({
      ...input,
      observations: worsen(input.observations, "node-2", { digestOk: false }),
    });
    expect(wrong.finalStates[1]?.haltReason).toBe("digest-mismatch");
  });
});

describe("[M6] dissemination", () => {
  it("asks for what was announced, stores what it has hashed, and does so chunk by chunk", async () => {
    const input = makeRun(QUIET);
    const lines = await traceOf(input);
    const layout = layOutBlobs(input.capsule);
    for (const node of ["node-2", "node-3"]) {
      const at = (event: string, item: number) =>
        lines.find((line) => line.event === event && line.node === node && line.item === item)?.at ?? -1;
      for (let item = 1; item <= layout.blobCount; item++) {
        const parts = lines.filter(
          (line) =>
            line.event === "arrived" && line.kind === "chunk" && line.to === node && line.item === item,
        );
        expect(new Set(parts.map(({ part }) => part)).size).toBe(chunksOf(layout, item - 1));
        expect(at("hashed", item)).toBeGreaterThan(parts.at(-1)?.at ?? 0);
        expect(at("stored", item)).toBeGreaterThan(at("hashed", item));
      }
    }
  });

  it("nodes give each other what they have: the first one does not send everything to everybody", async () => {
    const lines = await traceOf(makeRun({ nodes: 6, latencyMs: [5, 80] }, 60));
    const senders = new Set(
      lines.filter(({ event, kind }) => event === "arrived" && kind === "chunk").map(({ from }) => from),
    );
    expect(senders.size).toBeGreaterThan(2);
  });

  it("corrupt data is dropped, counted and asked for again, and the run passes all the same", async () => {
    const report = await run(makeRun({ ...QUIET, corrupt: 20 }, 20));
    expect(report.outcome).toBe("pass");
    expect(report.counts.corrupted).toBeGreaterThan(20);
    const lines = await traceOf(makeRun({ ...QUIET, corrupt: 20 }, 20));
    expect(lines.filter(({ event }) => event === "broken").length).toBeGreaterThan(10);
    expect(lines.some(({ event }) => event === "forged")).toBe(true);
    expect(report.nodeReports[1]?.retries).toBeGreaterThan(0);
  });

  it.each([
    ["5 percent of loss", { packetLoss: 5 }],
    ["30 percent of loss", { packetLoss: 30 }],
    ["bursts", { packetLoss: 15, loss: "gilbert-elliott" }],
    ["a slow link", { rateKbps: 2_000 }],
    ["a latency longer than any timeout", { latencyMs: [6_000, 7_000], healMs: 200_000 }],
    ["everything at once", { packetLoss: 8, duplicate: 20, reorder: 20, corrupt: 8, jitterMs: 10 }],
  ] as const)("reaches everyone through %s", async (_what, some) => {
    for (let seed = 0; seed < 20; seed++) {
      const report = await run({ ...makeRun({ ...QUIET, ...some } as Partial<MeshParameters>), seed });
      expect(report.reasons).toEqual([]);
    }
  });

  it("every packet was delivered or dropped", async () => {
    for (let seed = 0; seed < 30; seed++) {
      const { counts } = await run({
        ...makeRun({ ...QUIET, packetLoss: 20, duplicate: 20, corrupt: 5 }),
        seed,
      });
      expect(counts.delivered + counts.dropped).toBe(counts.sent + counts.duplicated);
    }
  });
});

describe("[M7] crash and restart", () => {
  it("what was stored stays, the rest is asked for again, and the node comes to the same digest", async () => {
    const input = makeRun(
      { ...QUIET, rateKbps: 4_000, chaos: [{ node: "node-2", at: 700, action: "restart" }] },
      20,
    );
    const lines = await traceOf(input);
    const report = await run(input);
    expect(report.outcome).toBe("pass");
    expect(report.reSyncs).toBe(1);
    expect(report.nodeReports[1]?.phases.map(({ name }) => name)).toEqual([
      ...["boot", "receive", "down", "boot", "receive", "verify", "start", "healthy"],
    ]);
    const stored = lines.filter(({ event, node }) => event === "stored" && node === "node-2");
    const down = lines.find(({ event, phase }) => event === "phase" && phase === "down")?.at ?? 0;
    const before = stored.filter(({ at }) => at < down).length;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(20);
    // Nothing is stored twice: what was there was not fetched again.
    expect(new Set(stored.map(({ item }) => item)).size).toBe(stored.length);
    expect(stored).toHaveLength(20);
  });

  it.each(["boot", "receive", "verify", "start", "healthy"] as const)(
    "a crash on entering %s heals",
    async (at) => {
      for (const node of ["node-1", "node-2"]) {
        const report = await run(makeRun({ ...QUIET, chaos: [{ node, at, action: "crash" }] }));
        expect(report.reasons).toEqual([]);
        expect(report.endMs).toBeGreaterThan(FAULTS.crashDown / 1_000);
      }
    },
  );

  it("a pause holds everything of a node up for its time, and loses nothing", async () => {
    const input = makeRun({ ...QUIET, chaos: [{ node: "node-2", at: 100, action: "pause" }] });
    const report = await run(input);
    const lines = await traceOf(input);
    expect(report.outcome).toBe("pass");
    const during = lines.filter(
      ({ at, event, to, node }) =>
        at > 100_000 &&
        at < 2_100_000 &&
        ((event === "arrived" && to === "node-2") || (node === "node-2" && event !== "chaos")),
    );
    expect(during).toEqual([]);
    expect(report.timesToHealthyMs[1]).toBeGreaterThan(2_100);
  });

  it("chaosMode draws a crash and its restart from the seed", async () => {
    const struck = new Set<unknown>();
    for (let seed = 0; seed < 30; seed++) {
      const input = { ...makeRun({ ...QUIET, chaosMode: true }), seed };
      const chaos = (await traceOf(input)).filter(({ event }) => event === "chaos");
      expect(chaos.map(({ action }) => action)).toEqual(["crash", "restart"]);
      struck.add(chaos[0]?.node);
      expect((await run(input)).outcome).toBe("pass");
    }
    expect(struck.size).toBe(3);
  });

  it("running again what is there already changes nothing: a restarted node that has all fetches nothing", async () => {
    const input = makeRun({ ...QUIET, chaos: [{ node: "node-3", at: "healthy", action: "restart" }] });
    const lines = await traceOf(input);
    const down = lines.find(({ phase }) => phase === "down")?.at ?? 0;
    expect(lines.some(({ at, kind, from }) => at > down && kind === "ask" && from === "node-3")).toBe(false);
    expect((await run(input)).outcome).toBe("pass");
  });
});

describe("[M8] drift", () => {
  it.each([
    ["digest-mismatch", { digestOk: false }],
    ["signature-mismatch", { signatureOk: false }],
    ["digest-mismatch", {}],
  ])("halts the node with %s, and the others go on", async (reason, verdict) => {
    const input = makeRun({ ...QUIET, nodes: 4, drift: DRIFT, expect: [`node-3 halts with ${reason}`] });
    const report = await run({ ...input, observations: worsen(input.observations, "node-3", verdict) });
    expect(report.finalStates.map(({ phase }) => phase)).toEqual(["healthy", "healthy", "halted", "healthy"]);
    expect(report.finalStates[2]?.haltReason).toBe(reason);
    expect(report.expectationsMet).toBe(true);
    expect(report.outcome).toBe("fail");
    expect(report.reasons).toEqual([
      `drift: node-3 at event ${report.violation?.event}, ${(report.violation?.atMicros ?? 0) / 1_000} ms: halted, as a service's digest is overridden`,
    ]);
  });

  it("a halted node gives nothing any more", async () => {
    const lines = await traceOf(makeRun({ ...QUIET, nodes: 4, drift: DRIFT }, 30));
    const halted = lines.find(({ phase }) => phase === "halted")?.at ?? 0;
    expect(halted).toBeGreaterThan(0);
    expect(lines.some(({ at, from, event }) => at > halted && from === "node-3" && event === "sent")).toBe(
      false,
    );
  });
});

describe("[M9] faults and healing", () => {
  it("a partition cuts both ways until it heals; the healing phase begins then", async () => {
    const input = makeRun({ ...QUIET, partitions: [CUT_OFF] });
    const lines = await traceOf(input);
    expect(deliveredWhile(lines, 0, 5_000_000, "node-1", "node-2")).toBe(0);
    expect(deliveredWhile(lines, 0, 5_000_000, "node-2", "node-1")).toBe(0);
    expect(deliveredWhile(lines, 0, 5_000_000, "node-2", "node-3")).toBeGreaterThan(0);
    expect(deliveredWhile(lines, 5_000_000, 20_000_000, "node-1", "node-2")).toBeGreaterThan(0);
    const report = await run(input);
    expect(report.outcome).toBe("pass");
    expect(Math.min(...report.timesToHealthyMs.slice(1))).toBeGreaterThan(5_000);
  });

  it("one way: only from an earlier group to a later one", async () => {
    const lines = await traceOf(makeRun({ ...QUIET, partitions: [{ ...CUT_OFF, oneWay: true }] }));
    expect(deliveredWhile(lines, 0, 5_000_000, "node-1", "node-2")).toBe(0);
    expect(deliveredWhile(lines, 0, 5_000_000, "node-2", "node-1")).toBeGreaterThan(0);
  });

  it("a node in no group reaches all, and is the way around the cut", async () => {
    const partition = { groups: [["node-1"], ["node-2"]], atMs: 0, healAtMs: 600_000 };
    const report = await run(makeRun({ ...QUIET, partitions: [partition] }));
    expect(report.timesToHealthyMs.every((time) => time < 20_000)).toBe(true);
  });

  it("two partitions at once heal each for itself", async () => {
    const partitions = [CUT_OFF, { ...CUT_OFF, healAtMs: 8_000 }];
    const lines = await traceOf(makeRun({ ...QUIET, partitions }));
    expect(deliveredWhile(lines, 0, 8_000_000, "node-1", "node-2")).toBe(0);
    expect(deliveredWhile(lines, 8_000_000, 20_000_000, "node-1", "node-2")).toBeGreaterThan(0);
  });

  it("what is not healthy when healing ends has failed, and just before it ends it has not", async () => {
    const partitions = [CUT_OFF];
    const whole = await run(makeRun({ ...QUIET, partitions, healMs: 30_000 }));
    const needed = Math.ceil(Math.max(...whole.timesToHealthyMs)) - 5_000;
    expect((await run(makeRun({ ...QUIET, partitions, healMs: Math.max(1_000, needed) }))).outcome).toBe(
      "pass",
    );
    const late = await run(makeRun({ ...QUIET, latencyMs: [400, 500], partitions, healMs: 1_000 }));
    expect(late.outcome).toBe("fail");
    expect(late.endMs).toBe(6_000);
    expect(late.violation).toMatchObject({
      kind: "not-healthy",
      event: late.traceLength,
      atMicros: 6_000_000,
    });
  });
});

describe("[M11] the outcome", () => {
  it("is a pass only without any reason", async () => {
    expect(await run(makeRun(QUIET))).toMatchObject({ outcome: "pass", reasons: [], violation: null });
  });

  it("nothing delivered is inconclusive", async () => {
    const report = await run(makeRun({ ...QUIET, packetLoss: 100, expect: ["fails with inconclusive"] }));
    expect(report.outcome).toBe("fail");
    expect(report.reasons[0]).toBe("inconclusive: nothing was delivered");
    expect(report.expectationsMet).toBe(true);
  });

  it("a node that got nothing is named, where others got something", async () => {
    const partitions = [{ groups: [["node-3"], ["node-1", "node-2"]], atMs: 0, healAtMs: 3_600_000 }];
    const input = makeRun({ ...QUIET, partitions, healMs: 1_000 });
    const cutFrom = {
      ...input,
      parameters: { ...input.parameters, latencyMs: [2_000, 2_000] as [number, number] },
    };
    const report = await run(cutFrom);
    expect(report.reasons).toContain("starved: nothing was delivered to node-3");
  });

  it("an objective that is missed fails, and one that is just met does not", async () => {
    const { sli } = await run(makeRun(QUIET));
    const limit = Math.ceil(sli.timeToHealthyMs.p95);
    const judged = async (timeToHealthyP95MsMax: number) =>
      run(
        makeRun({
          ...QUIET,
          slo: { timeToHealthyP95MsMax, reSyncCountMax: 0, deliveryRatioPercentMin: 100 },
        }),
      );
    expect((await judged(limit)).outcome).toBe("pass");
    const missed = await judged(limit - 1);
    expect(missed.reasons.map(codeOf)).toEqual(["slo"]);
    expect(missed.slo.map(({ isMet }) => isMet)).toEqual([false, true, true]);
  });

  it("what was expected never turns a fail into a pass, nor a pass into a fail", async () => {
    const sentences = (expected: string[], some: Partial<MeshParameters> = {}) =>
      run(makeRun({ ...QUIET, ...some, expect: expected }));
    const met = await sentences(
      ["node-3 halts with digest-mismatch", "node-2 is healthy", "outcome is fail"],
      {
        drift: DRIFT,
      },
    );
    expect([met.expectationsMet, met.outcome]).toEqual([true, "fail"]);
    const unmet = await sentences(["node-2 halts", "every node is healthy"]);
    expect([unmet.expectationsMet, unmet.outcome]).toEqual([false, "pass"]);
    expect((await sentences(["every node is healthy"])).expectationsMet).toBe(true);
    expect((await sentences([])).expectationsMet).toBeNull();
  });
});

describe("[M10] versions", () => {
  it("nodes that ran another capsule first go over to this one, and none goes back", async () => {
    for (let seed = 0; seed < 20; seed++) {
      const some = { ...QUIET, previous: fakeDigest("e"), reorder: 30, duplicate: 30, chaosMode: true };
      const report = await run({ ...makeRun(some), seed });
      expect(report.reasons).toEqual([]);
    }
  });
});

function run(
  input: SimulationInput,
  onTrace?: (lines: Uint8Array) => void | Promise<void>,
): Promise<RunReport> {
  return simulateRun(input, { hashing: webHashing, startedAtMs: 0, onTrace });
}

async function traceOf(input: SimulationInput): Promise<Line[]> {
  let text = "";
  await run(input, (lines) => {
    text += decoder.decode(lines);
  });
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

function worsen(
  observations: readonly MeshObservation[],
  node: string,
  verdict: Partial<MeshObservation>,
  service = "web",
): MeshObservation[] {
  return observations.map((one) =>
    one.node === node && one.service === service ? { ...one, ...verdict } : one,
  );
}

function deliveredWhile(
  lines: readonly Line[],
  start: number,
  end: number,
  from: string,
  to: string,
): number {
  return lines.filter(
    (line) =>
      line.event === "arrived" && line.at >= start && line.at < end && line.from === from && line.to === to,
  ).length;
}
