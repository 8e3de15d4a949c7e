// What faults do (MESH.md M7 to M9): crashes, restarts, pauses, drift, partitions, and the healing phase.
import { describe, expect, it } from "vitest";
import type { MeshParameters } from "../../schemas/mesh-parameters.ts";
import { fakeDigest, makeRun, runMesh, type TraceLine, traceOf, worsen } from "./mesh-fixture.ts";
import { FAULTS } from "./mesh-limits.ts";

const QUIET = { nodes: 3, latencyMs: [10, 20] } as const satisfies Partial<MeshParameters>;
const CUT_OFF = { groups: [["node-1"], ["node-2", "node-3"]], atMs: 0, healAtMs: 5_000 };
const DRIFT = [{ node: "node-3", service: "web", digest: fakeDigest("f") }];

describe("[M7] crash and restart", () => {
  it("what was stored stays, the rest is asked for again, and the node comes to the same digest", async () => {
    const input = makeRun(
      { ...QUIET, rateKbps: 4_000, chaos: [{ node: "node-2", at: 700, action: "restart" }] },
      20,
    );
    const lines = await traceOf(input);
    const report = await runMesh(input);
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
        const report = await runMesh(makeRun({ ...QUIET, chaos: [{ node, at, action: "crash" }] }));
        expect(report.reasons).toEqual([]);
        expect(report.endMs).toBeGreaterThan(FAULTS.crashDown / 1_000);
      }
    },
  );

  it("a pause holds everything of a node up for its time, and loses nothing", async () => {
    const input = makeRun({ ...QUIET, chaos: [{ node: "node-2", at: 100, action: "pause" }] });
    const report = await runMesh(input);
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
      expect((await runMesh(input)).outcome).toBe("pass");
    }
    expect(struck.size).toBe(3);
  });

  it("running again what is there already changes nothing: a restarted node that has all fetches nothing", async () => {
    const input = makeRun({ ...QUIET, chaos: [{ node: "node-3", at: "healthy", action: "restart" }] });
    const lines = await traceOf(input);
    const down = lines.find(({ phase }) => phase === "down")?.at ?? 0;
    expect(lines.some(({ at, kind, from }) => at > down && kind === "ask" && from === "node-3")).toBe(false);
    expect((await runMesh(input)).outcome).toBe("pass");
  });
});

describe("[M8] drift", () => {
  it.each([
    ["digest-mismatch", { digestOk: false }],
    ["signature-mismatch", { signatureOk: false }],
    ["digest-mismatch", {}],
  ])("halts the node with %s, and the others go on", async (reason, verdict) => {
    const input = makeRun({ ...QUIET, nodes: 4, drift: DRIFT, expect: [`node-3 halts with ${reason}`] });
    const report = await runMesh({ ...input, observations: worsen(input.observations, "node-3", verdict) });
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
    const report = await runMesh(input);
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
    const report = await runMesh(makeRun({ ...QUIET, partitions: [partition] }));
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
    const whole = await runMesh(makeRun({ ...QUIET, partitions, healMs: 30_000 }));
    const needed = Math.ceil(Math.max(...whole.timesToHealthyMs)) - 5_000;
    expect((await runMesh(makeRun({ ...QUIET, partitions, healMs: Math.max(1_000, needed) }))).outcome).toBe(
      "pass",
    );
    const late = await runMesh(makeRun({ ...QUIET, latencyMs: [400, 500], partitions, healMs: 1_000 }));
    expect(late.outcome).toBe("fail");
    expect(late.endMs).toBe(6_000);
    expect(late.violation).toMatchObject({
      kind: "not-healthy",
      event: late.traceLength,
      atMicros: 6_000_000,
    });
  });
});

function deliveredWhile(
  lines: readonly TraceLine[],
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
