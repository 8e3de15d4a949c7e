// A failing schedule becomes smaller, and the command replays it (MESH.md M12).
import { describe, expect, it } from "vitest";
import type { MeshParameters } from "../../schemas/mesh-parameters.ts";
import { canonicalJson } from "../capsule/canonical-json.ts";
import { webHashing } from "../capsule/web-hashing.ts";
import { completeParameters } from "./check-parameters.ts";
import { fakeDigest, makeParameters, makeRun, runMesh } from "./mesh-fixture.ts";
import { replayCommand } from "./replay-command.ts";
import { shrinkRun } from "./shrink-run.ts";
import { countFaults, shrinkSchedule } from "./shrink-schedule.ts";

const CAPSULE = fakeDigest("a");
const noise: Partial<MeshParameters> = {
  nodes: 8,
  packetLoss: 8,
  duplicate: 10,
  jitterMs: 20,
  distribution: "pareto",
  previous: fakeDigest("e"),
  partitions: [
    { groups: [["node-1"], ["node-2"]], atMs: 100, healAtMs: 900 },
    { groups: [["node-4"], ["node-5"]], atMs: 200, healAtMs: 700 },
  ],
  chaos: [
    { node: "node-3", at: "start", action: "restart" },
    { node: "node-2", at: 400, action: "crash" },
    { node: "node-1", at: 500, action: "pause" },
  ],
  drift: [
    { node: "node-3", service: "web", digest: fakeDigest("f") },
    { node: "node-6", service: "store", digest: fakeDigest("f") },
  ],
};

describe("[M12] shrinking", () => {
  it("of a real failure leaves the one fault that causes it, on as few nodes as it needs", async () => {
    const fails = async (parameters: MeshParameters): Promise<boolean> => {
      const run = await runMesh(makeRun(parameters, 3));
      return run.finalStates.some(({ node, phase }) => node === "node-3" && phase === "halted");
    };
    const parameters = makeParameters(noise);
    expect(await fails(parameters)).toBe(true);
    const { parameters: smallest, faultCount } = await shrinkSchedule({
      parameters,
      seed: 1,
      stillFails: fails,
    });
    expect(faultCount).toBe(1);
    expect(smallest).toMatchObject({ drift: noise.drift?.slice(0, 1), chaos: [], partitions: [], nodes: 3 });
    expect(await fails(smallest)).toBe(true);
  });

  it("names where the smallest schedule fails first, and gives its command; a pass has nothing to shrink", async () => {
    const options = { hashing: webHashing, startedAtMs: 0 };
    const shrunk = await shrinkRun(makeRun(noise, 3), options);
    expect(shrunk?.violation).toMatchObject({ kind: "drift", node: expect.stringMatching(/^node-[36]$/) });
    expect(shrunk?.reasons[0]).toContain(`at event ${shrunk?.violation?.event}`);
    expect(shrunk?.faultCount).toBe(1);
    expect(shrunk?.command).toContain("mesh-sim");
    expect(await shrinkRun(makeRun({ nodes: 2 }), options)).toBeNull();
    const missed = await shrinkRun(
      makeRun({ ...noise, drift: [], slo: { timeToHealthyP50MsMax: 1 } }, 3),
      options,
    );
    expect(missed).toMatchObject({
      faultCount: 0,
      violation: null,
      reasons: [expect.stringMatching(/^slo:/)],
    });
  });

  it("keeps exactly what a failure needs together, and lowers shares while it still fails", async () => {
    const stillFails = async ({ packetLoss, chaos, partitions }: MeshParameters): Promise<boolean> =>
      packetLoss >= 3 &&
      chaos.some(({ node }) => node === "node-2") &&
      partitions.some(({ atMs }) => atMs === 200);
    const shrunk = await shrinkSchedule({ parameters: makeParameters(noise), seed: 1, stillFails });
    expect(shrunk.faultCount).toBe(3);
    expect(shrunk.parameters).toMatchObject({
      packetLoss: 4,
      nodes: 5,
      jitterMs: 0,
      distribution: "uniform",
    });
    expect(shrunk.runCount).toBeLessThanOrEqual(1_000);
  });

  it("writes drawn chaos out, so that its parts can be left out", async () => {
    const parameters = makeParameters({ nodes: 4, chaosMode: true, seeds: [9] });
    const stillFails = async ({ chaos }: MeshParameters) => chaos.some(({ action }) => action === "crash");
    const { parameters: smallest } = await shrinkSchedule({ parameters, seed: 9, stillFails });
    expect(smallest.chaosMode).toBe(false);
    expect(smallest.chaos.map(({ action }) => action)).toEqual(["crash"]);
    expect(countFaults(parameters)).toBe(1);
  });

  it("ends after its bound, with what it has by then", async () => {
    let runs = 0;
    const { runCount } = await shrinkSchedule({
      parameters: makeParameters({ ...noise, seeds: [1] }),
      seed: 1,
      stillFails: async () => {
        runs += 1;
        return false;
      },
    });
    expect(runCount).toBe(runs);
    expect(runs).toBeLessThanOrEqual(1_000);
  });
});

describe("[M12] the command", () => {
  it("has options where they are enough, and JSON on standard input where not", () => {
    const plain = makeParameters({
      nodes: 4,
      latencyMs: [5, 9],
      packetLoss: 2.5,
      chaosMode: true,
      seeds: [42],
    });
    expect(replayCommand(CAPSULE, plain)).toBe(
      `oursynth mesh-sim --capsule ${CAPSULE} --local --nodes 4 --latency 5-9 --loss 2.5 --chaos --seed 42`,
    );
    const rich = makeParameters({
      ...noise,
      drift: [{ node: "node-3", service: "it's", digest: fakeDigest("f") }],
    });
    const command = replayCommand(CAPSULE, rich);
    expect(command).toMatch(
      /^printf '%s' '\{.*\}' \| oursynth mesh-sim --capsule sha256:a+ --local --config -$/,
    );
    const quoted = /^printf '%s' '(.*)' \|/.exec(command)?.[1]?.replaceAll("'\\''", "'") ?? "";
    expect(quoted).toBe(canonicalJson(rich));
    const context = { services: [{ name: "it's", digest: fakeDigest("b") }], drawSeed: () => 0 };
    expect(completeParameters(JSON.parse(quoted), context)).toEqual({ ok: true, value: rich });
  });
});
