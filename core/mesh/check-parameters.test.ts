// Every parameter at, below and above its bound, of a wrong type, unknown, contradictory (MESH.md §2): each error names the
// field and what it must be.
import { describe, expect, it } from "vitest";
import { MESH_BOUNDS, MESH_MAXIMA, meshParametersInputSchema } from "../../schemas/mesh-parameters.ts";
import { checkObservations } from "./check-observations.ts";
import { completeParameters } from "./check-parameters.ts";
import { fakeDigest, makeMeshCapsule, observeAllWell } from "./mesh-fixture.ts";

const CAPSULE = makeMeshCapsule(1, 100);
const partition = { groups: [["node-1"], ["node-2"]], atMs: 10, healAtMs: 20 };
const chaos = { node: "node-2", at: 10, action: "crash" };
const drift = { node: "node-2", service: "web", digest: fakeDigest("f") };

/** Each number's field, as the value stands in the parameters, with its bounds. */
const NUMBERS: readonly [string, (value: unknown) => object, readonly [number, number]][] = [
  ["nodes", (nodes) => ({ nodes }), MESH_BOUNDS.nodes],
  ["latencyMs.1", (value) => ({ latencyMs: [0, value] }), MESH_BOUNDS.latencyMs],
  ["packetLoss", (packetLoss) => ({ packetLoss }), MESH_BOUNDS.percent],
  ["duplicate", (duplicate) => ({ duplicate }), MESH_BOUNDS.percent],
  ["reorder", (reorder) => ({ reorder }), MESH_BOUNDS.percent],
  ["corrupt", (corrupt) => ({ corrupt }), MESH_BOUNDS.percent],
  ["seed", (seed) => ({ seed }), MESH_BOUNDS.seed],
  ["seeds.0", (seed) => ({ seeds: [seed] }), MESH_BOUNDS.seed],
  ["jitterMs", (jitterMs) => ({ jitterMs }), MESH_BOUNDS.jitterMs],
  ["rateKbps", (rateKbps) => ({ rateKbps }), MESH_BOUNDS.rateKbps],
  ["healMs", (healMs) => ({ healMs }), MESH_BOUNDS.healMs],
  ["pace", (pace) => ({ pace }), MESH_BOUNDS.pace],
  ["chaos.0.at", (at) => ({ chaos: [{ ...chaos, at }] }), MESH_BOUNDS.faultMs],
  ["slo.reSyncCountMax", (value) => ({ slo: { reSyncCountMax: value } }), MESH_BOUNDS.reSyncCount],
  ["slo.timeToHealthyP95MsMax", (value) => ({ slo: { timeToHealthyP95MsMax: value } }), MESH_BOUNDS.sloMs],
  [
    "slo.deliveryRatioPercentMin",
    (value) => ({ slo: { deliveryRatioPercentMin: value } }),
    MESH_BOUNDS.percent,
  ],
];

describe("a number of the parameters (§2)", () => {
  it.each(NUMBERS)(
    "%s: both bounds are in, one beyond is named with them",
    (field, build, [lowest, highest]) => {
      expect(pathsOf(build(lowest))).toEqual([]);
      expect(pathsOf(build(highest))).toEqual([]);
      for (const wrong of [lowest - 1, highest + 1, "5", null, Number.NaN, true, [], {}]) {
        if (wrong === null && field === "rateKbps") continue;
        const errors = check(build(wrong));
        expect(
          errors.map(({ path }) => path),
          JSON.stringify(wrong),
        ).toEqual([field]);
        expect(errors[0]?.message).toContain(`${lowest}`);
        expect(errors[0]?.message).toContain(`${highest}`);
      }
    },
  );

  it.each(["nodes", "seed", "jitterMs", "rateKbps", "healMs"])("%s is whole", (field) => {
    expect(pathsOf({ [field]: 9.5 })).toEqual([field]);
  });

  it("a share has at most two decimals", () => {
    expect(pathsOf({ packetLoss: 0.25 })).toEqual([]);
    expect(pathsOf({ packetLoss: 0.125 })).toEqual(["packetLoss"]);
  });

  it("a partition's times are in their bounds", () => {
    const [lowest, highest] = MESH_BOUNDS.faultMs;
    const at = (atMs: number, healAtMs: number) =>
      pathsOf({ partitions: [{ ...partition, atMs, healAtMs }] });
    expect(at(lowest, highest)).toEqual([]);
    expect(at(lowest - 1, highest)).toEqual(["partitions.0.atMs"]);
    expect(at(lowest, highest + 1)).toEqual(["partitions.0.healAtMs"]);
  });
});

describe("whatever else is wrong in the parameters (§2)", () => {
  it.each([
    ["distribution", { distribution: "cauchy" }],
    ["loss", { loss: "some" }],
    ["verifySignatures", { verifySignatures: "yes" }],
    ["chaosMode", { chaosMode: 1 }],
    ["latencyMs", { latencyMs: 50 }],
    ["latencyMs", { latencyMs: [50, 60, 70] }],
    ["partitions", { partitions: {} }],
    ["chaos.0.action", { chaos: [{ ...chaos, action: "burn" }] }],
    ["chaos.0.at", { chaos: [{ ...chaos, at: "later" }] }],
    ["drift.0.digest", { drift: [{ ...drift, digest: "f" }] }],
    ["previous", { previous: "1.0.0" }],
    ["expect.0", { expect: ["all is well"] }],
    ["seeds", { seeds: [] }],
    ["partitions.0.groups", { partitions: [{ ...partition, groups: [["node-1"]] }] }],
  ])("%s", (path, value) => {
    expect(pathsOf(value)).toEqual([path]);
  });

  it("an unknown key is named where it stands, with those there are", () => {
    expect(check({ packetloss: 5 })).toEqual([
      { path: "packetloss", message: expect.stringContaining("packetLoss") },
    ]);
    expect(pathsOf({ slo: { speed: 1 } })).toEqual(["slo.speed"]);
    expect(pathsOf({ chaos: [{ ...chaos, forMs: 1 }] })).toEqual(["chaos.0.forMs"]);
    expect(pathsOf(null)).toEqual([""]);
  });

  it("each list has its maximum", () => {
    const lists = {
      partitions: (count: number) => Array.from({ length: count }, () => partition),
      chaos: (count: number) => Array.from({ length: count }, () => chaos),
      expect: (count: number) => Array.from({ length: count }, () => "outcome is pass"),
      seeds: (count: number) => Array.from({ length: count }, (_, index) => index),
    };
    for (const [name, make] of Object.entries(lists)) {
      const most = MESH_MAXIMA[name as keyof typeof lists];
      expect(pathsOf({ [name]: make(most) }), name).toEqual([]);
      expect(pathsOf({ [name]: make(most + 1) }), name).toEqual([name]);
    }
  });
});

describe("what contradicts something else in the parameters (§2)", () => {
  it.each([
    ["nodes: one node is no mesh", "nodes", { nodes: 1 }],
    ["healing before the cut", "partitions.0.healAtMs", { partitions: [{ ...partition, healAtMs: 9 }] }],
    ["healing with the cut", "partitions.0.healAtMs", { partitions: [{ ...partition, healAtMs: 10 }] }],
    [
      "a partition of a node that is not there",
      "partitions.0.groups.1",
      { nodes: 2, partitions: [{ ...partition, groups: [["node-1"], ["node-3"]] }] },
    ],
    [
      "a node on both sides",
      "partitions.0.groups.1",
      { partitions: [{ ...partition, groups: [["node-1"], ["node-1"]] }] },
    ],
    [
      "chaos on a node that is not there",
      "chaos.0.node",
      { nodes: 2, chaos: [{ ...chaos, node: "node-3" }] },
    ],
    ["chaos that is listed and drawn", "chaosMode", { chaosMode: true, chaos: [chaos] }],
    [
      "drift on a node that is not there",
      "drift.0.node",
      { nodes: 2, drift: [{ ...drift, node: "node-10" }] },
    ],
    ["drift of a service that is not there", "drift.0.service", { drift: [{ ...drift, service: "mail" }] }],
    [
      "drift to the service's own digest",
      "drift.0.digest",
      { drift: [{ ...drift, digest: fakeDigest("b") }] },
    ],
    ["drift twice", "drift.1", { drift: [drift, { ...drift, digest: fakeDigest("e") }] }],
    ["the minimum above the maximum", "latencyMs", { latencyMs: [60, 50] }],
    ["seed and seeds", "seed", { seed: 1, seeds: [1] }],
    ["a seed twice", "seeds", { seeds: [1, 2, 1] }],
    ["an expectation of a node that is not there", "expect.0", { nodes: 2, expect: ["node-3 is healthy"] }],
  ])("%s", (_what, path, value) => {
    expect(pathsOf(value)).toEqual([path]);
  });

  it("names the nodes there are, and the services", () => {
    expect(check({ nodes: 4, chaos: [{ ...chaos, node: "node-5" }] })[0]?.message).toContain(
      "node-1 to node-4",
    );
    expect(check({ drift: [{ ...drift, service: "mail" }] })[0]?.message).toContain("web, store");
  });
});

describe("[M13] complete parameters", () => {
  it("record the seed that was drawn, and come back as they are", () => {
    const first = complete({});
    expect(first).toMatchObject({
      nodes: 5,
      seeds: [77],
      healMs: 30_000,
      verifySignatures: true,
      rateKbps: null,
    });
    expect(complete(first)).toEqual(first);
    expect(complete({ seed: 5 }).seeds).toEqual([5]);
    expect(
      complete({ partitions: [partition], chaos: [chaos], drift: [drift], seeds: [1, 2] }),
    ).toMatchObject({
      seeds: [1, 2],
    });
    expect(Object.keys(first).sort()).toEqual(
      Object.keys(meshParametersInputSchema.shape)
        .filter((name) => name !== "seed")
        .sort(),
    );
  });
});

describe("observations (M1)", () => {
  const all = observeAllWell(2, CAPSULE);

  it("name every service on every node, once for each life", () => {
    expect(checkObservations(all, 2, CAPSULE.services).ok).toBe(true);
    const messages = (value: unknown, nodes = 2): string[] => {
      const checked = checkObservations(value, nodes, CAPSULE.services);
      return checked.ok ? [] : checked.reason.map(({ message }) => message);
    };
    expect(messages(all.slice(1))).toEqual(["web was not observed on node-1"]);
    expect(messages(all, 3)).toHaveLength(2);
    expect(messages([...all, ...all.slice(0, 1)])).toEqual(["was observed twice"]);
    expect(messages([...all, { ...all[0], node: "node-3" }])).toEqual(["node-3 is not there"]);
    expect(messages([...all, { ...all[0], service: "mail" }])).toEqual(["mail is not there"]);
    expect(messages([{ ...all[0], healthy: "yes" }])).toHaveLength(1);
  });
});

function complete(value: unknown) {
  const checked = completeParameters(value, { services: CAPSULE.services, drawSeed: () => 77 });
  if (!checked.ok) throw new Error(JSON.stringify(checked.reason));
  return checked.value;
}

function check(value: unknown) {
  const checked = completeParameters(value, { services: CAPSULE.services, drawSeed: () => 77 });
  return checked.ok ? [] : checked.reason;
}

function pathsOf(value: unknown): string[] {
  return check(value).map(({ path }) => path);
}
