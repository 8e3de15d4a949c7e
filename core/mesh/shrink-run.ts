// A failing run made small (MESH.md M12): the smallest fault schedule that was found to fail in the same way, where it
// fails first, and the command that shows it again.
import type { MeshParameters } from "../../schemas/mesh-parameters.ts";
import { replayCommand } from "./replay-command.ts";
import { codeOf } from "./run-outcome.ts";
import type { RunReport, Violation } from "./run-report.ts";
import { type Shrunk, shrinkSchedule } from "./shrink-schedule.ts";
import { type RunOptions, simulateRun } from "./simulate-run.ts";
import type { SimulationInput } from "./simulation.ts";

export type ShrunkRun = Shrunk & {
  readonly violation: Violation | null;
  readonly reasons: readonly string[];
  readonly command: string;
};

/** Null for a run that passes. Up to 1,000 runs; the same way means the same violation, or the same first reason. */
export async function shrinkRun(
  input: SimulationInput,
  options: Omit<RunOptions, "onTrace">,
): Promise<ShrunkRun | null> {
  const simulate = (parameters: MeshParameters): Promise<RunReport> =>
    simulateRun({ ...input, parameters, seed: parameters.seeds[0] ?? input.seed }, options);
  const failed = await simulateRun(input, options);
  if (failed.outcome === "pass") return null;
  const way = wayOf(failed);
  const shrunk = await shrinkSchedule({
    parameters: input.parameters,
    seed: input.seed,
    stillFails: async (candidate) => wayOf(await simulate(candidate)) === way,
  });
  const { violation, reasons } = await simulate(shrunk.parameters);
  return { ...shrunk, violation, reasons, command: replayCommand(input.capsule.digest, shrunk.parameters) };
}

function wayOf({ violation, reasons }: RunReport): string | null {
  return violation?.kind ?? (reasons[0] === undefined ? null : codeOf(reasons[0]));
}
