// API tokens in better-auth's `apikey` table.
import { and, desc, eq, sql } from "drizzle-orm";
import { apikey, member, organization, user } from "../../schemas/database/accounts.ts";
import {
  fromPermissionTable,
  parseMemberRole,
  ROLE_PERMISSIONS,
  type Scope,
  toPermissionTable,
} from "../../schemas/permissions.ts";
import type { Actor } from "./actor.ts";
import { connect } from "./connection.ts";

export type TokenFacts = {
  readonly tokenId: string;
  readonly name: string | null;
  readonly start: string | null;
  readonly scopes: Scope[];
  readonly projectId: string | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
};

/** Where a token is good for; kept in the key's `metadata`. */
type TokenMetadata = { readonly organizationId: string; readonly projectId: string | null };

const MAX_TOKENS = 500;
/** `lastRequest` is only written when it is older than this: not every request should write. */
const LAST_USED_RESOLUTION_MS = 60_000;

/**
 * Who a token speaks for, by its hash: null when it is unknown, revoked, or its owner is no longer a member.
 * One query; an expired token is told apart, so that the answer can say so.
 */
export async function findTokenActor(
  database: D1Database,
  tokenHash: string,
  now: number,
): Promise<{ readonly actor: Actor; readonly isExpired: boolean; readonly isStale: boolean } | null> {
  const rows = await connect(database)
    .select({ key: apikey, role: member.role })
    .from(apikey)
    .innerJoin(
      member,
      and(
        eq(member.userId, apikey.referenceId),
        eq(member.organizationId, sql`json_extract(${apikey.metadata}, '$.organizationId')`),
      ),
    )
    .where(and(eq(apikey.key, tokenHash), eq(apikey.enabled, true)))
    .limit(1);
  const key = rows[0]?.key;
  const role = parseMemberRole(rows[0]?.role ?? "");
  if (key === undefined || role === null) return null;
  const metadata: TokenMetadata = JSON.parse(key.metadata ?? "{}");
  return {
    actor: {
      organizationId: metadata.organizationId,
      userId: key.referenceId,
      ref: { kind: "token", id: key.id },
      role,
      permissions: new Set(
        fromPermissionTable(JSON.parse(key.permissions ?? "{}")).filter((scope) =>
          ROLE_PERMISSIONS[role].has(scope),
        ),
      ),
      projectId: metadata.projectId,
      login: { kind: "token", id: key.id },
    },
    isExpired: key.expiresAt !== null && key.expiresAt.getTime() <= now,
    isStale: now - (key.lastRequest?.getTime() ?? 0) > LAST_USED_RESOLUTION_MS,
  };
}

export async function touchToken(database: D1Database, tokenId: string, now: number): Promise<void> {
  await connect(database)
    .update(apikey)
    .set({ lastRequest: new Date(now), requestCount: sql`${apikey.requestCount} + 1` })
    .where(eq(apikey.id, tokenId));
}

export async function insertToken(
  database: D1Database,
  actor: Actor,
  token: {
    readonly id: string;
    readonly hash: string;
    readonly prefix: string;
    readonly start: string;
    readonly name: string;
    readonly scopes: readonly Scope[];
    readonly projectId: string | null;
    readonly expiresAt: number | null;
    readonly createdAt: number;
  },
): Promise<void> {
  const metadata: TokenMetadata = { organizationId: actor.organizationId, projectId: token.projectId };
  await connect(database)
    .insert(apikey)
    .values({
      id: token.id,
      referenceId: actor.userId,
      key: token.hash,
      prefix: token.prefix,
      start: token.start,
      name: token.name,
      permissions: JSON.stringify(toPermissionTable(token.scopes)),
      metadata: JSON.stringify(metadata),
      rateLimitEnabled: false,
      expiresAt: token.expiresAt === null ? null : new Date(token.expiresAt),
      createdAt: new Date(token.createdAt),
      updatedAt: new Date(token.createdAt),
    });
}

/** The caller's own tokens in this organization; a token for one project sees those of that project only. */
export async function listTokens(database: D1Database, actor: Actor): Promise<TokenFacts[]> {
  const rows = await connect(database)
    .select()
    .from(apikey)
    .where(ownedBy(actor))
    .orderBy(desc(apikey.createdAt))
    .limit(MAX_TOKENS);
  return rows.map((row) => ({
    tokenId: row.id,
    name: row.name,
    start: row.start,
    scopes: fromPermissionTable(JSON.parse(row.permissions ?? "{}")),
    projectId: (JSON.parse(row.metadata ?? "{}") as TokenMetadata).projectId ?? null,
    createdAt: row.createdAt.getTime(),
    expiresAt: row.expiresAt?.getTime() ?? null,
    lastUsedAt: row.lastRequest?.getTime() ?? null,
  }));
}

/** Works at once: every request looks the token up. Whether there was such a token. */
export async function revokeToken(database: D1Database, actor: Actor, tokenId: string): Promise<boolean> {
  const removed = await connect(database)
    .delete(apikey)
    .where(and(ownedBy(actor), eq(apikey.id, tokenId)))
    .returning({ id: apikey.id });
  return removed.length > 0;
}

export async function describeActor(
  database: D1Database,
  actor: Actor,
): Promise<{ user: { id: string; name: string }; organization: { id: string; name: string } } | null> {
  const rows = await connect(database)
    .select({
      user: { id: user.id, name: user.name },
      organization: { id: organization.id, name: organization.name },
    })
    .from(user)
    .innerJoin(member, eq(member.userId, user.id))
    .innerJoin(organization, eq(organization.id, member.organizationId))
    .where(and(eq(user.id, actor.userId), eq(organization.id, actor.organizationId)))
    .limit(1);
  return rows[0] ?? null;
}

function ownedBy(actor: Actor) {
  return and(
    eq(apikey.referenceId, actor.userId),
    eq(sql`json_extract(${apikey.metadata}, '$.organizationId')`, actor.organizationId),
    actor.projectId === null
      ? undefined
      : eq(sql`json_extract(${apikey.metadata}, '$.projectId')`, actor.projectId),
  );
}
