// Members of the actor's organization. What is allowed is decided in core/organizations; the conditions here keep that true
// when two act at once, because each change is one statement that looks again.
import { and, asc, eq, gt, sql } from "drizzle-orm";
import { apikey, member, session, user } from "../../schemas/database/accounts.ts";
import { type MemberRole, parseMemberRole } from "../../schemas/permissions.ts";
import type { Actor } from "./actor.ts";
import { connect } from "./connection.ts";
import { ofOrganization } from "./organizations.ts";

export type Member = {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly role: MemberRole;
  readonly joinedAt: number;
};

/** A member with what a change of them depends on. */
export type MemberState = Member & {
  /** As it stands in the row; a change names it, so that it cannot be made on an older state. */
  readonly storedRole: string;
  readonly ownerCount: number;
};

const ordinal = sql<number>`${member}.rowid`;

/** In the order of joining; `after` is the ordinal of the last one already seen. */
export async function listMembers(
  database: D1Database,
  actor: Actor,
  page: { readonly limit: number; readonly after: number | null },
): Promise<(Member & { readonly ordinal: number })[]> {
  const rows = await connect(database)
    .select({ ...MEMBER_COLUMNS, ordinal })
    .from(member)
    .innerJoin(user, eq(user.id, member.userId))
    .where(
      and(
        eq(member.organizationId, actor.organizationId),
        page.after === null ? undefined : gt(ordinal, page.after),
      ),
    )
    .orderBy(asc(ordinal))
    .limit(page.limit);
  return rows.map((row) => ({ ...toMember(row), ordinal: row.ordinal }));
}

export async function findMember(
  database: D1Database,
  actor: Actor,
  userId: string,
): Promise<MemberState | null> {
  const rows = await connect(database)
    .select({ ...MEMBER_COLUMNS, ownerCount: countOwners(actor.organizationId) })
    .from(member)
    .innerJoin(user, eq(user.id, member.userId))
    .where(and(eq(member.organizationId, actor.organizationId), eq(member.userId, userId)))
    .limit(1);
  const row = rows[0];
  return row === undefined
    ? null
    : { ...toMember(row), storedRole: row.role, ownerCount: Number(row.ownerCount) };
}

/** False when the member, or the actor's own role, is not what it was, or an owner would be missing. */
export async function changeMemberRole(
  database: D1Database,
  actor: Actor,
  state: MemberState,
  role: MemberRole,
): Promise<boolean> {
  const changed = await connect(database)
    .update(member)
    .set({ role })
    .where(and(isUnchanged(actor, state), role === "owner" ? undefined : leavesAnOwner(actor, state)))
    .returning({ id: member.id });
  return changed.length > 0;
}

/**
 * Takes the member out, with the tokens that they have here: coming back must not bring those back to life.
 * False when the member, or the actor's own role, is not what it was, or an owner would be missing.
 */
export async function removeMember(database: D1Database, actor: Actor, state: MemberState): Promise<boolean> {
  const { organizationId } = actor;
  const connection = connect(database);
  const isGone = sql`NOT EXISTS (SELECT 1 FROM ${member} AS "left" WHERE "left"."organizationId" = ${organizationId}
    AND "left"."userId" = ${state.userId})`;
  const [removed] = await connection.batch([
    connection
      .delete(member)
      .where(and(isUnchanged(actor, state), leavesAnOwner(actor, state)))
      .returning({ id: member.id }),
    connection
      .delete(apikey)
      .where(and(eq(apikey.referenceId, state.userId), ofOrganization(organizationId), isGone)),
    connection
      .update(session)
      .set({ activeOrganizationId: null })
      .where(and(eq(session.userId, state.userId), eq(session.activeOrganizationId, organizationId), isGone)),
  ]);
  return removed.length > 0;
}

const MEMBER_COLUMNS = {
  userId: member.userId,
  name: user.name,
  email: user.email,
  role: member.role,
  joinedAt: member.createdAt,
};

/** The row as it was read, while the actor still has the role by which this was decided. */
function isUnchanged({ organizationId, userId, role }: Actor, state: MemberState) {
  return and(
    eq(member.organizationId, organizationId),
    eq(member.userId, state.userId),
    eq(member.role, state.storedRole),
    userId === state.userId
      ? undefined
      : sql`EXISTS (SELECT 1 FROM ${member} AS "acting" WHERE "acting"."organizationId" = ${organizationId}
          AND "acting"."userId" = ${userId} AND "acting"."role" = ${role})`,
  );
}

function leavesAnOwner({ organizationId }: Actor, { role }: MemberState) {
  return role === "owner" ? sql`${countOwners(organizationId)} > 1` : undefined;
}

function countOwners(organizationId: string) {
  return sql<number>`(SELECT COUNT(*) FROM ${member} AS "owners" WHERE "owners"."organizationId" = ${organizationId}
    AND "owners"."role" = 'owner')`;
}

/** A role that this version does not know may do nothing: it is shown as the least. */
function toMember(row: {
  userId: string;
  name: string;
  email: string;
  role: string;
  joinedAt: Date;
}): Member {
  const { userId, name, email } = row;
  return {
    userId,
    name,
    email,
    role: parseMemberRole(row.role) ?? "buyer",
    joinedAt: row.joinedAt.getTime(),
  };
}
