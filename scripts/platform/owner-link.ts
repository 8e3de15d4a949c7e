// The one-time link by which a platform's first owner says who they are. Its hash goes into the database, itself only to
// the terminal and, on one's own machine, into a private file beside the token.
import { createHash, randomBytes } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { newId } from "../../adapters/random/new-id.ts";
import { ownerLinkIdentifier } from "../../schemas/owner-link.ts";
import { DATABASE, type StateFolder, writePrivate } from "./state-folder.ts";
import { runWrangler } from "./wrangler.ts";

const TOKEN_BYTES = 32;
const LIVES_MS = 24 * 3_600_000;
const ASK_TIMEOUT_MS = 10_000;
/** What the file says once the owner has come in. */
const USED = "used";

/** A new link's token: 256 random bits. */
export function newOwnerLinkToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

/**
 * The SQL that makes a link for the owner who was there first and has no password; for nobody when there is none such.
 * An older link of the same owner ends. Values are ids, hashes and numbers.
 */
export function ownerLinkStatement(token: string, now: number): string {
  const identifier = ownerLinkIdentifier(createHash("sha256").update(token).digest("hex"));
  return `DELETE FROM "verification" WHERE "identifier" LIKE '${ownerLinkIdentifier("%")}';
INSERT INTO "verification" ("id", "identifier", "value", "expiresAt", "createdAt", "updatedAt")
SELECT '${newId("verification")}', '${identifier}', "userId", ${now + LIVES_MS}, ${now}, ${now} FROM "member"
WHERE "role" = 'owner' AND NOT EXISTS (
  SELECT 1 FROM "account" WHERE "account"."userId" = "member"."userId" AND "providerId" = 'credential')
ORDER BY "createdAt", "id" LIMIT 1;`;
}

/** The SQL that makes an owner with an organization in a database that has no person yet. */
export function firstOwnerStatements(now: number): string {
  const [userId, organizationId, memberId] = [newId("user"), newId("organization"), newId("member")];
  return `INSERT INTO "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
SELECT '${userId}', 'Owner', '${userId}@localhost', 1, ${now}, ${now} WHERE NOT EXISTS (SELECT 1 FROM "user");
INSERT INTO "organization" ("id", "name", "slug", "createdAt")
SELECT '${organizationId}', 'Home', '${organizationId.replace("_", "-")}', ${now} FROM "user" WHERE "id" = '${userId}';
INSERT INTO "member" ("id", "organizationId", "userId", "role", "createdAt")
SELECT '${memberId}', '${organizationId}', "id", 'owner', ${now} FROM "user" WHERE "id" = '${userId}';`;
}

/** The address of a link's page. */
export function ownerLinkUrl(platformUrl: string, token: string): string {
  return new URL(`/welcome/${token}`, platformUrl).href;
}

/**
 * The link to print after a start: the one that waits in the state folder, or a new one when that has ended; null once
 * the owner has come in. The platform must be running.
 */
export async function waitingOwnerLink(state: StateFolder): Promise<string | null> {
  const kept = (await readFile(state.ownerLinkFile, "utf8").catch(() => "")).trim();
  if (kept === USED) return null;
  if (kept !== "" && (await isLinkOpen(ownerLinkUrl(state.url, kept)))) return ownerLinkUrl(state.url, kept);
  const token = newOwnerLinkToken();
  await executeLocally(state, ownerLinkStatement(token, Date.now()));
  const isOpen = await isLinkOpen(ownerLinkUrl(state.url, token));
  await writePrivate(state.ownerLinkFile, `${isOpen ? token : USED}\n`);
  return isOpen ? ownerLinkUrl(state.url, token) : null;
}

/** Whether the page of a link would let somebody in. */
export async function isLinkOpen(url: string): Promise<boolean> {
  const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
  await response.body?.cancel();
  return response.status === 200;
}

/** Runs SQL on the local database, by way of a private file that is gone afterwards. */
export async function executeLocally(state: StateFolder, statements: string): Promise<void> {
  const file = join(state.path, `statements-${randomBytes(6).toString("hex")}.sql`);
  await writePrivate(file, statements);
  try {
    const where = ["--local", `--persist-to=${state.path}`];
    await runWrangler(state, ["d1", "execute", DATABASE, ...where, `--file=${file}`, "--yes"]);
  } finally {
    await rm(file);
  }
}
