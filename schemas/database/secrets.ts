// Secrets of projects, only ever sealed (adapters/vault), and what tells a vault key that fits from one that does not.
import { foreignKey, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { projects } from "./platform.ts";

/** A column of this name, in any table, is re-wrapped when the vault key is replaced (adapters/database/sealed-values.ts). */
export const secrets = sqliteTable(
  "secrets",
  {
    orgId: text().notNull(),
    projectId: text().notNull(),
    environment: text().notNull(),
    name: text().notNull(),
    sealed: text().notNull(),
    /** The environment's revision that set it. */
    revision: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.environment, table.name] }),
    foreignKey({ columns: [table.orgId, table.projectId], foreignColumns: [projects.orgId, projects.id] }),
  ],
);

/** Counts every change of an environment's secrets: a part of its apps' isolate ids. */
export const secretRevisions = sqliteTable(
  "secret_revisions",
  {
    orgId: text().notNull(),
    projectId: text().notNull(),
    environment: text().notNull(),
    revision: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.environment] }),
    foreignKey({ columns: [table.orgId, table.projectId], foreignColumns: [projects.orgId, projects.id] }),
  ],
);

/** One row for each vault key that something may be sealed with: a value that only this key opens. */
export const vaultChecks = sqliteTable("vault_checks", {
  vaultKeyId: text().primaryKey(),
  checkValue: text().notNull(),
  createdAt: integer().notNull(),
  /** How many values the last run of the re-wrapping left under this and other old keys; null before the first. */
  remainingCount: integer(),
});

/** The platform's own random secrets, one a purpose; they belong to no organization. */
export const platformSecrets = sqliteTable("platform_secrets", {
  /** Both empty: the re-wrapping reads every table with a column `sealed` alike. */
  orgId: text().notNull().default(""),
  projectId: text().notNull().default(""),
  name: text().primaryKey(),
  sealed: text().notNull(),
});
