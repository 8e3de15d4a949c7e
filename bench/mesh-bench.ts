// How fast the mesh is simulated: events a second with every invariant checked, thousands of seeds of a small scenario,
// and what a gate asks for. Beside the first stands the hashing of the same trace alone, which is the floor.
import { nodeHashing } from "../adapters/hashing/node-hashing.ts";
import { completeParameters } from "../core/mesh/check-parameters.ts";
import { FIXTURE_FRAME, makeMeshCapsule, observeAllWell } from "../core/mesh/mesh-fixture.ts";
import { type SeedsOptions, simulateSeeds } from "../core/mesh/simulate-seeds.ts";
import type { MeshSimResult } from "../schemas/mesh-result.ts";
import { type BenchOptions, type Figure, median } from "./figure.ts";

type Timed = { readonly ms: number; readonly events: number; readonly traceBytes: number };

const EVENTS_GOAL = 300_000;
const SMALL_SEEDS = 10_000;
const SMALL_GOAL_S = 60;
const GATE_SEEDS = 20;
const GATE_GOAL_MS = 2_000;
/** The gate's capsule is the size of the example app: 67 files, 81 KB. */
const GATE_FILES = 67;
const GATE_LARGEST_BYTES = 1_800;
const GATE = { nodes: 10, latencyMs: [50, 150], packetLoss: 5 };
const STORMY = { ...GATE, packetLoss: 10, loss: "gilbert-elliott", duplicate: 10, reorder: 10, corrupt: 5 };
const SMALL = { nodes: 3, latencyMs: [10, 50], packetLoss: 5, chaosMode: true };

/** Takes about half a minute. */
export async function benchMesh({ isQuick, say }: BenchOptions): Promise<readonly Figure[]> {
  const rounds = isQuick ? 3 : 9;
  say(`${rounds} × ${GATE_SEEDS} seeds of 10 nodes and ${GATE_FILES} files`);
  const gate = await timeRounds(rounds, GATE, GATE_SEEDS, GATE_FILES);
  const stormy = await timeRounds(rounds, STORMY, GATE_SEEDS, GATE_FILES);
  const seedCount = isQuick ? SMALL_SEEDS / 10 : SMALL_SEEDS;
  say(`${seedCount} seeds of 3 nodes and 10 files`);
  const small = await timeOnce(SMALL, seedCount, 10);
  const smallSeconds = (small.ms / 1_000) * (SMALL_SEEDS / seedCount);
  return [
    toEventsFigure("10 nodes, 67 files, 5 % loss: simulated with invariants on", gate),
    toEventsFigure("the same with bursts, copies, reordering and corruption", stormy),
    {
      name: "10,000 seeds of 3 nodes, 10 files, a crash each",
      value: smallSeconds,
      unit: "s",
      beside: [{ name: "simulated", value: small.events / (small.ms / 1_000), unit: "events/s" }],
      goal: { text: `< ${SMALL_GOAL_S} s`, isMet: smallSeconds < SMALL_GOAL_S },
    },
    {
      name: "a gate's 20 seeds on 10 nodes, 67 files, 5 % loss",
      value: gate.ms,
      unit: "ms",
      beside: [],
      goal: { text: `< ${GATE_GOAL_MS} ms`, isMet: gate.ms < GATE_GOAL_MS },
    },
  ];
}

function toEventsFigure(name: string, { ms, events, traceBytes }: Timed): Figure {
  const value = events / (ms / 1_000);
  const floor = events / (timeHashing(traceBytes) / 1_000);
  return {
    name,
    value,
    unit: "events/s",
    beside: [{ name: "hashing its trace alone", value: floor, unit: "events/s" }],
    goal: { text: `≥ ${EVENTS_GOAL.toLocaleString("en")}`, isMet: value >= EVENTS_GOAL },
  };
}

/** The median round; the first ones, where the code is still being compiled, are left out. */
async function timeRounds(
  rounds: number,
  some: object,
  seedCount: number,
  fileCount: number,
): Promise<Timed> {
  const all: Timed[] = [];
  for (let round = -2; round < rounds; round++) {
    const timed = await timeOnce(some, seedCount, fileCount);
    if (round >= 0) all.push(timed);
  }
  const ms = median(all.map((timed) => timed.ms));
  return all.find((timed) => timed.ms === ms) ?? { ms, events: 0, traceBytes: 0 };
}

async function timeOnce(some: object, seedCount: number, fileCount: number): Promise<Timed> {
  const capsule = makeMeshCapsule(fileCount, GATE_LARGEST_BYTES);
  const seeds = Array.from({ length: seedCount }, (_, index) => index);
  const context = { services: capsule.services, drawSeed: () => 0 };
  const checked = completeParameters({ ...some, seeds }, context);
  if (!checked.ok) throw new Error(JSON.stringify(checked.reason));
  const parameters = checked.value;
  const observations = observeAllWell(parameters.nodes, capsule);
  let traceBytes = 0;
  const onTrace = (_seed: number, lines: Uint8Array): void => {
    traceBytes += lines.length;
  };
  // What is sent is a line of its own, but no event: the packet's arrival is. Invariants are checked after events.
  let events = 0;
  const onProgress: SeedsOptions["onProgress"] = ({ run: { traceLength, counts } }) => {
    events += traceLength - counts.sent - counts.duplicated;
  };
  const startMs = performance.now();
  const result = await simulateSeeds(
    { capsule, parameters, observations, frame: FIXTURE_FRAME },
    { hashing: nodeHashing, onTrace, onProgress },
  );
  const ms = performance.now() - startMs;
  assertPassed(result);
  return { ms, events, traceBytes };
}

function assertPassed({ outcome, reasons }: MeshSimResult): void {
  if (outcome !== "pass") throw new Error(`the scenario of a bench passes, but: ${reasons.join("; ")}`);
}

function timeHashing(byteCount: number): number {
  const bytes = new Uint8Array(byteCount).fill(97);
  const startMs = performance.now();
  nodeHashing.createSha256().update(bytes);
  return performance.now() - startMs;
}
