// Writes docs/permissions.md from the table that the platform itself reads, the same bytes each time.
// Run: node scripts/make-permissions-page.ts
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { decideRemoval, decideRoleChange, grantableRoles } from "../core/organizations/member-changes.ts";
import { INVITATION_DAYS, ORGANIZATION_LIMITS } from "../schemas/organization-limits.ts";
import { PERMISSION_MEANINGS } from "../schemas/permission-meanings.ts";
import {
  ALL_PERMISSIONS,
  ALL_SCOPES,
  DEVICE_PERMISSIONS,
  MEMBER_ROLES,
  type MemberRole,
  ROLE_PERMISSIONS,
} from "../schemas/permissions.ts";
import { ROOT } from "./platform/state-folder.ts";

export const PERMISSIONS_PAGE = join(ROOT, "docs", "permissions.md");
/** More than one, so that the rule of the last owner does not stand in the table of roles. */
const OWNER_COUNT = 2;

/** The whole page. */
export function makePermissionsPage(): string {
  const { members, pendingInvitations, invitationsPerDay, tokensPerMember, tokens, ownedOrganizations } =
    ORGANIZATION_LIMITS;
  return `# Who may do what

Written by \`node scripts/make-permissions-page.ts\` from \`schemas/permissions.ts\` and \`core/organizations\`, the tables that
the API, the pages and the command line read; a test fails when this page is another.

## Roles

A member has one role in each organization they are in. \`editor\` reads as \`creator\`.

${table(["permission", ...MEMBER_ROLES, "oursynth login", "a token"], ALL_PERMISSIONS.map(permissionRow))}

A browser's session can do all that the role allows; a terminal that was signed in (\`oursynth login\`) and a token no more
than their columns say. A token can do what its scopes and its owner's role allow, both; a change of the role holds for the
next request. Whoever is removed from their last organization has one of their own, as at the first sign-in.

## Whose role one may change

${table(["who", "whose role", "to what", "may remove", "may invite as"], MEMBER_ROLES.map(changeRow))}

Anyone may leave. An organization always has an owner: the last one cannot leave, be removed or take another role. An
invitation is bound to one confirmed e-mail address, good for ${INVITATION_DAYS} days and one use, and worth no more than its sender's
role when it is accepted. Whoever changes members has signed in, or given the password again, within 15 minutes.

## At once

A change of a role, a removal, a revoked token and an ended session hold for the next request. Open sockets are closed and
streams end: 4403 when the person may no longer read, 4401 when the token or the session is over. Removing a member revokes
their tokens in that organization. The request that makes the change is answered when that is done; if the worker is killed
before, each project looks up its watchers' rights by itself, at least every minute, and a token's own end is kept to the
second.

## Tokens

\`osk_\`, 32 random characters and 6 of checksum: a secret scanner finds one, and a mistyped one is refused unread. A token
has scopes, may be bound to one project, may end by itself, shows when it was last used, and is never shown again. One that
ends makes none that lives on. Owners and admins see and revoke everybody's: \`oursynth tokens --all\`.

## Limits

An organization has at most ${members} members, ${pendingInvitations} open invitations (${invitationsPerDay} sent a day) and ${tokens} tokens, ${tokensPerMember} of one
member. A person owns at most ${ownedOrganizations} organizations.
`;
}

function permissionRow(permission: (typeof ALL_PERMISSIONS)[number]): string[] {
  const held = MEMBER_ROLES.map((role) => (ROLE_PERMISSIONS[role].has(permission) ? "yes" : ""));
  const isScope = ALL_SCOPES.some((scope) => scope === permission);
  const byDevice = DEVICE_PERMISSIONS.includes(permission);
  const ways = [byDevice, isScope].map((canHold) => (canHold ? "yes" : ""));
  return [`\`${permission}\`: ${PERMISSION_MEANINGS[permission]}`, ...held, ...ways];
}

function changeRow(actor: MemberRole): string[] {
  const facts = { actor, isSelf: false, ownerCount: OWNER_COUNT };
  const whose = MEMBER_ROLES.filter((member) => decideRoleChange({ ...facts, member }, member).ok);
  const removable = MEMBER_ROLES.filter((member) => decideRemoval({ ...facts, member }).ok);
  const granted = grantableRoles(actor);
  const toWhat = whose.length === 0 ? [] : granted;
  return [actor, ...[whose, toWhat, removable, granted].map(listRoles)];
}

function listRoles(roles: readonly MemberRole[]): string {
  if (roles.length === 0) return "no";
  return roles.length === MEMBER_ROLES.length ? "any" : roles.join(", ");
}

/** Aligned, as the other pages' tables are. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, column) =>
    Math.max(...[name, ...rows.map((row) => row[column] ?? "")].map((cell) => cell.length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}

if (import.meta.main) writeFileSync(PERMISSIONS_PAGE, makePermissionsPage());
