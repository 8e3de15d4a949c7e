// A run of a sealed result once more, here: from its own parameters, seed and observations, as `verify-sim --rerun` does it,
// with everything kept that is watched (MESH.md M2).
import type { Hashing } from "../../../../core/hashing.ts";
import { checkObservations } from "../../../../core/mesh/check-observations.ts";
import { completeParameters } from "../../../../core/mesh/check-parameters.ts";
import { meshCapsuleOf } from "../../../../core/mesh/mesh-capsule-of.ts";
import { SIMULATOR_VERSION } from "../../../../core/mesh/mesh-limits.ts";
import type { RunReport } from "../../../../core/mesh/run-report.ts";
import { simulateRun } from "../../../../core/mesh/simulate-run.ts";
import type { Manifest } from "../../../../schemas/manifest.ts";
import type { MeshSimResult } from "../../../../schemas/mesh-result.ts";
import { fail, ok, type Result } from "../../../../schemas/result.ts";
import { TraceReader } from "./trace-reader.ts";
import type { WatchedRun } from "./watched-run.ts";

export type RehearseRequest = {
  readonly result: MeshSimResult;
  readonly manifest: Manifest;
  readonly seed: number;
};

export type RehearsedRun = {
  readonly run: WatchedRun;
  readonly report: RunReport;
  /** The hash that was sealed for this seed, to be held against `report.traceHash`. */
  readonly sealedTraceHash: string;
};

/** The run of that seed, or in a sentence why it cannot be had here. */
export async function rehearseAgain(
  { result, manifest, seed }: RehearseRequest,
  hashing: Hashing,
): Promise<Result<RehearsedRun, string>> {
  if (result.simulatorVersion !== SIMULATOR_VERSION) {
    return fail(
      `It was made by the simulator ${result.simulatorVersion}; this page has ${SIMULATOR_VERSION}, whose traces are others.`,
    );
  }
  const sealed = result.runs.find((run) => run.seed === seed);
  if (sealed === undefined) return fail(`The seed ${seed} is not among those that were run.`);
  const capsule = await meshCapsuleOf(manifest, result.capsuleHash, hashing);
  const parameters = completeParameters(result.params, { services: capsule.services, drawSeed: () => 0 });
  if (!parameters.ok) return fail(`Its parameters are not valid: ${parameters.reason[0]?.message}.`);
  const { nodes } = parameters.value;
  const observed = checkObservations(result.observations, nodes, capsule.services);
  if (!observed.ok) return fail(`Its observations are not valid: ${observed.reason[0]?.message}.`);
  const reader = new TraceReader(nodes);
  const report = await simulateRun(
    { capsule, parameters: parameters.value, seed, observations: observed.value },
    { hashing, startedAtMs: Date.parse(result.startedAt), onTrace: (lines) => reader.add(lines) },
  );
  return ok({ run: reader.finish(), report, sealedTraceHash: sealed.traceHash });
}
