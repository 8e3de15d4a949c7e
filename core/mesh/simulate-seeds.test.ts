// The result of all seeds together (MESH.md M11, M13), and its repetition (M15).
import { sha256 } from "@noble/hashes/sha2.js";
import { describe, expect, it } from "vitest";
import type { MeshParameters } from "../../schemas/mesh-parameters.ts";
import { meshSimResultSchema } from "../../schemas/mesh-result.ts";
import { toHex } from "../capsule/bytes.ts";
import { canonicalBytes, canonicalJson } from "../capsule/canonical-json.ts";
import { webHashing } from "../capsule/web-hashing.ts";
import { completeParameters } from "./check-parameters.ts";
import {
  FIXTURE_FRAME,
  fakeDigest,
  makeMeshCapsule,
  makeParameters,
  observeAllWell,
  runMesh,
} from "./mesh-fixture.ts";
import { SIMULATOR_VERSION } from "./mesh-limits.ts";
import { type SeedsInput, simulateSeeds } from "./simulate-seeds.ts";

const CAPSULE = makeMeshCapsule(6, 30_000);
const OPTIONS = { hashing: webHashing };
const SEVERAL = { nodes: 3, latencyMs: [10, 40], packetLoss: 10, seeds: [5, 6, 7] } as const;

describe("[M13] the result", () => {
  it("has every field the schema asks for, and JSON gives it back unchanged", async () => {
    const result = await simulateSeeds(inputOf(SEVERAL), OPTIONS);
    expect(meshSimResultSchema.parse(JSON.parse(canonicalJson(result)))).toEqual(result);
    expect(result).toMatchObject({
      ...FIXTURE_FRAME,
      capsuleHash: CAPSULE.digest,
      simulatorVersion: SIMULATOR_VERSION,
      outcome: "pass",
      reasons: [],
    });
    expect(result.params.seeds).toEqual([5, 6, 7]);
    expect(result.latencyMatrix).toHaveLength(3);
    result.latencyMatrix.forEach((row, from) => {
      row.forEach((value, to) => {
        expect(from === to ? value === 0 : value >= 10 && value <= 40).toBe(true);
      });
    });
    expect(result.nodeReports[0]?.phases[0]?.start).toBe(FIXTURE_FRAME.startedAt);
    expect(result.nodeReports.map(({ bytesReceived }) => bytesReceived > 0)).toEqual([false, true, true]);
  });

  it("has one run's hash of one seed, and of several the SHA-256 of the JCS of theirs", async () => {
    const several = await simulateSeeds(inputOf(SEVERAL), OPTIONS);
    const hashes = several.runs.map(({ traceHash }) => traceHash);
    expect(several.traceHash).toBe(toHex(sha256(canonicalBytes(hashes))));
    const one = await simulateSeeds(inputOf({ ...SEVERAL, seeds: [6] }), OPTIONS);
    expect(one.traceHash).toBe(hashes[1]);
    const other = await simulateSeeds(inputOf({ ...SEVERAL, seeds: [7, 6, 5] }), OPTIONS);
    expect(other.traceHash).not.toBe(several.traceHash);
  });

  it("shows the first failing run, else the first; its indicators are over all", async () => {
    const passing = await simulateSeeds(inputOf(SEVERAL), OPTIONS);
    const first = await runMesh({ ...inputOf(SEVERAL), seed: 5 });
    expect(passing.counts).toEqual(first.counts);
    // An objective that only the slowest seed misses.
    const runs = await Promise.all([5, 6, 7].map((seed) => runMesh({ ...inputOf(SEVERAL), seed })));
    const slowest = runs.toSorted(
      (one, other) => one.sli.timeToHealthyMs.p99 - other.sli.timeToHealthyMs.p99,
    )[2];
    const limit = Math.floor(slowest?.sli.timeToHealthyMs.p99 ?? 0);
    const failing = await simulateSeeds(
      inputOf({ ...SEVERAL, slo: { timeToHealthyP99MsMax: limit } }),
      OPTIONS,
    );
    expect(failing.outcome).toBe("fail");
    expect(failing.runs.filter(({ outcome }) => outcome === "fail").map(({ seed }) => seed)).toEqual([
      slowest?.seed,
    ]);
    expect(failing.counts).toEqual(slowest?.counts);
    expect(failing.reasons).toEqual([expect.stringMatching(new RegExp(`^slo: .*seed ${slowest?.seed}`))]);
    expect(failing.sli).toEqual(passing.sli);
    expect(failing.sli.timeToHealthyMs.p99).toBe(slowest?.sli.timeToHealthyMs.p99);
  });

  it("tells of each seed as it goes, and hands its trace on, which changes nothing", async () => {
    const progress: string[] = [];
    const bytesBySeed = new Map<number, number>();
    const watched = await simulateSeeds(inputOf(SEVERAL), {
      ...OPTIONS,
      onProgress: ({ done, total, run }) => progress.push(`${done}/${total} ${run.seed} ${run.outcome}`),
      onTrace: (seed, lines) => {
        bytesBySeed.set(seed, (bytesBySeed.get(seed) ?? 0) + lines.length);
      },
    });
    expect(progress).toEqual(["1/3 5 pass", "2/3 6 pass", "3/3 7 pass"]);
    expect([...bytesBySeed.keys()]).toEqual([5, 6, 7]);
    expect(watched).toEqual(await simulateSeeds(inputOf(SEVERAL), OPTIONS));
  });
});

describe("[M11] several seeds", () => {
  it("pass only if each of them does, and expectations are met only if each run meets them", async () => {
    const drift = [{ node: "node-3", service: "web", digest: fakeDigest("f") }];
    const expected = ["node-3 halts with digest-mismatch"];
    const result = await simulateSeeds(inputOf({ ...SEVERAL, drift, expect: expected }), OPTIONS);
    expect(result).toMatchObject({ outcome: "fail", expectationsMet: true });
    expect(result.runs.every(({ outcome }) => outcome === "fail")).toBe(true);
    expect((await simulateSeeds(inputOf(SEVERAL), OPTIONS)).expectationsMet).toBeNull();
  });
});

describe("[M15] a replay", () => {
  it("from what a result has stored gives the same trace hash, and another observation does not", async () => {
    const stored = JSON.parse(
      canonicalJson(await simulateSeeds(inputOf({ ...SEVERAL, chaosMode: true }), OPTIONS)),
    );
    const completed = completeParameters(stored.params, { services: CAPSULE.services, drawSeed: () => 0 });
    if (!completed.ok) throw new Error(JSON.stringify(completed.reason));
    const input = {
      capsule: CAPSULE,
      parameters: completed.value,
      observations: stored.observations,
      frame: {
        ...FIXTURE_FRAME,
        simId: crypto.randomUUID(),
        kind: "replay",
        startedAt: "2027-01-01T00:00:00.000Z",
      },
    } as const;
    const replayed = await simulateSeeds(input, OPTIONS);
    expect(replayed.traceHash).toBe(stored.traceHash);
    expect(replayed.kind).toBe("replay");
    const observations = input.observations.with(0, { ...input.observations[0], healthy: false });
    expect((await simulateSeeds({ ...input, observations }, OPTIONS)).traceHash).not.toBe(stored.traceHash);
  });
});

function inputOf(
  some: Omit<Partial<MeshParameters>, "seeds" | "latencyMs"> & {
    readonly seeds: readonly number[];
    readonly latencyMs: readonly [number, number];
  },
): SeedsInput {
  const parameters = makeParameters({ ...some, seeds: [...some.seeds], latencyMs: [...some.latencyMs] });
  return {
    capsule: CAPSULE,
    parameters,
    observations: observeAllWell(parameters.nodes, CAPSULE),
    frame: FIXTURE_FRAME,
  };
}
