// Invitations: for one e-mail address, a week, and one use.
import { and, asc, desc, eq, gt, lt, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { invitation, member, organization, user } from "../../schemas/database/accounts.ts";
import { ORGANIZATION_LIMITS } from "../../schemas/organization-limits.ts";
import { type MemberRole, parseMemberRole } from "../../schemas/permissions.ts";
import type { Actor } from "./actor.ts";
import { connect, runTogether } from "./connection.ts";

export type Invitation = {
  readonly invitationId: string;
  readonly email: string;
  readonly role: MemberRole;
  readonly invitedBy: { readonly userId: string; readonly name: string };
  readonly createdAt: number;
  readonly expiresAt: number;
};

/** An invitation with all that its acceptance depends on. */
export type ReceivedInvitation = Invitation & {
  readonly organization: { readonly organizationId: string; readonly name: string };
  readonly status: string;
  /** Of the one who invited, today; null when they are no member any more. */
  readonly inviterRole: MemberRole | null;
  readonly isEmailVerified: boolean;
};

const DAY_MS = 86_400_000;
/** What is over is kept so long, for the count of a day. */
const KEEP_MS = 30 * DAY_MS;
const inviter = alias(user, "inviter");
const inviterMember = alias(member, "inviterMember");

/** Those that can still be accepted, the newest first. */
export async function listInvitations(
  database: D1Database,
  actor: Actor,
  now: number,
): Promise<Invitation[]> {
  const rows = await connect(database)
    .select({ ...INVITATION_COLUMNS })
    .from(invitation)
    .innerJoin(inviter, eq(inviter.id, invitation.inviterId))
    .where(and(eq(invitation.organizationId, actor.organizationId), isOpen(now)))
    .orderBy(desc(invitation.createdAt), desc(invitation.id))
    .limit(ORGANIZATION_LIMITS.pendingInvitations);
  return rows.map(toInvitation);
}

/** Whether somebody with this address is a member already. */
export async function isMemberEmail(database: D1Database, actor: Actor, email: string): Promise<boolean> {
  const rows = await connect(database)
    .select({ id: member.id })
    .from(member)
    .innerJoin(user, eq(user.id, member.userId))
    .where(and(eq(member.organizationId, actor.organizationId), eq(sql`lower(${user.email})`, email)))
    .limit(1);
  return rows.length > 0;
}

/**
 * Makes an invitation in the place of any earlier one to the same address. False when the organization has as many members
 * or invitations as it may have, or sent as many today.
 */
export async function insertInvitation(
  database: D1Database,
  actor: Actor,
  made: {
    readonly invitationId: string;
    readonly email: string;
    readonly role: MemberRole;
    readonly expiresAt: number;
    readonly now: number;
  },
): Promise<boolean> {
  const { organizationId, userId } = actor;
  const { invitationId, email, role, expiresAt, now } = made;
  const { pendingInvitations, invitationsPerDay, members } = ORGANIZATION_LIMITS;
  const connection = connect(database);
  const count = (condition: ReturnType<typeof sql>) =>
    sql`(SELECT COUNT(*) FROM ${invitation} WHERE ${invitation.organizationId} = ${organizationId} AND ${condition})`;
  const [inserted = 0] = await runTogether(database, [
    sql`INSERT INTO ${invitation} ("id", "organizationId", "email", "role", "status", "expiresAt", "createdAt", "inviterId")
      SELECT ${invitationId}, ${organizationId}, ${email}, ${role}, 'pending', ${expiresAt}, ${now}, ${userId}
      WHERE ${count(sql`${invitation.status} = 'pending' AND ${invitation.expiresAt} > ${now} AND ${invitation.email} <> ${email}`)} < ${pendingInvitations}
      AND ${count(sql`${invitation.createdAt} > ${now - DAY_MS}`)} < ${invitationsPerDay}
      AND (SELECT COUNT(*) FROM ${member} WHERE ${member.organizationId} = ${organizationId}) < ${members}`,
    connection
      .update(invitation)
      .set({ status: "canceled" })
      .where(
        and(
          eq(invitation.organizationId, organizationId),
          eq(invitation.email, email),
          eq(invitation.status, "pending"),
          sql`${invitation.id} <> ${invitationId}`,
          sql`EXISTS (SELECT 1 FROM ${invitation} AS "made" WHERE "made"."id" = ${invitationId})`,
        ),
      ),
    connection
      .delete(invitation)
      .where(
        and(eq(invitation.organizationId, organizationId), lt(invitation.expiresAt, new Date(now - KEEP_MS))),
      ),
  ]);
  return inserted > 0;
}

/** Whether there was such an invitation to take back. */
export async function cancelInvitation(
  database: D1Database,
  actor: Actor,
  invitationId: string,
): Promise<boolean> {
  const canceled = await connect(database)
    .update(invitation)
    .set({ status: "canceled" })
    .where(
      and(
        eq(invitation.organizationId, actor.organizationId),
        eq(invitation.id, invitationId),
        eq(invitation.status, "pending"),
      ),
    )
    .returning({ id: invitation.id });
  return canceled.length > 0;
}

/** Invitations to the actor's own address that can be accepted, the oldest first. */
export async function listReceived(
  database: D1Database,
  actor: Actor,
  now: number,
): Promise<ReceivedInvitation[]> {
  const rows = await received(database, actor)
    .where(isOpen(now))
    .orderBy(asc(invitation.createdAt), asc(invitation.id))
    .limit(ORGANIZATION_LIMITS.pendingInvitations);
  return rows.map(toReceived);
}

/** One to the actor's own address, whatever became of it; null for anybody else's. */
export async function findReceived(
  database: D1Database,
  actor: Actor,
  invitationId: string,
): Promise<ReceivedInvitation | null> {
  const rows = await received(database, actor).where(eq(invitation.id, invitationId)).limit(1);
  return rows[0] === undefined ? null : toReceived(rows[0]);
}

/**
 * Makes the actor a member and uses the invitation up, in one transaction. False when it is no longer what it was: used,
 * taken back, out of time, its sender's role changed, the actor a member already, or the organization full.
 */
export async function acceptInvitation(
  database: D1Database,
  actor: Actor,
  accepted: { readonly invitation: ReceivedInvitation; readonly memberId: string; readonly now: number },
): Promise<boolean> {
  const { invitationId, role, inviterRole, invitedBy, organization: joined } = accepted.invitation;
  const { memberId, now } = accepted;
  const { organizationId } = joined;
  const connection = connect(database);
  const [made = 0] = await runTogether(database, [
    sql`INSERT INTO ${member} ("id", "organizationId", "userId", "role", "createdAt")
      SELECT ${memberId}, ${organizationId}, ${actor.userId}, ${role}, ${now} FROM ${invitation}
      WHERE ${invitation.id} = ${invitationId} AND ${invitation.status} = 'pending' AND ${invitation.expiresAt} > ${now}
      AND EXISTS (SELECT 1 FROM ${member} AS "m" WHERE "m"."organizationId" = ${organizationId}
        AND "m"."userId" = ${invitedBy.userId} AND "m"."role" = ${inviterRole})
      AND NOT EXISTS (SELECT 1 FROM ${member} AS "m" WHERE "m"."organizationId" = ${organizationId}
        AND "m"."userId" = ${actor.userId})
      AND (SELECT COUNT(*) FROM ${member} AS "m" WHERE "m"."organizationId" = ${organizationId}) < ${ORGANIZATION_LIMITS.members}`,
    connection
      .update(invitation)
      .set({ status: "accepted" })
      .where(
        and(
          eq(invitation.id, invitationId),
          sql`EXISTS (SELECT 1 FROM ${member} AS "m" WHERE "m"."id" = ${memberId})`,
        ),
      ),
  ]);
  return made > 0;
}

/** Whether it could still be declined. */
export async function declineInvitation(
  database: D1Database,
  actor: Actor,
  invitationId: string,
): Promise<boolean> {
  const declined = await connect(database)
    .update(invitation)
    .set({ status: "rejected" })
    .where(
      and(
        eq(invitation.id, invitationId),
        eq(invitation.status, "pending"),
        sql`lower(${invitation.email}) = (SELECT lower(${user.email}) FROM ${user} WHERE ${user.id} = ${actor.userId})`,
      ),
    )
    .returning({ id: invitation.id });
  return declined.length > 0;
}

const INVITATION_COLUMNS = {
  invitationId: invitation.id,
  email: invitation.email,
  role: invitation.role,
  invitedBy: { userId: inviter.id, name: inviter.name },
  createdAt: invitation.createdAt,
  expiresAt: invitation.expiresAt,
};

function isOpen(now: number) {
  return and(eq(invitation.status, "pending"), gt(invitation.expiresAt, new Date(now)));
}

function received(database: D1Database, actor: Actor) {
  return connect(database)
    .select({
      ...INVITATION_COLUMNS,
      organization: { organizationId: organization.id, name: organization.name },
      status: invitation.status,
      inviterRole: inviterMember.role,
      isEmailVerified: user.emailVerified,
    })
    .from(invitation)
    .innerJoin(
      user,
      and(eq(user.id, actor.userId), eq(sql`lower(${user.email})`, sql`lower(${invitation.email})`)),
    )
    .innerJoin(inviter, eq(inviter.id, invitation.inviterId))
    .innerJoin(organization, eq(organization.id, invitation.organizationId))
    .leftJoin(
      inviterMember,
      and(
        eq(inviterMember.userId, invitation.inviterId),
        eq(inviterMember.organizationId, invitation.organizationId),
      ),
    )
    .$dynamic();
}

function toInvitation<
  Row extends { readonly role: string | null; readonly createdAt: Date; readonly expiresAt: Date },
>(row: Row) {
  return {
    ...row,
    // A role that this version does not know grants the least.
    role: parseMemberRole(row.role ?? "") ?? ("buyer" as const),
    createdAt: row.createdAt.getTime(),
    expiresAt: row.expiresAt.getTime(),
  };
}

function toReceived(row: Awaited<ReturnType<typeof received>>[number]): ReceivedInvitation {
  return { ...toInvitation(row), inviterRole: parseMemberRole(row.inviterRole ?? "") };
}
