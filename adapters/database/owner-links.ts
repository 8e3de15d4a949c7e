// The one-time link of a platform's first owner, kept as a hash in better-auth's `verification` table.
// scripts/platform/owner-link.ts writes it; it opens an owner's account that has no password yet, once.
import { ownerLinkIdentifier } from "../../schemas/owner-link.ts";

/** Not expired, and the owner has no password yet: a link that leaks later opens nothing. ?1 identifier, ?2 now. */
const OPEN_LINK = `FROM "verification" WHERE "identifier" = ?1 AND "expiresAt" > ?2
  AND NOT EXISTS (SELECT 1 FROM "account" WHERE "userId" = "verification"."value" AND "providerId" = 'credential')`;

/** Whether a link opens something: not when it was used, has expired, or never was. */
export async function isOwnerLinkOpen(
  database: D1Database,
  tokenHash: string,
  now: number,
): Promise<boolean> {
  const found = await database
    .prepare(`SELECT 1 ${OPEN_LINK}`)
    .bind(ownerLinkIdentifier(tokenHash), now)
    .first();
  return found !== null;
}

export type OwnerClaim = {
  readonly tokenHash: string;
  readonly name: string;
  readonly email: string;
  /** As better-auth hashes it. */
  readonly passwordHash: string;
  readonly accountId: string;
  readonly now: number;
};

/**
 * Gives the owner their name, address and password, and burns the link: one transaction, so of two who come at once one
 * is too late. `email-taken` leaves the link as it was.
 */
export async function claimOwner(
  database: D1Database,
  { tokenHash, name, email, passwordHash, accountId, now }: OwnerClaim,
): Promise<"claimed" | "link-gone" | "email-taken"> {
  const identifier = ownerLinkIdentifier(tokenHash);
  try {
    const [, claimed] = await database.batch([
      database
        .prepare(
          `UPDATE "user" SET "name" = ?3, "email" = ?4, "emailVerified" = 1, "updatedAt" = ?2
           WHERE "id" = (SELECT "value" ${OPEN_LINK})`,
        )
        .bind(identifier, now, name, email),
      database
        .prepare(
          `INSERT INTO "account" ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
           SELECT ?3, "value", 'credential', "value", ?4, ?2, ?2 ${OPEN_LINK}`,
        )
        .bind(identifier, now, accountId, passwordHash),
      database.prepare(`DELETE FROM "verification" WHERE "identifier" = ?1`).bind(identifier),
    ]);
    return claimed?.meta.changes === 1 ? "claimed" : "link-gone";
  } catch (error) {
    if (error instanceof Error && error.message.includes("UNIQUE constraint failed: user.email"))
      return "email-taken";
    throw error;
  }
}
