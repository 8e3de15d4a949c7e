// What the project object tells D1, and how it is written there. Every entry may be applied twice.
import { and, eq, sql } from "drizzle-orm";
import type { HostPointer } from "../../schemas/artifact.ts";
import { capsules, deploys, hostnames, projects, statements } from "../../schemas/database/platform.ts";
import { connect } from "./connection.ts";
import { destroyProjectKey } from "./project-keys.ts";
import { applySecretChange, forgetSecrets, type SecretChange } from "./secrets.ts";
import { applySimulationOutcome, type SimulationOutcome } from "./simulations.ts";

export type CapsuleRow = typeof capsules.$inferInsert;
export type StatementRow = typeof statements.$inferInsert;

export type OutboxEntry =
  | { readonly kind: "capsule"; readonly capsule: CapsuleRow; readonly statements: readonly StatementRow[] }
  | { readonly kind: "pointer"; readonly pointer: Omit<HostPointer, "secretsRevision"> }
  | { readonly kind: "secret"; readonly change: SecretChange }
  | { readonly kind: "statement"; readonly statement: StatementRow }
  | { readonly kind: "simulation"; readonly simulation: SimulationOutcome }
  /** The private half of a project's key is to be no more. */
  | {
      readonly kind: "key-destroyed";
      readonly organizationId: string;
      readonly projectId: string;
      readonly keyId: string;
      readonly at: number;
    }
  | { readonly kind: "deploy"; readonly deploy: typeof deploys.$inferInsert }
  | {
      readonly kind: "deleted";
      readonly organizationId: string;
      readonly projectId: string;
      readonly at: number;
    };

/** At most 100 bound parameters a statement in D1. */
const STATEMENTS_PER_INSERT = 14;

/** Writes one entry. A pointer older than the one that stands there changes nothing. */
export async function applyOutboxEntry(database: D1Database, entry: OutboxEntry): Promise<void> {
  const db = connect(database);
  switch (entry.kind) {
    case "capsule": {
      const writes = chunk(entry.statements, STATEMENTS_PER_INSERT).map((rows) =>
        db.insert(statements).values(rows).onConflictDoNothing(),
      );
      await db.batch([db.insert(capsules).values(entry.capsule).onConflictDoNothing(), ...writes]);
      return;
    }
    case "pointer": {
      const { organizationId, ...pointer } = entry.pointer;
      await db
        .insert(hostnames)
        .values({ ...pointer, orgId: organizationId })
        .onConflictDoUpdate({
          target: hostnames.hostname,
          set: {
            artifactDigest: pointer.artifactDigest,
            configurationDigest: pointer.configurationDigest,
            capsuleDigest: pointer.capsuleDigest,
            revision: pointer.revision,
          },
          setWhere: sql`${hostnames.projectId} = ${pointer.projectId} AND ${hostnames.revision} < ${pointer.revision}`,
        });
      return;
    }
    case "statement":
      await db.insert(statements).values(entry.statement).onConflictDoNothing();
      return;
    case "secret":
      await applySecretChange(database, entry.change);
      return;
    case "simulation":
      await applySimulationOutcome(database, entry.simulation);
      return;
    case "key-destroyed":
      await destroyProjectKey(database, entry, entry.at);
      return;
    case "deploy":
      await db.insert(deploys).values(entry.deploy).onConflictDoNothing();
      return;
    case "deleted":
      await db.batch([
        db.delete(hostnames).where(eq(hostnames.projectId, entry.projectId)),
        db
          .update(projects)
          .set({ deletedAt: entry.at })
          .where(and(eq(projects.orgId, entry.organizationId), eq(projects.id, entry.projectId))),
      ]);
      await forgetSecrets(database, entry);
      return;
  }
}

function chunk<Item>(items: readonly Item[], size: number): Item[][] {
  const chunks: Item[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}
