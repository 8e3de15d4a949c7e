// Tells the project objects of an organization to look their watchers up again. It hurries what each object does by itself
// at least every minute: a call that fails, or a worker that is killed half way, leaves nothing behind that must be mended.
import type { Actor } from "../../adapters/database/actor.ts";
import { listProjectIds } from "../../adapters/database/organization-projects.ts";
import { listMemberships } from "../../adapters/database/organizations.ts";

const PAGE_PROJECTS = 200;
/** Beyond so many the objects' own look must do. */
const MAX_PROJECTS = 2_000;
/** As many connections as a request may hold open. */
const CALLS_AT_ONCE = 6;
/** A request waits no longer than this for it; the rest goes on behind its answer. */
const MAX_WAIT_MS = 3_000;

type Platform = Pick<Cloudflare.Env, "DB" | "PROJECTS">;

/**
 * Call it after any change that takes a right away: a role, a membership, a token, a session. When it returns, sockets and
 * streams that lost their right are closed, unless there were too many objects to reach in time.
 */
export async function recheckWatchers(
  env: Platform,
  context: Pick<ExecutionContext, "waitUntil">,
  organizationId: string,
): Promise<void> {
  const work = tellAll(env, organizationId);
  context.waitUntil(work);
  await Promise.race([work, new Promise<void>((resolve) => setTimeout(resolve, MAX_WAIT_MS))]);
}

/** The same in every organization of the actor: for a session that has ended. */
export async function recheckEverywhere(
  env: Platform,
  context: Pick<ExecutionContext, "waitUntil">,
  actor: Actor,
): Promise<void> {
  const memberships = await listMemberships(env.DB, actor);
  await Promise.all(memberships.map(({ organizationId }) => recheckWatchers(env, context, organizationId)));
}

async function tellAll(env: Platform, organizationId: string): Promise<void> {
  let after = "";
  for (let told = 0; told < MAX_PROJECTS; told += PAGE_PROJECTS) {
    const ids = await listProjectIds(env.DB, organizationId, { after, limit: PAGE_PROJECTS });
    await Promise.all(
      Array.from({ length: CALLS_AT_ONCE }, (_, lane) =>
        tellInTurn(
          env,
          ids.filter((_id, index) => index % CALLS_AT_ONCE === lane),
        ),
      ),
    );
    after = ids.at(-1) ?? "";
    if (ids.length < PAGE_PROJECTS) return;
  }
}

async function tellInTurn(env: Platform, projectIds: readonly string[]): Promise<void> {
  for (const projectId of projectIds) {
    try {
      await env.PROJECTS.getByName(projectId).recheckWatchers();
    } catch (error) {
      console.error(`project ${projectId}: its watchers are looked up later`, error);
    }
  }
}
