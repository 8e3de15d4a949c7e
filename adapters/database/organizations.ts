// Organizations, as the people in them see them.
import { and, asc, eq, isNull, or, sql } from "drizzle-orm";
import { apikey, invitation, member, organization, session } from "../../schemas/database/accounts.ts";
import { projects } from "../../schemas/database/platform.ts";
import { ORGANIZATION_LIMITS } from "../../schemas/organization-limits.ts";
import { type MemberRole, parseMemberRole } from "../../schemas/permissions.ts";
import type { Actor } from "./actor.ts";
import { connect, runTogether } from "./connection.ts";

export type Membership = {
  readonly organizationId: string;
  readonly name: string;
  readonly slug: string;
  readonly createdAt: number;
  readonly role: MemberRole;
};

const MAX_MEMBERSHIPS = 200;

/** The organizations that the actor is in, in the order of joining; a token sees its own only. */
export async function listMemberships(database: D1Database, actor: Actor): Promise<Membership[]> {
  const rows = await memberships(database, actor).orderBy(asc(member.createdAt), asc(member.id));
  return rows.flatMap(toMembership);
}

/** One of them by id or slug; null when the actor is not in it. */
export async function findMembership(
  database: D1Database,
  actor: Actor,
  idOrSlug: string,
): Promise<Membership | null> {
  const rows = await memberships(
    database,
    actor,
    or(eq(organization.id, idOrSlug), eq(organization.slug, idOrSlug)),
  );
  return rows.flatMap(toMembership)[0] ?? null;
}

/** Makes an organization with the actor as its owner. False when the actor owns as many as one may. */
export async function insertOrganization(
  database: D1Database,
  actor: Actor,
  own: {
    readonly organizationId: string;
    readonly memberId: string;
    readonly name: string;
    readonly slug: string;
    readonly now: number;
  },
): Promise<boolean> {
  const { organizationId, memberId, name, slug, now } = own;
  const owned = sql`(SELECT COUNT(*) FROM ${member} WHERE ${member.userId} = ${actor.userId} AND ${member.role} = 'owner')`;
  const [made = 0] = await runTogether(database, [
    sql`INSERT INTO ${organization} ("id", "name", "slug", "createdAt")
      SELECT ${organizationId}, ${name}, ${slug}, ${now} WHERE ${owned} < ${ORGANIZATION_LIMITS.ownedOrganizations}`,
    sql`INSERT INTO ${member} ("id", "organizationId", "userId", "role", "createdAt")
      SELECT ${memberId}, ${organizationId}, ${actor.userId}, 'owner', ${now}
      WHERE EXISTS (SELECT 1 FROM ${organization} WHERE ${organization.id} = ${organizationId})`,
  ]);
  return made > 0;
}

export async function renameOrganization(database: D1Database, actor: Actor, name: string): Promise<void> {
  await connect(database).update(organization).set({ name }).where(eq(organization.id, actor.organizationId));
}

/**
 * Ends the actor's organization: its members, invitations and tokens go, in one transaction. The row stays for what hangs
 * below it (labels that are never given away again, bytes that the collector will remove) under a slug that nobody wants.
 * False while it has projects, or when the actor is its owner no longer.
 */
export async function endOrganization(database: D1Database, actor: Actor): Promise<boolean> {
  const { organizationId, userId } = actor;
  const connection = connect(database);
  const isFree = sql`NOT EXISTS (SELECT 1 FROM ${projects} WHERE ${and(eq(projects.orgId, organizationId), isNull(projects.deletedAt))})`;
  const isOwner = sql`EXISTS (SELECT 1 FROM ${member} AS "acting" WHERE "acting"."organizationId" = ${organizationId}
    AND "acting"."userId" = ${userId} AND "acting"."role" = 'owner')`;
  const isEmpty = sql`NOT EXISTS (SELECT 1 FROM ${member} AS "left" WHERE "left"."organizationId" = ${organizationId})`;
  const [removed] = await connection.batch([
    connection
      .delete(member)
      .where(and(eq(member.organizationId, organizationId), isFree, isOwner))
      .returning({ id: member.id }),
    connection.delete(invitation).where(and(eq(invitation.organizationId, organizationId), isEmpty)),
    connection.delete(apikey).where(and(ofOrganization(organizationId), isEmpty)),
    connection
      .update(session)
      .set({ activeOrganizationId: null })
      .where(and(eq(session.activeOrganizationId, organizationId), isEmpty)),
    connection
      .update(organization)
      .set({ slug: `ended-${organizationId.replace("_", "-")}` })
      .where(and(eq(organization.id, organizationId), isEmpty)),
  ]);
  return removed.length > 0;
}

/** Turns the actor's session to another of their organizations; the caller has found the membership. */
export async function turnSession(database: D1Database, actor: Actor, organizationId: string): Promise<void> {
  await connect(database)
    .update(session)
    .set({ activeOrganizationId: organizationId })
    .where(and(eq(session.id, actor.login.id), eq(session.userId, actor.userId)));
}

/** Tokens that are good in this organization. */
export function ofOrganization(organizationId: string) {
  return eq(sql`json_extract(${apikey.metadata}, '$.organizationId')`, organizationId);
}

function memberships(database: D1Database, actor: Actor, more?: ReturnType<typeof or>) {
  const isToken = actor.login.kind === "token";
  return connect(database)
    .select({
      organizationId: organization.id,
      name: organization.name,
      slug: organization.slug,
      createdAt: organization.createdAt,
      role: member.role,
    })
    .from(member)
    .innerJoin(organization, eq(organization.id, member.organizationId))
    .where(
      and(
        eq(member.userId, actor.userId),
        isToken ? eq(organization.id, actor.organizationId) : undefined,
        more,
      ),
    )
    .limit(MAX_MEMBERSHIPS)
    .$dynamic();
}

/** A role that is none makes no member. */
function toMembership(row: Omit<Membership, "role" | "createdAt"> & { role: string; createdAt: Date }) {
  const role = parseMemberRole(row.role);
  return role === null ? [] : [{ ...row, role, createdAt: row.createdAt.getTime() }];
}
