// Who asks: a token, a browser's session cookie, or the login that `oursynth login` keeps. One query each.
import type { MiddlewareHandler } from "hono";
import type { Actor } from "../../adapters/database/actor.ts";
import {
  extendSession,
  type FoundSession,
  findSession,
  insertOwnOrganization,
  type SessionKind,
} from "../../adapters/database/sessions.ts";
import { findTokenActor, touchToken } from "../../adapters/database/tokens.ts";
import { workerdHashing } from "../../adapters/hashing/workerd-hashing.ts";
import { newId } from "../../adapters/random/new-id.ts";
import {
  ALL_SCOPES,
  DEVICE_PERMISSIONS,
  type MemberRole,
  type Permission,
  ROLE_PERMISSIONS,
  rolesWith,
} from "../../schemas/permissions.ts";
import type { ApiEnv } from "../api/api-app.ts";
import { AppError } from "../api/app-error.ts";
import type { Door } from "../api/door.ts";
import { requireSameOrigin } from "./same-origin.ts";
import { DEVICE_PREFIX, readDeviceCredential, readSessionCookie } from "./session-credential.ts";
import { extendedExpiry } from "./session-lifetime.ts";
import { sessionSecret } from "./session-secret.ts";
import { hashToken, isWellFormedToken } from "./token-format.ts";

const CHALLENGE = { "www-authenticate": 'Bearer realm="oursynth"' };

/** One request at the door. */
type RequestDoor = Omit<Door, "req"> & { readonly request: Request };

/** Sets `actor`, or answers 401 with what is wrong with the token or the session. */
export const authenticate: MiddlewareHandler<ApiEnv> = async (context, next) => {
  const { env, executionCtx } = context;
  context.set("actor", await findActor({ request: context.req.raw, env, executionCtx }));
  await next();
};

/** Throws 403 naming the permission that is missing, and who can give it. */
export function requirePermission(actor: Actor, permission: Permission): void {
  if (actor.permissions.has(permission)) return;
  const members = { permission, allowedRoles: rolesWith(permission) };
  throw new AppError("forbidden", describeMissing(actor, permission), { members });
}

function describeMissing({ role, login }: Actor, permission: Permission): string {
  if (!ROLE_PERMISSIONS[role].has(permission)) {
    return `Your role in this organization, ${role}, may not do that (${permission}); an owner or an admin can change it.`;
  }
  if (!DEVICE_PERMISSIONS.includes(permission)) {
    return `Only a person in a signed-in browser may do that (${permission}).`;
  }
  if (login.kind === "token" && !ALL_SCOPES.some((scope) => scope === permission)) {
    return `No token can hold ${permission}: sign in, in a browser or with oursynth login.`;
  }
  return `This token lacks the scope ${permission}; make one with it: oursynth tokens create.`;
}

/** Who sent a request: throws 401 when nobody we know, 403 when a cookie rides on a stranger's page. */
export async function findActor(door: RequestDoor): Promise<Actor> {
  const header = door.request.headers.get("authorization");
  if (header === null) return await findCookieActor(door);
  const [scheme, credential, ...rest] = header.split(" ");
  if (scheme?.toLowerCase() !== "bearer" || credential === undefined || rest.length > 0) {
    throw refuse("The Authorization header must be: Bearer osk_….");
  }
  return credential.startsWith(DEVICE_PREFIX)
    ? await findDeviceActor(door, credential)
    : await findBearerActor(door, credential);
}

async function findBearerActor({ env, executionCtx }: RequestDoor, token: string): Promise<Actor> {
  if (!isWellFormedToken(token, workerdHashing.crc32)) {
    throw refuse("That is not a token of this platform: its form or its checksum is wrong. Copy it whole.");
  }
  const now = Date.now();
  const found = await findTokenActor(env.DB, await hashToken(token), now);
  if (found === null) throw refuse("That token is unknown or was revoked; make a new one.");
  if (found.isExpired) throw refuse("That token has expired; make a new one.");
  if (found.isStale) executionCtx.waitUntil(touchToken(env.DB, found.actor.ref.id, now));
  return found.actor;
}

async function findDeviceActor(door: RequestDoor, credential: string): Promise<Actor> {
  const token = await readDeviceCredential(credential, await sessionSecret(door.env));
  const actor = token === null ? null : await findSessionActor(door, token, "device");
  if (actor === null) throw refuse("That login has ended or was revoked: oursynth login.");
  return actor;
}

async function findCookieActor(door: RequestDoor): Promise<Actor> {
  const { request, env } = door;
  const token = await readSessionCookie(request.headers.get("cookie") ?? "", await sessionSecret(env));
  if (token === null) throw refuse("Send a token (Authorization: Bearer osk_…), or sign in at /sign-in.");
  requireSameOrigin(request);
  const actor = await findSessionActor(door, token, "browser");
  if (actor === null) throw refuse("Your session has ended: sign in again at /sign-in.");
  return actor;
}

/** A session speaks only by the way it was made for: a device's login in a cookie opens nothing. */
async function findSessionActor(
  { env, executionCtx }: RequestDoor,
  token: string,
  kind: SessionKind,
): Promise<Actor | null> {
  const now = Date.now();
  const session = await findSession(env.DB, token, now);
  if (session === null || session.kind !== kind) return null;
  const expiresAt = extendedExpiry(session, now);
  if (expiresAt !== null) {
    executionCtx.waitUntil(extendSession(env.DB, session.id, { now, expiresAt }));
  }
  const member = session.member ?? (await giveOwnOrganization(env.DB, session, token, now));
  if (member === null) {
    throw new AppError("forbidden", "Your role is one that this platform does not know; ask an owner.");
  }
  const { organizationId, role } = member;
  return {
    organizationId,
    userId: session.userId,
    role,
    ref: { kind: "user", id: session.userId },
    permissions: sessionPermissions(role, kind),
    projectId: null,
    login: {
      kind: kind === "device" ? "device" : "session",
      id: session.id,
      signedInAt: session.signedInAt,
    },
  };
}

/** Who was removed from their last organization has one of their own, as at the first sign-in; null with an unknown role. */
async function giveOwnOrganization(
  database: D1Database,
  { userId }: FoundSession,
  token: string,
  now: number,
): Promise<FoundSession["member"]> {
  const ids = { organizationId: newId("organization"), memberId: newId("member") };
  await insertOwnOrganization(database, { ...ids, userId, now });
  return (await findSession(database, token, now))?.member ?? null;
}

/** What a session may do by a role. */
export function sessionPermissions(role: MemberRole, kind: SessionKind): ReadonlySet<Permission> {
  if (kind === "browser") return ROLE_PERMISSIONS[role];
  return new Set(DEVICE_PERMISSIONS.filter((permission) => ROLE_PERMISSIONS[role].has(permission)));
}

function refuse(detail: string): AppError {
  return new AppError("unauthenticated", detail, { headers: CHALLENGE });
}
