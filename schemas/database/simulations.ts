// Simulations of an organization, for lists and for finding the project of one (MESH.md §4). The results are documents in
// R2; while a simulation is under way its own object has the truth.
import { foreignKey, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { projects } from "./platform.ts";

export const simulations = sqliteTable(
  "simulations",
  {
    orgId: text().notNull(),
    projectId: text().notNull(),
    /** A UUID; one from outside may be the same in two organizations. */
    simId: text().notNull(),
    capsuleDigest: text().notNull(),
    kind: text().$type<"explore" | "gate" | "replay">().notNull(),
    /** Of a `gate` run. */
    environment: text(),
    /** What a replay repeats. */
    replayOf: text(),
    observedBy: text().$type<"platform" | "external">().notNull(),
    status: text().$type<"running" | "done" | "error" | "cancelled">().notNull(),
    outcome: text().$type<"pass" | "fail">(),
    /** Why there is no result. */
    failure: text(),
    nodeCount: integer().notNull(),
    seedCount: integer().notNull(),
    startedAt: integer().notNull(),
    startedBy: text().notNull(),
    endedAt: integer(),
    /** It counts as under way no longer than this, whatever became of it. */
    activeUntil: integer().notNull(),
    /** The sealed result and the event that sealed it. */
    envelopeSha256: text(),
    eventSeq: integer(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.simId] }),
    foreignKey({ columns: [table.orgId, table.projectId], foreignColumns: [projects.orgId, projects.id] }),
    index("simulations_started").on(table.orgId, table.projectId, table.startedAt),
    index("simulations_envelope").on(table.orgId, table.projectId, table.envelopeSha256),
    index("simulations_active").on(table.orgId, table.status, table.activeUntil),
  ],
);
