// Which runs of the list are shown: by environment and by how they stand.
import type { Deploy } from "../../../../schemas/api/deploys.ts";

export type RunsFilter = { readonly env: string; readonly status: string };

/** The empty text is all. `active` is queued or running. */
export function filterRuns(runs: readonly Deploy[], { env, status }: RunsFilter): readonly Deploy[] {
  return runs.filter((run) => (env === "" || run.env === env) && isMeant(run.status, status));
}

function isMeant(status: Deploy["status"], wanted: string): boolean {
  if (wanted === "") return true;
  return wanted === "active" ? status === "queued" || status === "running" : status === wanted;
}
