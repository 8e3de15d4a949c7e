// The life of an organization's signing keys: private halves in the vault, what was retired, whose signatures it takes.
import { foreignKey, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { organization } from "./accounts.ts";
import { projects } from "./platform.ts";

/** Private halves of keys made for the whole organization: only their wrapped form is kept (adapters/vault). */
export const organizationKeys = sqliteTable(
  "organization_keys",
  {
    orgId: text()
      .notNull()
      .references(() => organization.id),
    keyId: text().notNull(),
    sealed: text().notNull(),
    createdAt: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.keyId] })],
);

/** The platform's old log keys: their private halves are gone, what they signed is still known as the platform's. */
export const destroyedKeys = sqliteTable(
  "destroyed_keys",
  {
    orgId: text().notNull(),
    projectId: text().notNull(),
    keyId: text().notNull(),
    destroyedAt: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.keyId] }),
    foreignKey({ columns: [table.orgId, table.projectId], foreignColumns: [projects.orgId, projects.id] }),
  ],
);

/** Keys that the organization rotated out or revoked everywhere. A row stays: such a key is never taken in again. */
export const retiredKeys = sqliteTable(
  "retired_keys",
  {
    orgId: text()
      .notNull()
      .references(() => organization.id),
    keyId: text().notNull(),
    kind: text().$type<"rotated" | "revoked">().notNull(),
    at: integer().notNull(),
    compromisedSince: integer(),
    reason: text().notNull(),
    successorKeyId: text(),
    /** The rotation's signed statement. */
    envelopeSha256: text(),
    retiredBy: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.keyId] })],
);

/** Every revision of whose signatures a change of trust needs. Two changes at once: one finds its revision taken. */
export const ownerKeys = sqliteTable(
  "owner_keys",
  {
    orgId: text()
      .notNull()
      .references(() => organization.id),
    revision: integer().notNull(),
    threshold: integer().notNull(),
    /** JSON: `[{keyId, publicKey}]`. */
    keys: text().notNull(),
    envelopeSha256: text().notNull(),
    changedAt: integer().notNull(),
    changedBy: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.revision] })],
);
