// Drizzle over D1.
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";

export type Database = DrizzleD1Database;

export function connect(database: D1Database): Database {
  return drizzle(database);
}
