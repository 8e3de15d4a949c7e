// What is watched is the trace itself: every packet meets the end that the run has counted.
import { describe, expect, it } from "vitest";
import { webHashing } from "../../../../core/capsule/web-hashing.ts";
import { makeRun } from "../../../../core/mesh/mesh-fixture.ts";
import { simulateRun } from "../../../../core/mesh/simulate-run.ts";
import type { MeshParameters } from "../../../../schemas/mesh-parameters.ts";
import { countsAt, cutsAt, indexRun, momentsOf, nodesAt, packetsAt } from "./run-moment.ts";
import { TraceReader } from "./trace-reader.ts";
import { PACKET_ENDS } from "./watched-run.ts";

const PARTITION = { groups: [["node-1"], ["node-2", "node-3"]], atMs: 200, healAtMs: 1_500 };

async function watch(some: Partial<MeshParameters>, packetCountMax?: number) {
  const input = makeRun({ nodes: 3, ...some });
  const reader = new TraceReader(input.parameters.nodes, packetCountMax);
  const options = { hashing: webHashing, startedAtMs: 0 };
  const report = await simulateRun(input, { ...options, onTrace: (lines) => reader.add(lines) });
  return { report, run: reader.finish() };
}

describe("a watched run", () => {
  it.each<[string, Partial<MeshParameters>]>([
    ["calm", {}],
    ["that loses, copies, corrupts and reorders", { packetLoss: 12, duplicate: 5, corrupt: 8, reorder: 5 }],
    ["with a partition", { partitions: [PARTITION] }],
    [
      "with a crash and a pause",
      {
        packetLoss: 3,
        chaos: [
          { node: "node-2", at: 300, action: "crash" },
          { node: "node-3", at: "receive", action: "pause" },
        ],
      },
    ],
    [
      "with a pause while a partition cuts",
      { partitions: [PARTITION], chaos: [{ node: "node-2", at: 150, action: "pause" }], nodes: 3 },
    ],
    ["of bursts on a slow link", { loss: "gilbert-elliott", packetLoss: 20, rateKbps: 200 }],
  ])("%s: sent, delivered, dropped and duplicated are those of its report", async (_what, some) => {
    const { report, run } = await watch(some);
    const { sent, delivered, dropped, duplicated } = report.counts;
    expect(run.each).toBe(1);
    expect(countsAt(indexRun(run), run.endMs)).toEqual({ sent, delivered, dropped, duplicated });
  });

  it("ends where the run ends, with every node as the run left it", async () => {
    const { report, run } = await watch({ chaos: [{ node: "node-2", at: 300, action: "crash" }] });
    expect(run.endMs).toBe(report.endMs);
    const ends = nodesAt(run, run.endMs).map(({ name, phase }) => ({ node: name, phase }));
    expect(ends).toEqual(report.finalStates.map(({ node, phase }) => ({ node, phase })));
    expect(run.faults).toEqual([{ atMs: 300, kind: "chaos", node: 1, action: "crash" }]);
    expect(nodesAt(run, 299.9)[1]?.phase).not.toBe("down");
    expect(nodesAt(run, 300)[1]?.phase).toBe("down");
  });

  it("knows when a partition cuts, and that what was sent across it met it", async () => {
    const { run } = await watch({ partitions: [PARTITION] });
    expect(cutsAt(run, 199)).toEqual([]);
    expect(cutsAt(run, 200)).toEqual([1]);
    expect(cutsAt(run, 1_500)).toEqual([]);
    const { end, from, to } = run.packets;
    const cut = [...end.keys()].filter((index) => PACKET_ENDS[end[index] ?? 0] === "cut");
    expect(cut.length).toBeGreaterThan(0);
    expect(cut.every((index) => (from[index] === 0) !== (to[index] === 0))).toBe(true);
    expect(momentsOf(run)).toEqual(expect.arrayContaining([0, 200, 1_500, run.endMs]));
  });

  it("shows what is under way at a moment, and nothing that is not", async () => {
    const { run } = await watch({ packetLoss: 5 });
    const index = indexRun(run);
    const { sentMs, endMs } = run.packets;
    for (const atMs of [100, 350, 900]) {
      const expected = [...sentMs.keys()].filter(
        (place) => (sentMs[place] ?? 0) <= atMs && (endMs[place] ?? 0) >= atMs,
      );
      expect(packetsAt(index, atMs, 0)).toEqual(expected);
    }
  });

  it("too many packets are thinned out evenly, and it says so", async () => {
    const { run } = await watch({}, 50);
    expect(run.each).toBeGreaterThan(1);
    expect(run.packets.sentMs.length).toBeLessThanOrEqual(50);
    expect(run.packets.sentMs.length).toBeGreaterThan(20);
  });
});
