// The projects of an organization, for what must be told to each of them.
import { and, asc, eq, gt, isNull } from "drizzle-orm";
import { projects } from "../../schemas/database/platform.ts";
import { connect } from "./connection.ts";

/** Ids in order, behind one that has been seen already (empty: from the beginning); deleted projects are left out. */
export async function listProjectIds(
  database: D1Database,
  organizationId: string,
  page: { readonly after: string; readonly limit: number },
): Promise<string[]> {
  const rows = await connect(database)
    .select({ id: projects.id })
    .from(projects)
    .where(and(eq(projects.orgId, organizationId), isNull(projects.deletedAt), gt(projects.id, page.after)))
    .orderBy(asc(projects.id))
    .limit(page.limit);
  return rows.map(({ id }) => id);
}
