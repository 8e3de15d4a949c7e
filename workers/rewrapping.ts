// What the schedule calls beside the collector: one run of the re-wrapping. Without a key to replace it reads a few rows.
import { rewrapSecrets } from "../adapters/vault/rewrap.ts";

/** A schedule of this name does nothing else; no real one can have it, so only a person by hand asks for it. */
export const REWRAP_SCHEDULE = "rewrap";

export async function runRewrapping(env: Cloudflare.Env): Promise<void> {
  const report = await rewrapSecrets(env, { now: Date.now() });
  const { rewrappedCount, remainingCount } = report;
  if (rewrappedCount + remainingCount > 0) console.log(JSON.stringify({ message: "re-wrapped", ...report }));
}
