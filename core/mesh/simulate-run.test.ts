// What one run shows (MESH.md §3): the same trace each time, the capsule as it is, phases, dissemination, versions.
import { describe, expect, it } from "vitest";
import type { MeshParameters } from "../../schemas/mesh-parameters.ts";
import type { MeshObservation } from "../../schemas/mesh-result.ts";
import { webHashing } from "../capsule/web-hashing.ts";
import { chunksOf, layOutBlobs } from "./mesh-capsule.ts";
import { fakeDigest, makeMeshCapsule, makeRun, runMesh, traceOf, worsen } from "./mesh-fixture.ts";
import { MESH_LIMITS } from "./mesh-limits.ts";
import { codeOf } from "./run-outcome.ts";
import { simulateRun } from "./simulate-run.ts";

const QUIET = { nodes: 3, latencyMs: [10, 20] } as const satisfies Partial<MeshParameters>;

describe("[M2] a run", () => {
  it("gives the same trace for the same input, and another for another seed, parameter, capsule or verdict", async () => {
    const input = makeRun({ ...QUIET, packetLoss: 10 });
    const first = await runMesh(input);
    expect(await runMesh(input)).toEqual(first);
    const others = [
      { ...input, seed: 2 },
      makeRun({ ...QUIET, packetLoss: 11 }),
      { ...input, capsule: { ...input.capsule, digest: fakeDigest("9") } },
      { ...input, observations: worsen(input.observations, "node-2", { healthy: false }) },
    ];
    for (const other of others) expect((await runMesh(other)).traceHash).not.toBe(first.traceHash);
  });

  it("is not changed by whoever watches it, however slow", async () => {
    const input = makeRun(QUIET, 40);
    let watched = 0;
    const slow = await runMesh(input, async (lines) => {
      watched += lines.length;
      await Promise.resolve();
    });
    expect(slow).toEqual(await runMesh(input));
    expect(watched).toBeGreaterThan(0);
    expect((await runMesh({ ...input, parameters: { ...input.parameters, pace: 5 } })).traceHash).toBe(
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
    const { nodeReports, finalStates } = await runMesh(makeRun(QUIET));
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
      const report = await runMesh({
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
    const bad = await runMesh({ ...input, observations: [...input.observations, second as MeshObservation] });
    expect(bad.finalStates[1]).toMatchObject({ phase: "halted", haltReason: "health-check-failed" });
    expect((await runMesh(input)).finalStates[1]?.phase).toBe("healthy");
  });

  it("without verifySignatures a bad signature passes unseen, a bad digest does not, and nothing passes as verified", async () => {
    const input = makeRun({ ...QUIET, verifySignatures: false });
    const unsigned = await runMesh({
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
    const wrong = await runMesh({
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
    const report = await runMesh(makeRun({ ...QUIET, corrupt: 20 }, 20));
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
      const report = await runMesh({ ...makeRun({ ...QUIET, ...some } as Partial<MeshParameters>), seed });
      expect(report.reasons).toEqual([]);
    }
  });

  it("the largest capsule there may be reaches ten nodes in half a minute of virtual time", async () => {
    const files = Array.from({ length: MESH_LIMITS.blobs }, (_, index) => ({
      sha256: `${index}`,
      sizeBytes: index < 11 ? 94_371_840 : 4_000,
    }));
    const input = makeRun({ nodes: 10, packetLoss: 5 });
    expect((await runMesh({ ...input, capsule: { ...input.capsule, files } })).reasons).toEqual([]);
  }, 60_000);

  it("every packet was delivered or dropped", async () => {
    for (let seed = 0; seed < 30; seed++) {
      const { counts } = await runMesh({
        ...makeRun({ ...QUIET, packetLoss: 20, duplicate: 20, corrupt: 5 }),
        seed,
      });
      expect(counts.delivered + counts.dropped).toBe(counts.sent + counts.duplicated);
    }
  });
});

describe("[M10] versions", () => {
  it("nodes that ran another capsule first go over to this one, and none goes back", async () => {
    for (let seed = 0; seed < 20; seed++) {
      const some = { ...QUIET, previous: fakeDigest("e"), reorder: 30, duplicate: 30, chaosMode: true };
      const report = await runMesh({ ...makeRun(some), seed });
      expect(report.reasons).toEqual([]);
    }
  });
});
