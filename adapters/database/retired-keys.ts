// Keys that an organization rotated out or revoked everywhere.
import { and, eq, inArray } from "drizzle-orm";
import { retiredKeys } from "../../schemas/database/keys.ts";
import type { Actor } from "./actor.ts";
import { connect } from "./connection.ts";

export type RetiredKey = typeof retiredKeys.$inferSelect;

/** At most 100 bound parameters a statement in D1. */
const KEYS_PER_QUERY = 90;

export async function findRetiredKey(
  database: D1Database,
  actor: Pick<Actor, "organizationId">,
  keyId: string,
): Promise<RetiredKey | null> {
  return (await findRetiredKeys(database, actor, [keyId])).get(keyId) ?? null;
}

/** By key id. */
export async function findRetiredKeys(
  database: D1Database,
  actor: Pick<Actor, "organizationId">,
  keyIds: readonly string[],
): Promise<Map<string, RetiredKey>> {
  const found = new Map<string, RetiredKey>();
  for (let start = 0; start < keyIds.length; start += KEYS_PER_QUERY) {
    const rows = await connect(database)
      .select()
      .from(retiredKeys)
      .where(
        and(
          eq(retiredKeys.orgId, actor.organizationId),
          inArray(retiredKeys.keyId, keyIds.slice(start, start + KEYS_PER_QUERY)),
        ),
      );
    for (const row of rows) found.set(row.keyId, row);
  }
  return found;
}

/** Whether the key was still in use: of two rotations at once, one is the first. */
export async function insertRetiredKey(
  database: D1Database,
  actor: Actor,
  key: Omit<RetiredKey, "orgId" | "retiredBy">,
): Promise<boolean> {
  const rows = await connect(database)
    .insert(retiredKeys)
    .values({ ...key, orgId: actor.organizationId, retiredBy: actor.userId })
    .onConflictDoNothing()
    .returning({ keyId: retiredKeys.keyId });
  return rows.length > 0;
}

/** A retired key turns out to be worse than it was thought. */
export async function updateRetiredKey(
  database: D1Database,
  actor: Actor,
  key: Pick<RetiredKey, "keyId" | "kind" | "compromisedSince" | "reason">,
): Promise<void> {
  const { keyId, ...changes } = key;
  await connect(database)
    .update(retiredKeys)
    .set({ ...changes, retiredBy: actor.userId })
    .where(and(eq(retiredKeys.orgId, actor.organizationId), eq(retiredKeys.keyId, keyId)));
}
