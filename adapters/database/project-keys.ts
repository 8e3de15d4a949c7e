// Sealed keys of projects. Called by the platform for a project it has already resolved for an actor.
import { and, eq, inArray } from "drizzle-orm";
import { projectKeys } from "../../schemas/database/platform.ts";
import { connect } from "./connection.ts";

type ProjectKeyOwner = { readonly organizationId: string; readonly projectId: string };

export async function findSealedProjectKey(
  database: D1Database,
  owner: ProjectKeyOwner & { readonly platformKeyId: string },
): Promise<string | null> {
  const rows = await connect(database)
    .select({ sealed: projectKeys.sealed })
    .from(projectKeys)
    .where(
      and(
        eq(projectKeys.orgId, owner.organizationId),
        eq(projectKeys.projectId, owner.projectId),
        eq(projectKeys.keyId, owner.platformKeyId),
      ),
    );
  return rows[0]?.sealed ?? null;
}

/** Public halves of those of the keys that are kept for the project. */
export async function findPublicKeys(
  database: D1Database,
  owner: ProjectKeyOwner,
  keyIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await connect(database)
    .select({ keyId: projectKeys.keyId, publicKey: projectKeys.publicKey })
    .from(projectKeys)
    .where(
      and(
        eq(projectKeys.orgId, owner.organizationId),
        eq(projectKeys.projectId, owner.projectId),
        inArray(projectKeys.keyId, [...keyIds]),
      ),
    );
  return new Map(rows.map(({ keyId, publicKey }) => [keyId, publicKey]));
}

/** Keeps one more key for a project. */
export async function insertProjectKey(
  database: D1Database,
  owner: ProjectKeyOwner,
  key: {
    readonly keyId: string;
    readonly publicKey: string;
    readonly sealed: string;
    readonly createdAt: number;
  },
): Promise<void> {
  const { keyId, publicKey, sealed, createdAt } = key;
  const { organizationId: orgId, projectId } = owner;
  await connect(database)
    .insert(projectKeys)
    .values({ orgId, projectId, keyId, publicKey, sealed, createdAt })
    .onConflictDoNothing();
}
