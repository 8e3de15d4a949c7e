// Tokens at the door: who asks, and whether the token allows it.
import type { Context, MiddlewareHandler } from "hono";
import type { Actor } from "../../adapters/database/actor.ts";
import { findTokenActor, touchToken } from "../../adapters/database/tokens.ts";
import { workerdHashing } from "../../adapters/hashing/workerd-hashing.ts";
import type { Scope } from "../../schemas/scopes.ts";
import type { ApiEnv } from "../api/api-app.ts";
import { AppError } from "../api/app-error.ts";
import { hashToken, isWellFormedToken } from "./token-format.ts";

const CHALLENGE = { "www-authenticate": 'Bearer realm="oursynth"' };

/** Sets `actor`, or answers 401 with what is wrong with the token. */
export const authenticate: MiddlewareHandler<ApiEnv> = async (context, next) => {
  context.set("actor", await findActor(context));
  await next();
};

/** Throws 403 naming the scope that is missing. */
export function requireScope(actor: Actor, scope: Scope): void {
  if (actor.scopes.has(scope)) return;
  throw new AppError(
    "forbidden",
    `This token lacks the scope ${scope}; make one with it: oursynth tokens create.`,
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
