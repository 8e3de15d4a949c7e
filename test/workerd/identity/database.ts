// The migrated database of these tests.
import { env } from "cloudflare:workers";

type TestEnv = { readonly DB: D1Database; readonly TEST_MIGRATIONS: readonly string[] };

let isMigrated = false;

export async function openDatabase(): Promise<D1Database> {
  const { DB, TEST_MIGRATIONS } = env as unknown as TestEnv;
  if (!isMigrated) await DB.batch(TEST_MIGRATIONS.map((statement) => DB.prepare(statement)));
  isMigrated = true;
  return DB;
}
