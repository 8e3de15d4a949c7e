// How long checking an evidence file takes, and simulating it again (MESH.md M17). The file is a gate's: 10 nodes, 20 seeds.
import { nodeHashing } from "../adapters/hashing/node-hashing.ts";
import { makeCapsule } from "../core/capsule/capsule-fixture.ts";
import { makeCapsim } from "../core/mesh/capsim-fixture.ts";
import { createRerun } from "../core/mesh/rerun-capsim.ts";
import { type VerifyCapsimOptions, verifyCapsim } from "../core/mesh/verify-capsim.ts";
import { type BenchOptions, type Figure, median } from "./figure.ts";

const VERIFY_GOAL_MS = 50;
const RERUN_GOAL_MS = 1_000;
const FILES = 67;
const SEEDS = 20;

export async function benchEvidence({ isQuick, say }: BenchOptions): Promise<readonly Figure[]> {
  const files = Array.from({ length: FILES }, (_, index) => ({
    path: `f/${index}.txt`,
    text: "x".repeat(1_200),
  }));
  const capsule = await makeCapsule(files);
  const seeds = Array.from({ length: SEEDS }, (_, index) => index + 1);
  const { bytes, trust } = await makeCapsim(
    { nodes: 10, latencyMs: [50, 150], packetLoss: 5, seeds },
    { capsule },
  );
  say(`${bytes.length} bytes of evidence: ${SEEDS} seeds of 10 nodes, ${FILES} files`);
  const plain = await time(bytes, { trust, hashing: nodeHashing }, isQuick ? 10 : 50);
  const options = { trust, hashing: nodeHashing, rerun: createRerun() };
  const rerun = await time(bytes, options, isQuick ? 3 : 10);
  return [
    figure("an evidence file of 20 seeds, checked", plain, VERIFY_GOAL_MS),
    figure("the same, simulated again", rerun, RERUN_GOAL_MS),
  ];
}

async function time(bytes: Uint8Array, options: VerifyCapsimOptions, rounds: number): Promise<number> {
  const elapsed: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now();
    const { verdict } = await verifyCapsim(bytes, options);
    elapsed.push(performance.now() - startedAt);
    if (verdict !== "pass") throw new Error(`the evidence is ${verdict}`);
  }
  return median(elapsed);
}

function figure(name: string, value: number, goalMs: number): Figure {
  const goal = { text: `< ${goalMs} ms`, isMet: value < goalMs };
  return { name, value, unit: "ms", beside: [], goal };
}
