// Leases and kept answers of requests with an Idempotency-Key (decision 0017). D1 runs a batch as one transaction, and all
// batches one after another: of any number of equal requests at once, one gets the lease.

/** Whose key it is, and for what: the same key of another actor, or on another route, is another key. */
export type IdempotencyScope = {
  readonly orgId: string;
  readonly actor: string;
  readonly route: string;
  readonly key: string;
};

export type KeptAnswer = {
  readonly status: number;
  readonly contentType: string | null;
  readonly location: string | null;
  /** Null when there was none, or when it was too large to keep (then `contentType` says that there was one). */
  readonly body: string | null;
};

export type Lease =
  | { readonly state: "held" }
  | { readonly state: "in-flight"; readonly fingerprint: string | null; readonly leaseUntil: number }
  | { readonly state: "answered"; readonly fingerprint: string; readonly answer: KeptAnswer };

type Row = {
  readonly holder: string;
  readonly leaseUntil: number;
  readonly fingerprint: string | null;
  readonly status: number | null;
  readonly contentType: string | null;
  readonly location: string | null;
  readonly body: string | null;
};

export const KEPT_MS = 24 * 3_600_000;
const WHERE_SCOPE = "orgId = ?1 AND actor = ?2 AND route = ?3 AND key = ?4";

/**
 * Takes the lease when nobody has it: the key is new, its day is over, or who held it did not end in time (a Worker that
 * was killed). Else tells what stands there.
 * @param holder a random id of this request
 * @param fingerprint of the request; null when it is known only once the body has been read
 */
export async function takeIdempotencyLease(
  database: D1Database,
  scope: IdempotencyScope,
  lease: {
    readonly holder: string;
    readonly fingerprint: string | null;
    readonly now: number;
    readonly leaseMs: number;
  },
): Promise<Lease> {
  const names = scopeValues(scope);
  const { holder, fingerprint, now, leaseMs } = lease;
  const [, found] = await database.batch<Row>([
    database
      .prepare(
        `INSERT INTO idempotency_keys (orgId, actor, route, key, holder, fingerprint, leaseUntil, expiresAt)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (orgId, actor, route, key) DO UPDATE SET
           holder = excluded.holder, fingerprint = excluded.fingerprint, leaseUntil = excluded.leaseUntil,
           expiresAt = excluded.expiresAt, status = NULL, contentType = NULL, location = NULL, body = NULL
         WHERE expiresAt <= ?9 OR (status IS NULL AND leaseUntil <= ?9)`,
      )
      .bind(...names, holder, fingerprint, now + leaseMs, now + KEPT_MS, now),
    database
      .prepare(
        `SELECT holder, leaseUntil, fingerprint, status, contentType, location, body
         FROM idempotency_keys WHERE ${WHERE_SCOPE}`,
      )
      .bind(...names),
  ]);
  const row = found?.results[0];
  if (row === undefined) throw new Error("the lease was written and is not there");
  if (row.holder === holder) return { state: "held" };
  if (row.status === null) {
    return { state: "in-flight", fingerprint: row.fingerprint, leaseUntil: row.leaseUntil };
  }
  const { status, contentType, location, body } = row;
  return {
    state: "answered",
    fingerprint: row.fingerprint ?? "",
    answer: { status, contentType, location, body },
  };
}

/** Writes the first answer. Does nothing when the lease has gone to another request meanwhile. */
export async function keepAnswer(
  database: D1Database,
  scope: IdempotencyScope,
  holder: string,
  fingerprint: string,
  answer: KeptAnswer,
): Promise<void> {
  const { status, contentType, location, body } = answer;
  await database
    .prepare(
      `UPDATE idempotency_keys SET fingerprint = ?6, status = ?7, contentType = ?8, location = ?9, body = ?10
       WHERE ${WHERE_SCOPE} AND holder = ?5`,
    )
    .bind(...scopeValues(scope), holder, fingerprint, status, contentType, location, body)
    .run();
}

/** Gives the key back: its request made nothing that a second try could make twice. */
export async function releaseIdempotencyLease(
  database: D1Database,
  scope: IdempotencyScope,
  holder: string,
): Promise<void> {
  await database
    .prepare(`DELETE FROM idempotency_keys WHERE ${WHERE_SCOPE} AND holder = ?5 AND status IS NULL`)
    .bind(...scopeValues(scope), holder)
    .run();
}

/** Removes up to `limit` rows whose day is over; gives how many went. */
export async function removeExpiredAnswers(
  database: D1Database,
  now: number,
  limit: number,
): Promise<number> {
  const { meta } = await database
    .prepare(
      `DELETE FROM idempotency_keys WHERE rowid IN
         (SELECT rowid FROM idempotency_keys WHERE expiresAt <= ?1 ORDER BY expiresAt LIMIT ?2)`,
    )
    .bind(now, limit)
    .run();
  return meta.changes;
}

function scopeValues({ orgId, actor, route, key }: IdempotencyScope): [string, string, string, string] {
  return [orgId, actor, route, key];
}
