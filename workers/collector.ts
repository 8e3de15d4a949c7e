// What the schedule in wrangler.toml calls: one run of the collector, told in the log.
import { type CollectorReport, collectBlobs } from "../adapters/collector/collect.ts";

/** A schedule of this name only counts; no real one can have it, so only a person by hand asks for it. */
export const DRY_RUN_SCHEDULE = "dry-run";

export async function runCollector(env: Cloudflare.Env, schedule: string): Promise<CollectorReport> {
  const report = await collectBlobs(env, {
    listReferences: (projectId, since, limit) => env.PROJECTS.getByName(projectId).references(since, limit),
    now: Date.now,
    isDryRun: schedule === DRY_RUN_SCHEDULE,
  });
  console.log(JSON.stringify({ message: "collected", ...report }));
  return report;
}
