// Whose signatures an organization asks for before trust is widened, revision by revision.
import { desc, eq } from "drizzle-orm";
import { ownerKeys } from "../../schemas/database/keys.ts";
import { type OwnerKeys, ownerKeySchema } from "../../schemas/key-statement.ts";
import type { Actor } from "./actor.ts";
import { connect } from "./connection.ts";
import { findRetiredKeys } from "./retired-keys.ts";

const NOBODY: OwnerKeys = { revision: 0, threshold: 0, keys: [] };

/** The newest set as it was signed; with revision 0 when there never was one. */
export async function readOwnerKeys(
  database: D1Database,
  actor: Pick<Actor, "organizationId">,
): Promise<OwnerKeys> {
  const rows = await connect(database)
    .select()
    .from(ownerKeys)
    .where(eq(ownerKeys.orgId, actor.organizationId))
    .orderBy(desc(ownerKeys.revision))
    .limit(1);
  const [row] = rows;
  if (row === undefined) return NOBODY;
  const keys = ownerKeySchema.array().parse(JSON.parse(row.keys));
  return { revision: row.revision, threshold: row.threshold, keys };
}

/** The same without keys that were retired since: their signatures no longer count, and the threshold stays. */
export async function readUsableOwnerKeys(
  database: D1Database,
  actor: Pick<Actor, "organizationId">,
): Promise<OwnerKeys> {
  const owners = await readOwnerKeys(database, actor);
  const retired = await findRetiredKeys(
    database,
    actor,
    owners.keys.map(({ keyId }) => keyId),
  );
  return { ...owners, keys: owners.keys.filter(({ keyId }) => !retired.has(keyId)) };
}

/** Whether the revision was still free. */
export async function insertOwnerKeys(
  database: D1Database,
  actor: Actor,
  owners: OwnerKeys,
  facts: { readonly envelopeSha256: string; readonly changedAt: number },
): Promise<boolean> {
  const { revision, threshold, keys } = owners;
  const row = { revision, threshold, keys: JSON.stringify(keys), ...facts };
  const rows = await connect(database)
    .insert(ownerKeys)
    .values({ ...row, orgId: actor.organizationId, changedBy: actor.userId })
    .onConflictDoNothing()
    .returning({ revision: ownerKeys.revision });
  return rows.length > 0;
}
