// The migrated database of these tests; each test file has one of its own.
import { env } from "cloudflare:workers";

type TestEnv = { readonly DB: D1Database; readonly TEST_MIGRATIONS: readonly string[] };

let isMigrated = false;

/** Migrated when it is opened for the first time, by what the project binds (workerd-project.ts). */
export async function openDatabase(): Promise<D1Database> {
  const { DB, TEST_MIGRATIONS } = env as unknown as TestEnv;
  if (!isMigrated) await DB.batch(TEST_MIGRATIONS.map((statement) => DB.prepare(statement)));
  isMigrated = true;
  return DB;
}
