// For tests and benches: capsules, observations that are all well, and scenarios drawn from a seed.
import {
  type MeshChaos,
  type MeshParameters,
  type MeshPartition,
  meshParametersSchema,
} from "../../schemas/mesh-parameters.ts";
import type { MeshObservation } from "../../schemas/mesh-result.ts";
import { webHashing } from "../capsule/web-hashing.ts";
import type { MeshCapsule } from "./mesh-capsule.ts";
import { nodeName } from "./mesh-node.ts";
import { RandomStream } from "./random-stream.ts";
import type { RunReport } from "./run-report.ts";
import { simulateRun } from "./simulate-run.ts";
import type { ResultFrame } from "./simulate-seeds.ts";
import type { SimulationInput } from "./simulation.ts";

/** A line of a trace. */
export type TraceLine = Readonly<Record<string, unknown>> & { readonly event: string; readonly at: number };

const decoder = new TextDecoder();

/** `sha256:` and 64 times one hex digit. */
export function fakeDigest(digit: string): string {
  return `sha256:${digit.repeat(64)}`;
}

/** As many files, from 300 bytes to about the largest size. */
export function makeMeshCapsule(fileCount: number, largestBytes: number): MeshCapsule {
  const random = new RandomStream(fileCount, "capsule");
  return {
    digest: fakeDigest("a"),
    files: Array.from({ length: fileCount }, (_, index) => ({
      sha256: index.toString(16).padStart(64, "0"),
      sizeBytes: 300 + random.below(largestBytes),
    })),
    services: [
      { name: "web", digest: fakeDigest("b") },
      { name: "store", digest: fakeDigest("c") },
    ],
  };
}

/** Every service well on every node. */
export function observeAllWell(nodeCount: number, { services }: MeshCapsule): MeshObservation[] {
  return Array.from({ length: nodeCount }, (_, index) =>
    services.map(({ name }) => ({
      node: nodeName(index),
      service: name,
      incarnation: 1,
      digestOk: true,
      signatureOk: true,
      healthy: true,
      reason: null,
    })),
  ).flat();
}

/** Complete parameters from some of them. */
export function makeParameters(some: Partial<MeshParameters> = {}): MeshParameters {
  return meshParametersSchema.parse({ seeds: [1], ...some });
}

/** A run of a small capsule under these parameters. */
export function makeRun(some: Partial<MeshParameters> = {}, fileCount = 6): SimulationInput {
  const parameters = makeParameters(some);
  const capsule = makeMeshCapsule(fileCount, 40_000);
  const [seed = 0] = parameters.seeds;
  return { capsule, parameters, seed, observations: observeAllWell(parameters.nodes, capsule) };
}

export const FIXTURE_FRAME: ResultFrame = {
  simId: "0190a0a0-0000-7000-8000-000000000001",
  kind: "explore",
  artifactDigest: fakeDigest("d"),
  toolchainVersion: "1.0.0",
  observedBy: "platform",
  startedAt: "2026-01-01T00:00:00.000Z",
  signedBy: [],
  measured: null,
};

/** A scenario with any mixture of conditions and faults; the same seed gives the same one everywhere. */
export function drawScenario(seed: number): MeshParameters {
  const random = new RandomStream(seed, "scenario");
  const chance = (percent: number): boolean => random.below(100) < percent;
  const share = (percent: number, highest: number): number =>
    chance(percent) ? random.below(highest + 1) : 0;
  const nodes = 2 + random.below(4);
  const lowest = random.below(60);
  const spread = chance(20) ? random.below(3) : random.below(150);
  const previous = chance(50) ? fakeDigest("e") : null;
  const partitions = chance(40) ? [drawPartition(random, nodes)] : [];
  const drift = chance(15)
    ? [{ node: nodeName(1 + random.below(nodes - 1)), service: "web", digest: fakeDigest("f") }]
    : [];
  const chaosMode = chance(25);
  return makeParameters({
    seeds: [seed],
    nodes,
    latencyMs: spread < 3 ? [0, spread] : [lowest, lowest + spread],
    distribution: (["uniform", "normal", "pareto"] as const)[random.below(3)] ?? "uniform",
    packetLoss: share(60, 15),
    loss: chance(30) ? "gilbert-elliott" : "random",
    jitterMs: share(30, 30),
    duplicate: share(40, 30),
    reorder: share(40, 30),
    corrupt: share(50, 30),
    rateKbps: chance(15) ? 2_000 + random.below(20_000) : null,
    partitions,
    drift,
    previous,
    chaosMode,
    chaos: chaosMode ? [] : drawChaos(random, nodes),
  });
}

/** Simulates on a clock that begins with 1970. */
export function runMesh(
  input: SimulationInput,
  onTrace?: (lines: Uint8Array) => void | Promise<void>,
): Promise<RunReport> {
  return simulateRun(input, { hashing: webHashing, startedAtMs: 0, onTrace });
}

/** Every line of the run's trace. */
export async function traceOf(input: SimulationInput): Promise<TraceLine[]> {
  let text = "";
  await runMesh(input, (lines) => {
    text += decoder.decode(lines);
  });
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** The same observations, but for one service of one node. */
export function worsen(
  observations: readonly MeshObservation[],
  node: string,
  verdict: Partial<MeshObservation>,
  service = "web",
): MeshObservation[] {
  return observations.map((one) =>
    one.node === node && one.service === service ? { ...one, ...verdict } : one,
  );
}

function drawPartition(random: RandomStream, nodes: number): MeshPartition {
  const cut = 1 + random.below(nodes - 1);
  const names = Array.from({ length: nodes }, (_, index) => nodeName(index));
  const atMs = random.below(2_000);
  return {
    groups: [names.slice(0, cut), names.slice(cut)],
    atMs,
    healAtMs: atMs + 1 + random.below(5_000),
    oneWay: random.below(2) === 0,
  };
}

function drawChaos(random: RandomStream, nodes: number): MeshChaos[] {
  return Array.from({ length: random.below(4) }, () => ({
    node: nodeName(random.below(nodes)),
    at:
      random.below(2) === 0
        ? random.below(3_000)
        : ((["receive", "verify", "start", "healthy"] as const)[random.below(4)] ?? "boot"),
    action: (["crash", "restart", "pause"] as const)[random.below(3)] ?? "crash",
  }));
}
