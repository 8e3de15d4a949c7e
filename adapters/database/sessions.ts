// Sessions in better-auth's `session` table, with the member that each speaks for.
import { and, desc, eq, gt } from "drizzle-orm";
import { member, session, user } from "../../schemas/database/accounts.ts";
import { type MemberRole, parseMemberRole } from "../../schemas/permissions.ts";
import { connect } from "./connection.ts";

export type SessionKind = "browser" | "device";

export type FoundSession = {
  readonly id: string;
  readonly kind: SessionKind;
  readonly userId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly signedInAt: number;
  /** In the organization that the session is turned to, else in the one joined first; null when in none. */
  readonly member: { readonly organizationId: string; readonly role: MemberRole } | null;
};

export type SessionFacts = {
  readonly sessionId: string;
  readonly kind: SessionKind;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly expiresAt: number;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
};

const MAX_SESSIONS = 200;

/** Who a session speaks for, by its token; null when there is none or it has ended. One query. */
export async function findSession(
  database: D1Database,
  token: string,
  now: number,
): Promise<FoundSession | null> {
  const rows = await connect(database)
    .select({
      id: session.id,
      kind: session.kind,
      userId: session.userId,
      createdAt: session.createdAt,
      expiresAt: session.expiresAt,
      signedInAt: session.signedInAt,
      organizationId: member.organizationId,
      role: member.role,
    })
    .from(session)
    .leftJoin(member, eq(member.userId, session.userId))
    .where(and(eq(session.token, token), gt(session.expiresAt, new Date(now))))
    .orderBy(desc(eq(member.organizationId, session.activeOrganizationId)), member.createdAt, member.id)
    .limit(1);
  const row = rows[0];
  if (row === undefined) return null;
  const role = parseMemberRole(row.role ?? "");
  return {
    id: row.id,
    kind: row.kind === "device" ? "device" : "browser",
    userId: row.userId,
    createdAt: row.createdAt.getTime(),
    expiresAt: row.expiresAt.getTime(),
    signedInAt: row.signedInAt.getTime(),
    member:
      row.organizationId === null || role === null ? null : { organizationId: row.organizationId, role },
  };
}

/** A session that is used lives on. */
export async function extendSession(
  database: D1Database,
  sessionId: string,
  { now, expiresAt }: { readonly now: number; readonly expiresAt: number },
): Promise<void> {
  await connect(database)
    .update(session)
    .set({ expiresAt: new Date(expiresAt), updatedAt: new Date(now) })
    .where(eq(session.id, sessionId));
}

/** The person proved again who they are: the session goes on under a new token, and the old one opens nothing. */
export async function renewSignIn(
  database: D1Database,
  sessionId: string,
  { token, now }: { readonly token: string; readonly now: number },
): Promise<void> {
  await connect(database)
    .update(session)
    .set({ token, signedInAt: new Date(now), updatedAt: new Date(now) })
    .where(eq(session.id, sessionId));
}

/** A person's sessions that have not ended, the newest first. */
export async function listSessions(
  database: D1Database,
  userId: string,
  now: number,
): Promise<SessionFacts[]> {
  const rows = await connect(database)
    .select()
    .from(session)
    .where(and(eq(session.userId, userId), gt(session.expiresAt, new Date(now))))
    .orderBy(desc(session.createdAt))
    .limit(MAX_SESSIONS);
  return rows.map((row) => ({
    sessionId: row.id,
    kind: row.kind === "device" ? "device" : "browser",
    createdAt: row.createdAt.getTime(),
    lastUsedAt: row.updatedAt.getTime(),
    expiresAt: row.expiresAt.getTime(),
    ipAddress: row.ipAddress === "" ? null : row.ipAddress,
    userAgent: row.userAgent === "" ? null : row.userAgent,
  }));
}

/** Ends one session of this person at once. Whether there was such a session. */
export async function endSession(database: D1Database, userId: string, sessionId: string): Promise<boolean> {
  const ended = await connect(database)
    .delete(session)
    .where(and(eq(session.userId, userId), eq(session.id, sessionId)))
    .returning({ id: session.id });
  return ended.length > 0;
}

/** Ends every session of this person, browsers and devices; how many there were. */
export async function endAllSessions(database: D1Database, userId: string): Promise<number> {
  const ended = await connect(database)
    .delete(session)
    .where(eq(session.userId, userId))
    .returning({ id: session.id });
  return ended.length;
}

/** Whom a page greets. */
export async function describeUser(
  database: D1Database,
  userId: string,
): Promise<{ readonly name: string; readonly email: string } | null> {
  const rows = await connect(database)
    .select({ name: user.name, email: user.email })
    .from(user)
    .where(eq(user.id, userId))
    .limit(1);
  return rows[0] ?? null;
}

/** The organization that a new session is turned to: the one joined first. */
export async function findFirstOrganization(database: D1Database, userId: string): Promise<string | null> {
  const rows = await connect(database)
    .select({ organizationId: member.organizationId })
    .from(member)
    .where(eq(member.userId, userId))
    .orderBy(member.createdAt, member.id)
    .limit(1);
  return rows[0]?.organizationId ?? null;
}

/**
 * Makes the organization that is a person's own, with them as its owner, unless they are a member somewhere by then:
 * one batch is one transaction, so two first sign-ins at once make one.
 */
export async function insertOwnOrganization(
  database: D1Database,
  own: {
    readonly organizationId: string;
    readonly memberId: string;
    readonly userId: string;
    readonly now: number;
  },
): Promise<void> {
  const { organizationId, memberId, userId, now } = own;
  const slug = organizationId.replace("_", "-");
  await database.batch([
    database
      .prepare(
        `INSERT INTO "organization" ("id", "name", "slug", "createdAt")
         SELECT ?1, "name" || '''s organization', ?2, ?3 FROM "user" WHERE "id" = ?4
         AND NOT EXISTS (SELECT 1 FROM "member" WHERE "userId" = ?4)`,
      )
      .bind(organizationId, slug, now, userId),
    database
      .prepare(
        `INSERT INTO "member" ("id", "organizationId", "userId", "role", "createdAt")
         SELECT ?1, "id", ?2, 'owner', ?3 FROM "organization" WHERE "id" = ?4`,
      )
      .bind(memberId, userId, now, organizationId),
  ]);
}
