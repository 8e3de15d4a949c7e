// Projects of an organization, by id or by label.
import { and, desc, eq, getTableColumns, isNull, lt, or, sql } from "drizzle-orm";
import { hostLabels, projectKeys, projects } from "../../schemas/database/platform.ts";
import type { Actor } from "./actor.ts";
import { connect } from "./connection.ts";

export type Project = typeof projects.$inferSelect;

export async function findProject(
  database: D1Database,
  actor: Actor,
  idOrLabel: string,
): Promise<Project | null> {
  const rows = await connect(database)
    .select()
    .from(projects)
    .where(and(visibleTo(actor), or(eq(projects.id, idOrLabel), eq(projects.label, idOrLabel))))
    .limit(1);
  return rows[0] ?? null;
}

/** Newest first; `before` is the ordinal of the last one already seen (two may share their millisecond). */
export async function listProjects(
  database: D1Database,
  actor: Actor,
  page: { readonly limit: number; readonly before: number | null },
): Promise<(Project & { readonly ordinal: number })[]> {
  const ordinal = sql<number>`${projects}.rowid`;
  return await connect(database)
    .select({ ...getTableColumns(projects), ordinal })
    .from(projects)
    .where(and(visibleTo(actor), page.before === null ? undefined : lt(ordinal, page.before)))
    .orderBy(desc(ordinal))
    .limit(page.limit);
}

/** Whether any project has, or has ever had, this label. */
export async function isLabelTaken(database: D1Database, label: string): Promise<boolean> {
  const rows = await connect(database).select().from(hostLabels).where(eq(hostLabels.label, label));
  return rows.length > 0;
}

/**
 * Makes the project visible together with its label, which is its alone for ever, and its sealed keys; all or
 * nothing.
 * Null when another took the label meanwhile.
 */
export async function insertProject(
  database: D1Database,
  actor: Actor,
  project: Pick<Project, "id" | "label" | "name" | "createdAt">,
  keys: readonly { readonly keyId: string; readonly publicKey: string; readonly sealed: string }[],
): Promise<Project | null> {
  const db = connect(database);
  const { id: projectId, label, createdAt } = project;
  const orgId = actor.organizationId;
  try {
    const [, rows] = await db.batch([
      db.insert(hostLabels).values({ label, projectId, createdAt }),
      db
        .insert(projects)
        .values({ ...project, orgId, createdBy: actor.userId })
        .returning(),
      db.insert(projectKeys).values(
        keys.map(({ keyId, publicKey, sealed }) => ({
          keyId,
          publicKey,
          sealed,
          orgId,
          projectId,
          createdAt,
        })),
      ),
    ]);
    return rows[0] ?? null;
  } catch (error) {
    if (await isLabelTaken(database, label)) return null;
    throw error;
  }
}

export async function renameProject(
  database: D1Database,
  actor: Actor,
  projectId: string,
  name: string,
): Promise<void> {
  await connect(database)
    .update(projects)
    .set({ name })
    .where(and(visibleTo(actor), eq(projects.id, projectId)));
}

function visibleTo(actor: Actor) {
  return and(
    eq(projects.orgId, actor.organizationId),
    isNull(projects.deletedAt),
    actor.projectId === null ? undefined : eq(projects.id, actor.projectId),
  );
}
