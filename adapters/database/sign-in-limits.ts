// How often somebody has tried, in D1, so that every isolate everywhere counts the same attempts.
import { inArray, lt, lte, sql } from "drizzle-orm";
import { signInLimit } from "../../schemas/database/identity.ts";
import { connect } from "./connection.ts";

export type Attempts = { readonly key: string; readonly count: number; readonly windowEndsAt: number };

/**
 * Counts one more attempt on each key and tells how many there are in its window. One transaction, before the attempt is
 * looked at: many guesses at once cannot all see a low count.
 */
export async function countAttempts(
  database: D1Database,
  keys: readonly { readonly key: string; readonly windowMs: number }[],
  now: number,
): Promise<Attempts[]> {
  const connection = connect(database);
  const hasEnded = lte(signInLimit.windowEndsAt, now);
  const counted = keys.map(({ key, windowMs }) =>
    connection
      .insert(signInLimit)
      .values({ key, count: 1, windowEndsAt: now + windowMs })
      .onConflictDoUpdate({
        target: signInLimit.key,
        set: {
          count: sql`CASE WHEN ${hasEnded} THEN 1 ELSE ${signInLimit.count} + 1 END`,
          windowEndsAt: sql`CASE WHEN ${hasEnded} THEN ${now + windowMs} ELSE ${signInLimit.windowEndsAt} END`,
        },
      })
      .returning(),
  );
  const forgotten = connection.delete(signInLimit).where(lt(signInLimit.windowEndsAt, now)).returning();
  const [, ...rows] = await connection.batch([forgotten, ...counted]);
  return rows.flat();
}

/** Takes the last attempt on each key back: it was a good one. */
export async function forgiveAttempt(database: D1Database, keys: readonly string[]): Promise<void> {
  await connect(database)
    .update(signInLimit)
    .set({ count: sql`max(0, ${signInLimit.count} - 1)` })
    .where(inArray(signInLimit.key, [...keys]));
}

/** Forgets all attempts on a key: the person proved who they are. */
export async function forgetAttempts(database: D1Database, key: string): Promise<void> {
  await connect(database)
    .delete(signInLimit)
    .where(inArray(signInLimit.key, [key]));
}
