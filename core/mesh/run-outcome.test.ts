// Pass or fail (MESH.md M11): every reason there is, and the moment where one begins.
import { describe, expect, it } from "vitest";
import type { MeshParameters } from "../../schemas/mesh-parameters.ts";
import { fakeDigest, makeRun, runMesh } from "./mesh-fixture.ts";
import { codeOf } from "./run-outcome.ts";

const QUIET = { nodes: 3, latencyMs: [10, 20] } as const satisfies Partial<MeshParameters>;
const DRIFT = [{ node: "node-3", service: "web", digest: fakeDigest("f") }];

describe("[M11] the outcome", () => {
  it("is a pass only without any reason", async () => {
    expect(await runMesh(makeRun(QUIET))).toMatchObject({ outcome: "pass", reasons: [], violation: null });
  });

  it("nothing delivered is inconclusive", async () => {
    const report = await runMesh(makeRun({ ...QUIET, packetLoss: 100, expect: ["fails with inconclusive"] }));
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
    const report = await runMesh(cutFrom);
    expect(report.reasons).toContain("starved: nothing was delivered to node-3");
  });

  it("an objective that is missed fails, and one that is just met does not", async () => {
    const { sli } = await runMesh(makeRun(QUIET));
    const limit = Math.ceil(sli.timeToHealthyMs.p95);
    const judged = async (timeToHealthyP95MsMax: number) =>
      runMesh(
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
      runMesh(makeRun({ ...QUIET, ...some, expect: expected }));
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
