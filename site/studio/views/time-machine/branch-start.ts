// Where a branch begins in the history that is here.
import type { TimelineModel } from "./timeline-model.ts";

/** The event that began it; null while that may lie in a past that is not here, or when no such branch is known. */
export function branchStart(model: TimelineModel, branch: string): number | null {
  if (model.firstSeq > 1) return null;
  const lane = model.laneNames.findIndex(({ kind, name }) => kind === "branch" && name === branch);
  return model.laneStarts[lane] ?? null;
}
