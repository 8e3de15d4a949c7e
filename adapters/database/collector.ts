// What the collector keeps and asks in D1 (decision 0013). Every statement here may run twice.
import { LEASE_MS } from "./blobs.ts";

export type CollectorPhase = "follow" | "possessions" | "objects";

export type CollectorPlace = {
  /** When the cycle under way began; leases that ran out before it count as lapsed. Null between two cycles. */
  readonly cycleStartedAt: number | null;
  readonly phase: CollectorPhase;
  /** Where the phase goes on: the last project, or the last object, that was done. */
  readonly cursor: string;
};

export type FollowedProject = { readonly id: string; readonly orgId: string; readonly followedSeq: number };

const DIGESTS_PER_STATEMENT = 1_000;

/** The place to go on from, when nobody else is collecting; null when someone is. */
export async function lockCollector(
  database: D1Database,
  now: number,
  lockedUntil: number,
): Promise<CollectorPlace | null> {
  const [, locked] = await database.batch<CollectorPlace>([
    database.prepare(
      `INSERT INTO collector (id, lockedUntil, cycleStartedAt, phase, cursor, report)
       VALUES (1, 0, NULL, 'follow', '', '') ON CONFLICT (id) DO NOTHING`,
    ),
    database
      .prepare(
        `UPDATE collector SET lockedUntil = ?2 WHERE id = 1 AND lockedUntil < ?1
         RETURNING cycleStartedAt, phase, cursor`,
      )
      .bind(now, lockedUntil),
  ]);
  return locked?.results[0] ?? null;
}

export async function saveCollectorPlace(database: D1Database, place: CollectorPlace): Promise<void> {
  await database
    .prepare("UPDATE collector SET cycleStartedAt = ?1, phase = ?2, cursor = ?3 WHERE id = 1")
    .bind(place.cycleStartedAt, place.phase, place.cursor)
    .run();
}

/** Only whoever holds the lock unlocks it. */
export async function unlockCollector(
  database: D1Database,
  lockedUntil: number,
  report: string,
): Promise<void> {
  await database
    .prepare("UPDATE collector SET lockedUntil = 0, report = ?2 WHERE id = 1 AND lockedUntil = ?1")
    .bind(lockedUntil, report)
    .run();
}

/** Deleted projects too: their timelines stay for whoever audits them. */
export async function listProjectsToFollow(
  database: D1Database,
  after: string,
  limit: number,
): Promise<FollowedProject[]> {
  const { results } = await database
    .prepare(
      `SELECT p.id, p.orgId, coalesce(c.followedSeq, 0) AS followedSeq
       FROM projects p LEFT JOIN collector_projects c ON c.projectId = p.id
       WHERE p.id > ?1 ORDER BY p.id LIMIT ?2`,
    )
    .bind(after, limit)
    .all<FollowedProject>();
  return results;
}

export async function saveFollowed(database: D1Database, projectId: string, seq: number): Promise<void> {
  await database
    .prepare(
      `INSERT INTO collector_projects (projectId, followedSeq) VALUES (?1, ?2)
       ON CONFLICT (projectId) DO UPDATE SET followedSeq = max(followedSeq, excluded.followedSeq)`,
    )
    .bind(projectId, seq)
    .run();
}

/** Notes that a moment of the organization holds these; they are never collected from now on. */
export async function markReferenced(
  database: D1Database,
  organizationId: string,
  digests: readonly string[],
  now: number,
): Promise<void> {
  const statements = [];
  for (let start = 0; start < digests.length; start += DIGESTS_PER_STATEMENT) {
    const part = JSON.stringify(digests.slice(start, start + DIGESTS_PER_STATEMENT));
    statements.push(
      database
        .prepare(
          `UPDATE blobs SET referencedAt = ?3
           WHERE orgId = ?1 AND referencedAt IS NULL AND sha256 IN (SELECT value FROM json_each(?2))`,
        )
        .bind(organizationId, part, now),
    );
  }
  if (statements.length > 0) await database.batch(statements);
}

const IS_ABANDONED = `b.referencedAt IS NULL AND b.createdAt < ?1 - ${LEASE_MS} AND NOT EXISTS
  (SELECT 1 FROM blob_leases l WHERE l.sha256 = b.sha256 AND l.orgId = b.orgId AND l.until >= ?1)`;

/** Takes back possession of what no moment holds and no lease covers; gives how many rows went. */
export async function removeAbandonedPossessions(
  database: D1Database,
  cycleStartedAt: number,
  limit: number,
): Promise<number> {
  const { meta } = await database
    .prepare(`DELETE FROM blobs WHERE rowid IN (SELECT b.rowid FROM blobs b WHERE ${IS_ABANDONED} LIMIT ?2)`)
    .bind(cycleStartedAt, limit)
    .run();
  return meta.changes;
}

/** How many rows the last would take, for a dry run. */
export async function countAbandonedPossessions(
  database: D1Database,
  cycleStartedAt: number,
): Promise<number> {
  const count = await database
    .prepare(`SELECT count(*) AS count FROM blobs b WHERE ${IS_ABANDONED}`)
    .bind(cycleStartedAt)
    .first<number>("count");
  return count ?? 0;
}

/** Of these objects, those that nobody possesses and nobody has leased. From then on nobody can lease them. */
export async function condemnBlobs(
  database: D1Database,
  digests: readonly string[],
  cycleStartedAt: number,
  now: number,
): Promise<string[]> {
  const { results } = await database
    .prepare(
      `INSERT INTO condemned_blobs (sha256, condemnedAt)
       SELECT j.value, ?3 FROM json_each(?1) j
       WHERE NOT EXISTS (SELECT 1 FROM blobs b WHERE b.sha256 = j.value)
         AND NOT EXISTS (SELECT 1 FROM blob_leases l WHERE l.sha256 = j.value AND l.until >= ?2)
       ON CONFLICT (sha256) DO NOTHING RETURNING sha256`,
    )
    .bind(JSON.stringify(digests), cycleStartedAt, now)
    .all<{ sha256: string }>();
  return results.map(({ sha256 }) => sha256);
}

/** What the last would condemn once the abandoned possessions are gone, for a dry run. */
export async function findCondemnable(
  database: D1Database,
  digests: readonly string[],
  cycleStartedAt: number,
): Promise<string[]> {
  const { results } = await database
    .prepare(
      `SELECT j.value AS sha256 FROM json_each(?2) j
       WHERE NOT EXISTS (SELECT 1 FROM blobs b WHERE b.sha256 = j.value AND NOT (${IS_ABANDONED}))
         AND NOT EXISTS (SELECT 1 FROM blob_leases l WHERE l.sha256 = j.value AND l.until >= ?1)`,
    )
    .bind(cycleStartedAt, JSON.stringify(digests))
    .all<{ sha256: string }>();
  return results.map(({ sha256 }) => sha256);
}

/** Condemned by a run that was cut off before it removed them. */
export async function listCondemned(database: D1Database, limit: number): Promise<string[]> {
  const { results } = await database
    .prepare("SELECT sha256 FROM condemned_blobs LIMIT ?1")
    .bind(limit)
    .all<{ sha256: string }>();
  return results.map(({ sha256 }) => sha256);
}

/** Their objects are gone: they may be put again. */
export async function absolveBlobs(database: D1Database, digests: readonly string[]): Promise<void> {
  await database
    .prepare("DELETE FROM condemned_blobs WHERE sha256 IN (SELECT value FROM json_each(?1))")
    .bind(JSON.stringify(digests))
    .run();
}

/** Leases that had lapsed before the cycle began say nothing any more; gives how many went. */
export async function removeLapsedLeases(
  database: D1Database,
  cycleStartedAt: number,
  limit: number,
): Promise<number> {
  const { meta } = await database
    .prepare(
      "DELETE FROM blob_leases WHERE rowid IN (SELECT rowid FROM blob_leases WHERE until < ?1 LIMIT ?2)",
    )
    .bind(cycleStartedAt, limit)
    .run();
  return meta.changes;
}
