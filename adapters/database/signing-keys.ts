// Public signing keys that an organization has registered.
import { and, desc, eq } from "drizzle-orm";
import { signingKeys } from "../../schemas/database/platform.ts";
import type { Actor } from "./actor.ts";
import { connect } from "./connection.ts";

export type SigningKey = typeof signingKeys.$inferSelect;

const MAX_KEYS = 500;

/** Registering a key again renames it. */
export async function registerSigningKey(
  database: D1Database,
  actor: Actor,
  key: {
    readonly keyId: string;
    readonly publicKey: string;
    readonly name: string;
    readonly createdAt: number;
  },
): Promise<void> {
  await connect(database)
    .insert(signingKeys)
    .values({ ...key, orgId: actor.organizationId, createdBy: actor.userId })
    .onConflictDoUpdate({ target: [signingKeys.orgId, signingKeys.keyId], set: { name: key.name } });
}

export async function findSigningKey(
  database: D1Database,
  actor: Actor,
  keyId: string,
): Promise<SigningKey | null> {
  const rows = await connect(database)
    .select()
    .from(signingKeys)
    .where(and(eq(signingKeys.orgId, actor.organizationId), eq(signingKeys.keyId, keyId)));
  return rows[0] ?? null;
}

export async function listSigningKeys(database: D1Database, actor: Actor): Promise<SigningKey[]> {
  return await connect(database)
    .select()
    .from(signingKeys)
    .where(eq(signingKeys.orgId, actor.organizationId))
    .orderBy(desc(signingKeys.createdAt))
    .limit(MAX_KEYS);
}

/** Whether there was such a key. */
export async function removeSigningKey(database: D1Database, actor: Actor, keyId: string): Promise<boolean> {
  const removed = await connect(database)
    .delete(signingKeys)
    .where(and(eq(signingKeys.orgId, actor.organizationId), eq(signingKeys.keyId, keyId)))
    .returning({ keyId: signingKeys.keyId });
  return removed.length > 0;
}
