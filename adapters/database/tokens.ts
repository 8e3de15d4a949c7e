// API tokens in better-auth's `apikey` table.
import { and, desc, eq, getTableColumns, lt, sql } from "drizzle-orm";
import { apikey, member, organization, user } from "../../schemas/database/accounts.ts";
import { ORGANIZATION_LIMITS } from "../../schemas/organization-limits.ts";
import {
  fromPermissionTable,
  parseMemberRole,
  ROLE_PERMISSIONS,
  type Scope,
  toPermissionTable,
} from "../../schemas/permissions.ts";
import type { Actor } from "./actor.ts";
import { connect, runTogether } from "./connection.ts";

export type TokenFacts = {
  readonly tokenId: string;
  readonly name: string | null;
  readonly start: string | null;
  readonly scopes: Scope[];
  readonly projectId: string | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  /** Who made it, and for whom it speaks. */
  readonly owner: { readonly userId: string; readonly name: string };
};

/** Whose tokens: the caller's own, or (for who manages members) everybody's in the organization. */
export type TokenHolders = "mine" | "all";

/** Where a token is good for; kept in the key's `metadata`. */
type TokenMetadata = { readonly organizationId: string; readonly projectId: string | null };

/** Expired tokens stay on the list so long, so that one sees why something stopped. */
const KEEP_EXPIRED_MS = 30 * 86_400_000;
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
  const [row] = await tokenQuery(database).all({ tokenHash });
  const role = parseMemberRole(row?.role ?? "");
  if (row === undefined || role === null) return null;
  const metadata: TokenMetadata = JSON.parse(row.metadata ?? "{}");
  return {
    actor: {
      organizationId: metadata.organizationId,
      userId: row.userId,
      ref: { kind: "token", id: row.id },
      role,
      permissions: new Set(
        fromPermissionTable(JSON.parse(row.permissions ?? "{}")).filter((scope) =>
          ROLE_PERMISSIONS[role].has(scope),
        ),
      ),
      projectId: metadata.projectId,
      login: { kind: "token", id: row.id, expiresAt: row.expiresAt?.getTime() ?? null },
    },
    isExpired: row.expiresAt !== null && row.expiresAt.getTime() <= now,
    isStale: now - (row.lastRequest?.getTime() ?? 0) > LAST_USED_RESOLUTION_MS,
  };
}

const tokenQueries = new WeakMap<D1Database, ReturnType<typeof prepareTokenQuery>>();

/** Every request asks this: its SQL is written once for each isolate. */
function tokenQuery(database: D1Database): ReturnType<typeof prepareTokenQuery> {
  const query = tokenQueries.get(database) ?? prepareTokenQuery(database);
  tokenQueries.set(database, query);
  return query;
}

function prepareTokenQuery(database: D1Database) {
  const { id, referenceId, permissions, metadata, expiresAt, lastRequest } = apikey;
  return connect(database)
    .select({ id, userId: referenceId, permissions, metadata, expiresAt, lastRequest, role: member.role })
    .from(apikey)
    .innerJoin(
      member,
      and(
        eq(member.userId, referenceId),
        eq(member.organizationId, sql`json_extract(${metadata}, '$.organizationId')`),
      ),
    )
    .where(and(eq(apikey.key, sql.placeholder("tokenHash")), eq(apikey.enabled, true)))
    .limit(1)
    .prepare();
}

export async function touchToken(database: D1Database, tokenId: string, now: number): Promise<void> {
  await connect(database)
    .update(apikey)
    .set({ lastRequest: new Date(now), requestCount: sql`${apikey.requestCount} + 1` })
    .where(eq(apikey.id, tokenId));
}

/** False when the actor, or the organization, has as many tokens as it may have. */
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
): Promise<boolean> {
  const { organizationId, userId } = actor;
  const { id, hash, prefix, start, name, projectId, expiresAt, createdAt } = token;
  const metadata: TokenMetadata = { organizationId, projectId };
  const permissions = JSON.stringify(toPermissionTable(token.scopes));
  const count = (holders: TokenHolders) =>
    sql`(SELECT COUNT(*) FROM ${apikey} INNER JOIN ${member} ON ${member.userId} = ${apikey.referenceId}
      AND ${member.organizationId} = ${organizationId} WHERE ${heldBy(actor, holders)})`;
  const [, inserted = 0] = await runTogether(database, [
    connect(database)
      .delete(apikey)
      .where(and(heldBy(actor, "mine"), lt(apikey.expiresAt, new Date(createdAt - KEEP_EXPIRED_MS)))),
    sql`INSERT INTO ${apikey}
      ("id", "configId", "referenceId", "key", "prefix", "start", "name", "permissions", "metadata", "enabled",
       "rateLimitEnabled", "expiresAt", "createdAt", "updatedAt")
      SELECT ${id}, 'default', ${userId}, ${hash}, ${prefix}, ${start}, ${name}, ${permissions},
        ${JSON.stringify(metadata)}, 1, 0, ${expiresAt}, ${createdAt}, ${createdAt}
      WHERE ${count("mine")} < ${ORGANIZATION_LIMITS.tokensPerMember} AND ${count("all")} < ${ORGANIZATION_LIMITS.tokens}`,
  ]);
  return inserted > 0;
}

/**
 * Tokens of the actor's organization, the newest first; a token for one project sees those of that project only. At most
 * as many as an organization may have.
 */
export async function listTokens(
  database: D1Database,
  actor: Actor,
  holders: TokenHolders,
): Promise<TokenFacts[]> {
  // By its members, because a token's own row is found by its person and not by the organization.
  const rows = await connect(database)
    .select({ ...getTableColumns(apikey), owner: { userId: user.id, name: user.name } })
    .from(member)
    .innerJoin(apikey, eq(apikey.referenceId, member.userId))
    .innerJoin(user, eq(user.id, member.userId))
    .where(and(eq(member.organizationId, actor.organizationId), heldBy(actor, holders), ofOwnProject(actor)))
    .orderBy(desc(apikey.createdAt), desc(apikey.id))
    .limit(ORGANIZATION_LIMITS.tokens);
  return rows.map((row) => ({
    tokenId: row.id,
    name: row.name,
    start: row.start,
    scopes: fromPermissionTable(JSON.parse(row.permissions ?? "{}")),
    projectId: (JSON.parse(row.metadata ?? "{}") as TokenMetadata).projectId ?? null,
    createdAt: row.createdAt.getTime(),
    expiresAt: row.expiresAt?.getTime() ?? null,
    lastUsedAt: row.lastRequest?.getTime() ?? null,
    owner: row.owner,
  }));
}

/** Works at once: every request looks the token up. Whether there was such a token. */
export async function revokeToken(
  database: D1Database,
  actor: Actor,
  tokenId: string,
  holders: TokenHolders,
): Promise<boolean> {
  const removed = await connect(database)
    .delete(apikey)
    .where(and(heldBy(actor, holders), ofOwnProject(actor), eq(apikey.id, tokenId)))
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

function heldBy({ organizationId, userId }: Actor, holders: TokenHolders) {
  return and(
    eq(sql`json_extract(${apikey.metadata}, '$.organizationId')`, organizationId),
    holders === "mine" ? eq(apikey.referenceId, userId) : undefined,
  );
}

function ofOwnProject({ projectId }: Actor) {
  return projectId === null ? undefined : eq(sql`json_extract(${apikey.metadata}, '$.projectId')`, projectId);
}
