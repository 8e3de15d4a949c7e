// What others search (ARCHITECTURE.md "Who holds the truth"): parents have unique(orgId, id), children a composite
// foreign key, so that a row of one organization can never hang below another's.
import { sql } from "drizzle-orm";
import {
  foreignKey,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import { organization } from "./accounts.ts";

/** Host labels are never reused: a row outlives its project. */
export const hostLabels = sqliteTable("host_labels", {
  label: text().primaryKey(),
  projectId: text().notNull(),
  createdAt: integer().notNull(),
});

export const projects = sqliteTable(
  "projects",
  {
    id: text().primaryKey(),
    orgId: text()
      .notNull()
      .references(() => organization.id),
    /** Also the first part of its hosts' names; globally unique by `hostLabels`. */
    label: text()
      .notNull()
      .references(() => hostLabels.label),
    name: text().notNull(),
    createdAt: integer().notNull(),
    createdBy: text().notNull(),
    deletedAt: integer(),
  },
  (table) => [unique("projects_org_id").on(table.orgId, table.id)],
);

/** A project's platform-made key: only its wrapped form is kept (adapters/vault). */
export const projectKeys = sqliteTable(
  "project_keys",
  {
    orgId: text().notNull(),
    projectId: text().notNull(),
    keyId: text().notNull(),
    publicKey: text().notNull(),
    sealed: text().notNull(),
    createdAt: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.keyId] }),
    foreignKey({ columns: [table.orgId, table.projectId], foreignColumns: [projects.orgId, projects.id] }),
  ],
);

/** Public signing keys that an organization has registered. */
export const signingKeys = sqliteTable(
  "signing_keys",
  {
    orgId: text()
      .notNull()
      .references(() => organization.id),
    keyId: text().notNull(),
    publicKey: text().notNull(),
    name: text().notNull(),
    createdAt: integer().notNull(),
    createdBy: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.keyId] })],
);

/** Possession: which organization has put which bytes. Knowing a digest gives nothing. */
export const blobs = sqliteTable(
  "blobs",
  {
    orgId: text()
      .notNull()
      .references(() => organization.id),
    sha256: text().notNull(),
    sizeBytes: integer().notNull(),
    crc32: integer().notNull(),
    createdAt: integer().notNull(),
    /** When the collector found that a moment of the organization holds it: it is then never collected. */
    referencedAt: integer(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.sha256] }),
    index("blobs_sha256").on(table.sha256),
    index("blobs_unreferenced").on(table.createdAt).where(sql`"referencedAt" IS NULL`),
  ],
);

/** Until when an organization may count on bytes that it puts, or was told are there (decision 0013). */
export const blobLeases = sqliteTable(
  "blob_leases",
  {
    sha256: text().notNull(),
    orgId: text()
      .notNull()
      .references(() => organization.id),
    until: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.sha256, table.orgId] }),
    index("blob_leases_until").on(table.until),
  ],
);

/** Bytes that the collector is about to remove from R2; nobody may put them while they stand here. */
export const condemnedBlobs = sqliteTable("condemned_blobs", {
  sha256: text().primaryKey(),
  condemnedAt: integer().notNull(),
});

/** The collector: one row, which is its lock, the place where its cycle goes on, and what it last did. */
export const collector = sqliteTable("collector", {
  id: integer().primaryKey(),
  lockedUntil: integer().notNull(),
  /** Null between two cycles. */
  cycleStartedAt: integer(),
  phase: text().notNull(),
  cursor: text().notNull(),
  report: text().notNull(),
});

/** Up to which event the references of a project have been followed. */
export const collectorProjects = sqliteTable("collector_projects", {
  projectId: text().primaryKey(),
  followedSeq: integer().notNull(),
});

export const capsules = sqliteTable(
  "capsules",
  {
    orgId: text().notNull(),
    projectId: text().notNull(),
    digest: text().notNull(),
    contentDigest: text().notNull(),
    urn: text().notNull(),
    name: text().notNull(),
    version: text().notNull(),
    fileCount: integer().notNull(),
    sizeBytes: integer().notNull(),
    createdAt: integer().notNull(),
    acceptedAt: integer().notNull(),
    acceptedBy: text().notNull(),
    /** The event that accepted it, for the timeline's link. */
    eventSeq: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.projectId, table.digest] }),
    foreignKey({ columns: [table.orgId, table.projectId], foreignColumns: [projects.orgId, projects.id] }),
    index("capsules_accepted").on(table.orgId, table.projectId, table.acceptedAt),
  ],
);

export const statements = sqliteTable(
  "statements",
  {
    orgId: text().notNull(),
    projectId: text().notNull(),
    capsuleDigest: text().notNull(),
    envelopeSha256: text().notNull(),
    predicateType: text().notNull(),
    keyIds: text().notNull(),
    createdAt: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.projectId, table.envelopeSha256] }),
    foreignKey({ columns: [table.orgId, table.projectId], foreignColumns: [projects.orgId, projects.id] }),
    index("statements_capsule").on(table.orgId, table.projectId, table.capsuleDigest),
  ],
);

/** Which project a deploy run belongs to; the run itself lives in the project object. */
export const deploys = sqliteTable(
  "deploys",
  {
    id: text().primaryKey(),
    orgId: text().notNull(),
    projectId: text().notNull(),
    startedAt: integer().notNull(),
  },
  (table) => [
    foreignKey({ columns: [table.orgId, table.projectId], foreignColumns: [projects.orgId, projects.id] }),
  ],
);

/** Hostname to pointer: all that a visit looks up. `revision` only grows, so a late write changes nothing. */
export const hostnames = sqliteTable(
  "hostnames",
  {
    hostname: text().primaryKey(),
    orgId: text().notNull(),
    projectId: text().notNull(),
    environment: text().notNull(),
    artifactDigest: text().notNull(),
    configurationDigest: text().notNull(),
    capsuleDigest: text().notNull(),
    revision: integer().notNull(),
  },
  (table) => [
    foreignKey({ columns: [table.orgId, table.projectId], foreignColumns: [projects.orgId, projects.id] }),
    uniqueIndex("hostnames_project").on(table.projectId, table.environment, table.hostname),
  ],
);
