// What the schedule in wrangler.toml calls: one run of the collector, told in the log, and kept answers whose day is over.
import { type CollectorReport, collectBlobs } from "../adapters/collector/collect.ts";
import { removeExpiredAnswers } from "../adapters/database/idempotency.ts";

/** A schedule of this name only counts; no real one can have it, so only a person by hand asks for it. */
export const DRY_RUN_SCHEDULE = "dry-run";

const ANSWERS_PER_BATCH = 1_000;
const MAX_ANSWER_BATCHES = 50;

export async function runCollector(env: Cloudflare.Env, schedule: string): Promise<CollectorReport> {
  const report = await collectBlobs(env, {
    listReferences: (projectId, since, limit) => env.PROJECTS.getByName(projectId).references(since, limit),
    now: Date.now,
    isDryRun: schedule === DRY_RUN_SCHEDULE,
  });
  console.log(JSON.stringify({ message: "collected", ...report }));
  return report;
}

/** Removes at most 50,000 kept answers; what is left goes with the next runs. */
export async function removeOldAnswers(env: Pick<Cloudflare.Env, "DB">): Promise<void> {
  for (let batch = 0; batch < MAX_ANSWER_BATCHES; batch += 1) {
    const removed = await removeExpiredAnswers(env.DB, Date.now(), ANSWERS_PER_BATCH);
    if (removed < ANSWERS_PER_BATCH) return;
  }
}
