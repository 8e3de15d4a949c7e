// Tokens at the door: who asks, and whether the token allows it.
import type { Context, MiddlewareHandler } from "hono";
import type { Actor } from "../../adapters/database/actor.ts";
import { findTokenActor, touchToken } from "../../adapters/database/tokens.ts";
import { workerdHashing } from "../../adapters/hashing/workerd-hashing.ts";
import { type Permission, ROLE_PERMISSIONS } from "../../schemas/permissions.ts";
import type { ApiEnv } from "../api/api-app.ts";
import { AppError } from "../api/app-error.ts";
import { hashToken, isWellFormedToken } from "./token-format.ts";

const CHALLENGE = { "www-authenticate": 'Bearer realm="oursynth"' };

/** Sets `actor`, or answers 401 with what is wrong with the token. */
export const authenticate: MiddlewareHandler<ApiEnv> = async (context, next) => {
  context.set("actor", await findActor(context));
  await next();
};

/** Throws 403 naming the permission that is missing, and who can give it. */
export function requirePermission(actor: Actor, permission: Permission): void {
  if (actor.permissions.has(permission)) return;
  throw new AppError(
    "forbidden",
    ROLE_PERMISSIONS[actor.role].has(permission)
      ? `This token lacks the scope ${permission}; make one with it: oursynth tokens create.`
      : `Your role in this organization, ${actor.role}, may not do that (${permission}); an owner or an admin can change it.`,
  );
}

async function findActor(context: Context<ApiEnv>): Promise<Actor> {
  const header = context.req.header("authorization");
  if (header === undefined) throw refuse("Send a token: Authorization: Bearer osk_….");
  const [scheme, token, ...rest] = header.split(" ");
  if (scheme?.toLowerCase() !== "bearer" || token === undefined || rest.length > 0) {
    throw refuse("The Authorization header must be: Bearer osk_….");
  }
  if (!isWellFormedToken(token, workerdHashing.crc32)) {
    throw refuse("That is not a token of this platform: its form or its checksum is wrong. Copy it whole.");
  }
  const now = Date.now();
  const found = await findTokenActor(context.env.DB, await hashToken(token), now);
  if (found === null) throw refuse("That token is unknown or was revoked; make a new one.");
  if (found.isExpired) throw refuse("That token has expired; make a new one.");
  if (found.isStale) context.executionCtx.waitUntil(touchToken(context.env.DB, found.actor.ref.id, now));
  return found.actor;
}

function refuse(detail: string): AppError {
  return new AppError("unauthenticated", detail, { headers: CHALLENGE });
}
