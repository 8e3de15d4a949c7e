// Possession: which organization has put which bytes, and until when it may count on them (decision 0013).
import type { Actor } from "./actor.ts";

export type PossessedBlob = { readonly sha256: string; readonly sizeBytes: number; readonly crc32: number };

/** How long bytes stay that were put, or that a negotiation said are there. Every request is far shorter. */
export const LEASE_MS = 24 * 3_600_000;
/** A lease that runs longer than this is not written anew. */
export const RENEW_BELOW_MS = LEASE_MS / 2;

/** Digests travel as one JSON parameter: 1,000 are 67 KB, where 100 parameters a statement would be the limit. */
const DIGESTS_PER_STATEMENT = 1_000;
/** All of a capsule's files go in one batch, which is one subrequest and one transaction. */
const STATEMENTS_PER_BATCH = 20;

type Owner = Pick<Actor, "organizationId">;

const SELECT_POSSESSED =
  "SELECT sha256, sizeBytes, crc32 FROM blobs WHERE orgId = ?1 AND sha256 IN (SELECT value FROM json_each(?2))";

/** What a moment holds is never collected and needs no lease. */
const RENEW_POSSESSED = `INSERT INTO blob_leases (sha256, orgId, until)
  SELECT sha256, orgId, ?3 FROM blobs
  WHERE orgId = ?1 AND referencedAt IS NULL AND sha256 IN (SELECT value FROM json_each(?2))
  ON CONFLICT (sha256, orgId) DO UPDATE SET until = excluded.until WHERE until < ?4`;

const LEASE_UNCONDEMNED = `INSERT INTO blob_leases (sha256, orgId, until)
  SELECT value, ?1, ?3 FROM json_each(?2) WHERE value NOT IN (SELECT sha256 FROM condemned_blobs)
  ON CONFLICT (sha256, orgId) DO UPDATE SET until = excluded.until WHERE until < ?4`;

const SELECT_CONDEMNED =
  "SELECT sha256 FROM condemned_blobs WHERE sha256 IN (SELECT value FROM json_each(?1))";

const INSERT_POSSESSION = `INSERT INTO blobs (orgId, sha256, sizeBytes, crc32, createdAt)
  SELECT ?1, value ->> 'sha256', value ->> 'sizeBytes', value ->> 'crc32', ?3 FROM json_each(?2) WHERE true
  ON CONFLICT (orgId, sha256) DO NOTHING`;

/** Of these digests, those that the organization has put. */
export async function findPossessed(
  database: D1Database,
  owner: Owner,
  digests: readonly string[],
): Promise<Map<string, PossessedBlob>> {
  const queries = chunk([...new Set(digests)], DIGESTS_PER_STATEMENT).map((part) =>
    database.prepare(SELECT_POSSESSED).bind(owner.organizationId, JSON.stringify(part)),
  );
  return byDigest(await runAll<PossessedBlob>(database, queries));
}

/** The same, and what is found stays at least for {@link RENEW_BELOW_MS}: in one transaction, so none is lost between. */
export async function leasePossessed(
  database: D1Database,
  owner: Owner,
  digests: readonly string[],
  now: number,
): Promise<Map<string, PossessedBlob>> {
  const { organizationId } = owner;
  const queries = chunk([...new Set(digests)], DIGESTS_PER_STATEMENT).flatMap((part) => {
    const wanted = JSON.stringify(part);
    return [
      database.prepare(RENEW_POSSESSED).bind(organizationId, wanted, now + LEASE_MS, now + RENEW_BELOW_MS),
      database.prepare(SELECT_POSSESSED).bind(organizationId, wanted),
    ];
  });
  return byDigest(await runAll<PossessedBlob>(database, queries));
}

/**
 * Leases bytes that are about to be put, known or not.
 * Gives those that are being removed at this moment: they are not leased and must not be put yet.
 */
export async function leaseToPut(
  database: D1Database,
  owner: Owner,
  digests: readonly string[],
  now: number,
): Promise<Set<string>> {
  const { organizationId } = owner;
  const queries = chunk([...new Set(digests)], DIGESTS_PER_STATEMENT).flatMap((part) => {
    const wanted = JSON.stringify(part);
    return [
      database.prepare(LEASE_UNCONDEMNED).bind(organizationId, wanted, now + LEASE_MS, now + RENEW_BELOW_MS),
      database.prepare(SELECT_CONDEMNED).bind(wanted),
    ];
  });
  const rows = await runAll<{ sha256: string }>(database, queries);
  return new Set(rows.map(({ sha256 }) => sha256));
}

/** After the bytes are stored, under a lease that was taken before. */
export async function recordPossession(
  database: D1Database,
  owner: Owner,
  put: readonly PossessedBlob[],
  now: number,
): Promise<void> {
  const inserts = chunk(put, DIGESTS_PER_STATEMENT).map((part) =>
    database.prepare(INSERT_POSSESSION).bind(owner.organizationId, JSON.stringify(part), now),
  );
  await runAll(database, inserts);
}

async function runAll<Row>(database: D1Database, statements: readonly D1PreparedStatement[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const part of chunk(statements, STATEMENTS_PER_BATCH)) {
    for (const { results } of await database.batch<Row>(part)) rows.push(...results);
  }
  return rows;
}

function byDigest(rows: readonly PossessedBlob[]): Map<string, PossessedBlob> {
  return new Map(rows.map((row) => [row.sha256, row]));
}

function chunk<Item>(items: readonly Item[], size: number): Item[][] {
  const chunks: Item[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}
