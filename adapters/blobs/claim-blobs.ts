// Before bytes are put: a lease on them, so that the collector leaves them alone (decision 0013).
import { leaseToPut } from "../database/blobs.ts";

/** A removal takes well under a second; only one that was cut off makes a caller wait in vain. */
const MAX_ATTEMPTS = 10;
const WAIT_MS = 300;

/**
 * Leases the digests, waiting for removals that are under way.
 * Gives those that are still being removed: they must not be put now.
 */
export async function claimBlobs(
  database: D1Database,
  owner: { readonly organizationId: string },
  digests: readonly string[],
): Promise<ReadonlySet<string>> {
  let wanted: ReadonlySet<string> = new Set(digests);
  for (let attempt = 1; wanted.size > 0; attempt += 1) {
    wanted = await leaseToPut(database, owner, [...wanted], Date.now());
    if (wanted.size === 0 || attempt === MAX_ATTEMPTS) break;
    await scheduler.wait(WAIT_MS);
  }
  return wanted;
}
