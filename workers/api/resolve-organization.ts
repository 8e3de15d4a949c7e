// From the organization that a caller names to the actor who acts in it. One that the caller is not in is not there (404).
import type { Context } from "hono";
import type { Actor } from "../../adapters/database/actor.ts";
import { findMembership, type Membership } from "../../adapters/database/organizations.ts";
import type { Permission } from "../../schemas/permissions.ts";
import { requirePermission, sessionPermissions } from "../identity/authenticate.ts";
import type { ApiEnv } from "./api-app.ts";
import { AppError } from "./app-error.ts";

export type ResolvedOrganization = { readonly membership: Membership; readonly actor: Actor };

/**
 * The caller as a member of this organization, after checking the permission there. A person may name any of theirs,
 * whichever their session is turned to; a token only its own.
 */
export async function resolveOrganization(
  context: Context<ApiEnv>,
  idOrSlug: string,
  permission: Permission,
): Promise<ResolvedOrganization> {
  const caller = context.get("actor");
  const membership = await findMembership(context.env.DB, caller, idOrSlug);
  if (membership === null) {
    throw new AppError(
      "not-found",
      `You are in no organization ${idOrSlug}; GET /api/organizations lists yours.`,
    );
  }
  const actor = actIn(caller, membership);
  requirePermission(actor, permission);
  return { membership, actor };
}

/** Throws for a token: what a person must answer for, they do themselves. */
export function requirePerson(actor: Actor): void {
  if (actor.login.kind !== "token") return;
  throw new AppError(
    "forbidden",
    "Sign in for this, in a browser or with oursynth login: a token cannot do it.",
  );
}

/** Permissions of a session come from the role, so they are that organization's; a token keeps its own. */
function actIn(caller: Actor, { organizationId, role }: Membership): Actor {
  if (organizationId === caller.organizationId) return caller;
  const permissions = sessionPermissions(role, caller.login.kind === "session" ? "browser" : "device");
  return { ...caller, organizationId, role, permissions };
}
