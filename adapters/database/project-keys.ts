// Sealed private halves of signing keys, of projects and of whole organizations. Called by the platform for a project or
// an organization that it has already resolved for an actor.
import { and, eq, inArray } from "drizzle-orm";
import { destroyedKeys, organizationKeys } from "../../schemas/database/keys.ts";
import { projectKeys } from "../../schemas/database/platform.ts";
import { connect } from "./connection.ts";

export type KeyPlace = {
  readonly organizationId: string;
  /** Null: the key of the whole organization. */
  readonly projectId: string | null;
};

export type SealedKey = KeyPlace & { readonly keyId: string; readonly sealed: string };

/** The key of this id, of the project or of its organization; null when the vault does not have it (any more). */
export async function findSealedKey(
  database: D1Database,
  place: KeyPlace,
  keyId: string,
): Promise<SealedKey | null> {
  const { organizationId, projectId } = place;
  const db = connect(database);
  const own =
    projectId === null
      ? []
      : await db
          .select({ sealed: projectKeys.sealed })
          .from(projectKeys)
          .where(and(ofProject(organizationId, projectId), eq(projectKeys.keyId, keyId)));
  if (own[0] !== undefined) return { organizationId, projectId, keyId, sealed: own[0].sealed };
  const shared = await db
    .select({ sealed: organizationKeys.sealed })
    .from(organizationKeys)
    .where(and(eq(organizationKeys.orgId, organizationId), eq(organizationKeys.keyId, keyId)));
  return shared[0] === undefined
    ? null
    : { organizationId, projectId: null, keyId, sealed: shared[0].sealed };
}

/** Ids of the keys whose private halves the vault holds for a project or for its organization. */
export async function listSealedKeyIds(database: D1Database, place: KeyPlace): Promise<Set<string>> {
  const { organizationId, projectId } = place;
  const db = connect(database);
  const shared = await db
    .select({ keyId: organizationKeys.keyId })
    .from(organizationKeys)
    .where(eq(organizationKeys.orgId, organizationId));
  const own =
    projectId === null
      ? []
      : await db
          .select({ keyId: projectKeys.keyId })
          .from(projectKeys)
          .where(ofProject(organizationId, projectId));
  return new Set([...shared, ...own].map(({ keyId }) => keyId));
}

/** Keeps a private half; keeping it again changes nothing. */
export async function insertSealedKey(
  database: D1Database,
  key: SealedKey & { readonly publicKey: string; readonly createdAt: number },
): Promise<void> {
  const { organizationId: orgId, projectId, keyId, publicKey, sealed, createdAt } = key;
  const db = connect(database);
  if (projectId === null) {
    await db.insert(organizationKeys).values({ orgId, keyId, sealed, createdAt }).onConflictDoNothing();
  } else {
    const row = { orgId, projectId, keyId, publicKey, sealed, createdAt };
    await db.insert(projectKeys).values(row).onConflictDoNothing();
  }
}

/** Nothing can be signed with the key any more; that it was the platform's stays known. May be done twice. */
export async function destroyProjectKey(
  database: D1Database,
  key: { readonly organizationId: string; readonly projectId: string; readonly keyId: string },
  destroyedAt: number,
): Promise<void> {
  const { organizationId: orgId, projectId, keyId } = key;
  const db = connect(database);
  await db.batch([
    db.insert(destroyedKeys).values({ orgId, projectId, keyId, destroyedAt }).onConflictDoNothing(),
    db.delete(projectKeys).where(and(ofProject(orgId, projectId), eq(projectKeys.keyId, keyId))),
  ]);
}

/** A private half that was made and is not wanted after all. */
export async function forgetOrganizationKey(
  database: D1Database,
  organizationId: string,
  keyId: string,
): Promise<void> {
  await connect(database)
    .delete(organizationKeys)
    .where(and(eq(organizationKeys.orgId, organizationId), eq(organizationKeys.keyId, keyId)));
}

/** Public halves of those of the keys that are kept for the project. */
export async function findPublicKeys(
  database: D1Database,
  { organizationId, projectId }: { readonly organizationId: string; readonly projectId: string },
  keyIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await connect(database)
    .select({ keyId: projectKeys.keyId, publicKey: projectKeys.publicKey })
    .from(projectKeys)
    .where(and(ofProject(organizationId, projectId), inArray(projectKeys.keyId, [...keyIds])));
  return new Map(rows.map(({ keyId, publicKey }) => [keyId, publicKey]));
}

function ofProject(organizationId: string, projectId: string) {
  return and(eq(projectKeys.orgId, organizationId), eq(projectKeys.projectId, projectId));
}
