// Sealed keys of projects. Called by the platform for a project it has already resolved for an actor.
import { and, eq } from "drizzle-orm";
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
