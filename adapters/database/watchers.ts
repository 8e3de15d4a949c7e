// Whether those who watch a project may still do so. Asked by the project object about its own watchers, so it takes the
// organization instead of an actor; the answer is about the logins that the object names, and nothing else is told.
import { CLOSE_NOT_ALLOWED, CLOSE_SIGN_IN_AGAIN } from "../../schemas/close-codes.ts";
import {
  fromPermissionTable,
  parseMemberRole,
  ROLE_PERMISSIONS,
  type Scope,
} from "../../schemas/permissions.ts";
import type { Login } from "./actor.ts";

/** By what a watcher came in: an actor's login, as far as it is kept. */
export type WatcherLogin = {
  readonly kind: Login["kind"];
  /** The token's or the session's. */
  readonly id: string;
};

export type WatcherRight =
  /** `until` in milliseconds since the epoch; null without an end. */
  | { readonly mayWatch: true; readonly until: number | null }
  | { readonly mayWatch: false; readonly code: typeof CLOSE_NOT_ALLOWED | typeof CLOSE_SIGN_IN_AGAIN };

/** How many logins one query takes; their ids travel as one JSON value. */
const MAX_LOGINS = 1_000;

type TokenRow = {
  readonly id: string;
  readonly expiresAt: number | null;
  readonly permissions: string | null;
  readonly projectId: string | null;
  readonly role: string | null;
};
type SessionRow = { readonly id: string; readonly expiresAt: number; readonly role: string | null };

/** What is watched, and by which permission: that of timelines when none is named. */
type Watched = {
  readonly organizationId: string;
  readonly projectId: string;
  readonly permission?: Scope;
};

/** The right of each of these logins to watch it, by the login's id. One round trip for every thousand of them. */
export async function readWatcherRights(
  database: D1Database,
  { organizationId, projectId, permission = "projects:read" }: Watched,
  logins: readonly WatcherLogin[],
  now: number,
): Promise<ReadonlyMap<string, WatcherRight>> {
  const rights = new Map<string, WatcherRight>();
  for (let first = 0; first < logins.length; first += MAX_LOGINS) {
    const some = logins.slice(first, first + MAX_LOGINS);
    const { tokens, sessions } = await readLogins(database, organizationId, some);
    for (const { kind, id } of some) {
      const right =
        kind === "token"
          ? judgeToken(tokens.get(id), { projectId, permission }, now)
          : judgeSession(sessions.get(id), permission, now);
      rights.set(id, right);
    }
  }
  return rights;
}

async function readLogins(database: D1Database, organizationId: string, logins: readonly WatcherLogin[]) {
  const idsOf = (isToken: boolean) =>
    JSON.stringify(logins.filter(({ kind }) => (kind === "token") === isToken).map(({ id }) => id));
  const [tokens, sessions] = await database.batch<TokenRow | SessionRow>([
    database
      .prepare(
        `SELECT k."id", k."expiresAt", k."permissions", json_extract(k."metadata", '$.projectId') AS "projectId", m."role"
         FROM "apikey" k LEFT JOIN "member" m ON m."userId" = k."referenceId" AND m."organizationId" = ?2
         WHERE k."id" IN (SELECT value FROM json_each(?1)) AND k."enabled"
           AND json_extract(k."metadata", '$.organizationId') = ?2`,
      )
      .bind(idsOf(true), organizationId),
    database
      .prepare(
        `SELECT s."id", s."expiresAt", m."role"
         FROM "session" s LEFT JOIN "member" m ON m."userId" = s."userId" AND m."organizationId" = ?2
         WHERE s."id" IN (SELECT value FROM json_each(?1))`,
      )
      .bind(idsOf(false), organizationId),
  ]);
  return {
    tokens: byId((tokens?.results ?? []) as TokenRow[]),
    sessions: byId((sessions?.results ?? []) as SessionRow[]),
  };
}

function judgeToken(
  row: TokenRow | undefined,
  { projectId, permission }: { readonly projectId: string; readonly permission: Scope },
  now: number,
): WatcherRight {
  if (row === undefined || isOver(row.expiresAt, now)) return refuse(CLOSE_SIGN_IN_AGAIN);
  const isScoped = fromPermissionTable(JSON.parse(row.permissions ?? "{}")).includes(permission);
  const isOfProject = row.projectId === null || row.projectId === projectId;
  if (!isScoped || !isOfProject || !roleAllows(row.role, permission)) return refuse(CLOSE_NOT_ALLOWED);
  return { mayWatch: true, until: row.expiresAt };
}

function judgeSession(row: SessionRow | undefined, permission: Scope, now: number): WatcherRight {
  if (row === undefined || isOver(row.expiresAt, now)) return refuse(CLOSE_SIGN_IN_AGAIN);
  return roleAllows(row.role, permission)
    ? { mayWatch: true, until: row.expiresAt }
    : refuse(CLOSE_NOT_ALLOWED);
}

function roleAllows(text: string | null, permission: Scope): boolean {
  const role = parseMemberRole(text ?? "");
  return role !== null && ROLE_PERMISSIONS[role].has(permission);
}

function isOver(expiresAt: number | null, now: number): boolean {
  return expiresAt !== null && expiresAt <= now;
}

function refuse(code: typeof CLOSE_NOT_ALLOWED | typeof CLOSE_SIGN_IN_AGAIN): WatcherRight {
  return { mayWatch: false, code };
}

function byId<Row extends { readonly id: string }>(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}
