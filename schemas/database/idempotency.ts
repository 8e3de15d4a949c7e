// First answers to requests with an Idempotency-Key, kept for a day (decision 0017). No foreign key: a row is a note about
// a request, not about anything that the request made, and goes by itself.
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const idempotencyKeys = sqliteTable(
  "idempotency_keys",
  {
    orgId: text().notNull(),
    /** `token:tok_…` or `user:usr_…`. */
    actor: text().notNull(),
    /** Method and path, as they were sent. */
    route: text().notNull(),
    key: text().notNull(),
    /** Which request holds the lease; only it may write the answer. */
    holder: text().notNull(),
    leaseUntil: integer().notNull(),
    /** SHA-256 of the query and the body; null while a streamed body is still under way. */
    fingerprint: text(),
    /** Null until there is an answer. */
    status: integer(),
    contentType: text(),
    location: text(),
    /** Without one-time secrets; null also when it was too large to keep. */
    body: text(),
    expiresAt: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.actor, table.route, table.key] }),
    index("idempotency_keys_expires").on(table.expiresAt),
  ],
);
