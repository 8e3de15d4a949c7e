// From a deploy run's id to the project it belongs to.
import { and, eq } from "drizzle-orm";
import { deploys } from "../../schemas/database/platform.ts";
import type { Actor } from "./actor.ts";
import { connect } from "./connection.ts";

export async function findDeployProject(
  database: D1Database,
  actor: Actor,
  deployId: string,
): Promise<string | null> {
  const rows = await connect(database)
    .select({ projectId: deploys.projectId })
    .from(deploys)
    .where(
      and(
        eq(deploys.orgId, actor.organizationId),
        eq(deploys.id, deployId),
        actor.projectId === null ? undefined : eq(deploys.projectId, actor.projectId),
      ),
    );
  return rows[0]?.projectId ?? null;
}
