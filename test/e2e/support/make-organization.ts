// Organizations with members and tokens, straight into the local database: no route makes an owner, and none needs to for
// a test of what each may do.
import { randomBytes, webcrypto } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { inject } from "vitest";
import { createId, type IdKind } from "../../../schemas/ids.ts";
import { type MemberRole, type Scope, toPermissionTable } from "../../../schemas/permissions.ts";
import { locateState } from "../../../scripts/platform/state-folder.ts";
import { runWrangler } from "../../../scripts/platform/wrangler.ts";
import { hashToken, mintToken } from "../../../workers/identity/token-format.ts";

export type WantedToken = {
  readonly role: MemberRole;
  readonly scopes: readonly Scope[];
  readonly projectId: string | null;
};

/** An organization under this name; gives its id. Takes effect with {@link insertAll}. */
export type DraftOrganization = { readonly organizationId: string; readonly statements: string[] };

export function draftOrganization(name: string): DraftOrganization {
  const organizationId = newId("organization");
  const statements = [
    insert("organization", {
      id: organizationId,
      name,
      slug: organizationId.replace("_", "-"),
      createdAt: Date.now(),
    }),
  ];
  return { organizationId, statements };
}

/** A member with a token of its own; gives the token. */
export async function draftMember(
  organization: DraftOrganization,
  { role, scopes, projectId }: WantedToken,
): Promise<string> {
  const { organizationId, statements } = organization;
  const token = mintToken((bytes) => webcrypto.getRandomValues(bytes), crc32);
  const [userId, now] = [newId("user"), Date.now()];
  const dates = { createdAt: now, updatedAt: now };
  statements.push(
    insert("user", { id: userId, name: role, email: `${userId}@localhost`, emailVerified: 1, ...dates }),
    insert("member", { id: newId("member"), organizationId, userId, role, createdAt: now }),
    insert("apikey", {
      id: newId("token"),
      configId: "default",
      name: role,
      start: token.slice(0, 8),
      prefix: "osk_",
      referenceId: userId,
      key: await hashToken(token),
      enabled: 1,
      rateLimitEnabled: 0,
      permissions: JSON.stringify(toPermissionTable(scopes)),
      metadata: JSON.stringify({ organizationId, projectId }),
      ...dates,
    }),
  );
  return token;
}

/** Writes what was drafted into the shared platform's database. */
export async function insertAll(organizations: readonly DraftOrganization[]): Promise<void> {
  const statements = organizations.flatMap((organization) => organization.statements.splice(0));
  await executeSql(statements.join("\n"));
}

/** Runs SQL on the shared platform's database and gives what wrangler printed. */
export async function executeSql(sql: string): Promise<string> {
  const { port, statePath } = inject("platform");
  const state = locateState({ PORT: String(port), OURSYNTH_STATE: statePath });
  const file = join(statePath, `${randomBytes(6).toString("hex")}.sql`);
  await writeFile(file, sql);
  try {
    const command = ["d1", "execute", "oursynth", "--local", `--persist-to=${statePath}`, "--yes"];
    return await runWrangler(state, [...command, `--file=${file}`]);
  } finally {
    await rm(file);
  }
}

function insert(table: string, row: Readonly<Record<string, string | number>>): string {
  const columns = Object.keys(row).map((name) => `"${name}"`);
  const values = Object.values(row).map((value) =>
    typeof value === "number" ? String(value) : `'${value.replaceAll("'", "''")}'`,
  );
  return `INSERT INTO "${table}" (${columns.join(", ")}) VALUES (${values.join(", ")});`;
}

function newId(kind: IdKind): string {
  return createId(kind, (count) => randomBytes(count));
}
