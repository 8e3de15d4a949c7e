// The first start: migrations, and the first owner with a token that is shown by its file only and a link that is printed.
// It writes straight into the local database, so that the platform has no route that could make an owner.
import { createHash, webcrypto } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { newId } from "../../adapters/random/new-id.ts";
import { ALL_SCOPES, toPermissionTable } from "../../schemas/permissions.ts";
import {
  hashToken,
  mintToken,
  TOKEN_PREFIX,
  TOKEN_START_CHARACTERS,
} from "../../workers/identity/token-format.ts";
import { insertStatement } from "./insert-statement.ts";
import { executeLocally, newOwnerLinkToken, ownerLinkStatement } from "./owner-link.ts";
import { DATABASE, exists, ROOT, type StateFolder, writePrivate } from "./state-folder.ts";
import { runWrangler } from "./wrangler.ts";

/** Applies what migrations there are; looks at the files first, because asking wrangler takes seconds. */
export async function migrateDatabase(state: StateFolder): Promise<boolean> {
  const folder = join(ROOT, "migrations");
  const hash = createHash("sha256");
  for (const file of (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort()) {
    hash.update(file).update(await readFile(join(folder, file)));
  }
  const applied = hash.digest("hex");
  const stamp = join(state.path, "migrations-applied");
  if ((await readFile(stamp, "utf8").catch(() => "")) === applied) return false;
  await runWrangler(state, ["d1", "migrations", "apply", DATABASE, "--local", `--persist-to=${state.path}`]);
  await writeFile(stamp, applied);
  return true;
}

/** Makes the first owner, and leaves their token and link in the state folder; nothing when the token is there. */
export async function makeFirstOwner(state: StateFolder): Promise<boolean> {
  if (await exists(state.tokenFile)) return false;
  const token = mintToken((bytes) => webcrypto.getRandomValues(bytes), crc32);
  const linkToken = newOwnerLinkToken();
  const now = Date.now();
  await executeLocally(state, `${await ownerStatements(token, now)}\n${ownerLinkStatement(linkToken, now)}`);
  await writePrivate(state.ownerLinkFile, `${linkToken}\n`);
  await writePrivate(state.tokenFile, `${token}\n`);
  return true;
}

/** The SQL that makes an owner with an organization and one token for everything. Values are ids, hashes and numbers. */
export async function ownerStatements(token: string, now: number): Promise<string> {
  const userId = newId("user");
  const organizationId = newId("organization");
  const metadata = JSON.stringify({ organizationId, projectId: null });
  const permissions = JSON.stringify(toPermissionTable(ALL_SCOPES));
  const start = token.slice(0, TOKEN_START_CHARACTERS);
  return [
    insertStatement("user", {
      id: userId,
      name: "Owner",
      email: `${userId}@localhost`,
      emailVerified: 1,
      createdAt: now,
      updatedAt: now,
    }),
    insertStatement("organization", {
      id: organizationId,
      name: "Home",
      slug: organizationId.replace("_", "-"),
      createdAt: now,
    }),
    insertStatement("member", { id: newId("member"), organizationId, userId, role: "owner", createdAt: now }),
    insertStatement("apikey", {
      id: newId("token"),
      configId: "default",
      name: "first token",
      start,
      prefix: TOKEN_PREFIX,
      referenceId: userId,
      key: await hashToken(token),
      enabled: 1,
      rateLimitEnabled: 0,
      permissions,
      metadata,
      createdAt: now,
      updatedAt: now,
    }),
  ].join("\n");
}
