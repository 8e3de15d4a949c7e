// Possession: which organization has put which bytes.
import { and, eq, inArray } from "drizzle-orm";
import { blobs } from "../../schemas/database/platform.ts";
import type { Actor } from "./actor.ts";
import { connect } from "./connection.ts";

export type PossessedBlob = { readonly sha256: string; readonly sizeBytes: number; readonly crc32: number };

/** At most 100 bound parameters a statement in D1; one is the organization. */
const DIGESTS_PER_QUERY = 99;
const ROWS_PER_INSERT = 20;
/** Statements that one `batch` carries: keeps a request of 9,000 files well within its limits. */
const QUERIES_PER_BATCH = 50;

type Owner = Pick<Actor, "organizationId">;

/** Of these digests, those that the organization has put. */
export async function findPossessed(
  database: D1Database,
  owner: Owner,
  digests: readonly string[],
): Promise<Map<string, PossessedBlob>> {
  const db = connect(database);
  const found = new Map<string, PossessedBlob>();
  const unique = [...new Set(digests)];
  const queries = chunk(unique, DIGESTS_PER_QUERY).map((part) =>
    db
      .select({ sha256: blobs.sha256, sizeBytes: blobs.sizeBytes, crc32: blobs.crc32 })
      .from(blobs)
      .where(and(eq(blobs.orgId, owner.organizationId), inArray(blobs.sha256, part))),
  );
  for (const [first, ...rest] of chunk(queries, QUERIES_PER_BATCH)) {
    if (first === undefined) continue;
    for (const rows of await db.batch([first, ...rest])) for (const row of rows) found.set(row.sha256, row);
  }
  return found;
}

export async function recordPossession(
  database: D1Database,
  owner: Owner,
  put: readonly PossessedBlob[],
  now: number,
): Promise<void> {
  const db = connect(database);
  const inserts = chunk(put, ROWS_PER_INSERT).map((part) =>
    db
      .insert(blobs)
      .values(part.map((blob) => ({ ...blob, orgId: owner.organizationId, createdAt: now })))
      .onConflictDoNothing(),
  );
  for (const [first, ...rest] of chunk(inserts, QUERIES_PER_BATCH)) {
    if (first !== undefined) await db.batch([first, ...rest]);
  }
}

function chunk<Item>(items: readonly Item[], size: number): Item[][] {
  const chunks: Item[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}
