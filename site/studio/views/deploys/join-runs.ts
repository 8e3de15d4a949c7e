// Two pages of runs as one list.
import type { Deploy } from "../../../../schemas/api/deploys.ts";

/** The newest page moves on while older ones stand still: each run once. */
export function joinRuns(newest: readonly Deploy[], older: readonly Deploy[]): readonly Deploy[] {
  const known = new Set(newest.map(({ deployId }) => deployId));
  return [...newest, ...older.filter(({ deployId }) => !known.has(deployId))];
}
