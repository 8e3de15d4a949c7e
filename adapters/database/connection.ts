// Drizzle over D1.
import type { SQL, SQLWrapper } from "drizzle-orm";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { SQLiteAsyncDialect } from "drizzle-orm/sqlite-core";

export type Database = DrizzleD1Database;

const dialect = new SQLiteAsyncDialect();

export function connect(database: D1Database): Database {
  return drizzle(database);
}

/**
 * Several statements as one transaction, written by hand (`INSERT … SELECT`) or built. Drizzle's own batch cannot bind the
 * parameters of one written by hand. How many rows each has changed.
 */
export async function runTogether(
  database: D1Database,
  statements: readonly SQLWrapper[],
): Promise<number[]> {
  const prepared = statements.map((statement) => {
    const { sql, params } = dialect.sqlToQuery(statement.getSQL() as SQL);
    return database.prepare(sql).bind(...params);
  });
  const results = await database.batch(prepared);
  return results.map(({ meta }) => meta.changes);
}
