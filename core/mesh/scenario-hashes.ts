// The trace hashes of scenarios drawn from seeds: the same in every runtime (MESH.md M2). scripts/make-mesh-hashes.ts
// writes what Node gives to expected-hashes.json; tests hold Node, workerd and Chromium against it.
import type { Hashing } from "../hashing.ts";
import { drawScenario, makeMeshCapsule, observeAllWell } from "./mesh-fixture.ts";
import { simulateRun } from "./simulate-run.ts";

export const SCENARIO_COUNT = 240;
const FILE_COUNT = 8;
const LARGEST_BYTES = 60_000;

/** The hash of each scenario, seeds 0 and up. */
export async function hashScenarios(hashing: Pick<Hashing, "createSha256">): Promise<string[]> {
  const capsule = makeMeshCapsule(FILE_COUNT, LARGEST_BYTES);
  const hashes: string[] = [];
  for (let seed = 0; seed < SCENARIO_COUNT; seed++) {
    const parameters = drawScenario(seed);
    const observations = observeAllWell(parameters.nodes, capsule);
    const input = { capsule, parameters, seed, observations };
    hashes.push((await simulateRun(input, { hashing, startedAtMs: 0 })).traceHash);
  }
  return hashes;
}
