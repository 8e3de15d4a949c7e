// Streams that the edge itself writes look again before they write.
import type { Actor } from "../../adapters/database/actor.ts";
import { readWatcherRights } from "../../adapters/database/watchers.ts";
import type { Scope } from "../../schemas/permissions.ts";

/** Whether the actor's login still has this permission in a project of their organization. One query. */
export async function isStillAllowed(
  env: Pick<Cloudflare.Env, "DB">,
  { organizationId, login }: Actor,
  projectId: string,
  permission: Scope,
): Promise<boolean> {
  const watched = { organizationId, projectId, permission };
  const rights = await readWatcherRights(env.DB, watched, [login], Date.now());
  return rights.get(login.id)?.mayWatch === true;
}
