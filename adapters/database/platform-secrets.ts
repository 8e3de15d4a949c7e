// The platform's own sealed secrets, one a purpose.
import { eq } from "drizzle-orm";
import { platformSecrets } from "../../schemas/database/secrets.ts";
import { connect } from "./connection.ts";

export async function findPlatformSecret(database: D1Database, name: string): Promise<string | null> {
  const rows = await connect(database)
    .select({ sealed: platformSecrets.sealed })
    .from(platformSecrets)
    .where(eq(platformSecrets.name, name))
    .limit(1);
  return rows[0]?.sealed ?? null;
}

/** The first to write one wins. */
export async function addPlatformSecret(database: D1Database, name: string, sealed: string): Promise<void> {
  await connect(database).insert(platformSecrets).values({ name, sealed }).onConflictDoNothing();
}
