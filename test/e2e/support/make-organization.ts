// Organizations with members and tokens, straight into the local database: no route makes an owner, and none needs to for
// a test of what each may do.
import { webcrypto } from "node:crypto";
import { crc32 } from "node:zlib";
import { newId } from "../../../adapters/random/new-id.ts";
import { type MemberRole, type Scope, toPermissionTable } from "../../../schemas/permissions.ts";
import { insertStatement } from "../../../scripts/platform/insert-statement.ts";
import { hashToken, mintToken } from "../../../workers/identity/token-format.ts";
import { executeShared } from "./shared-database.ts";

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
    insertStatement("organization", {
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
    insertStatement("user", {
      id: userId,
      name: role,
      email: `${userId}@localhost`,
      emailVerified: 1,
      ...dates,
    }),
    insertStatement("member", { id: newId("member"), organizationId, userId, role, createdAt: now }),
    insertStatement("apikey", {
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
  await executeShared(...organizations.flatMap((organization) => organization.statements.splice(0)));
}
