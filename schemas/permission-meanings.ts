// What each permission lets one do, in words: for the page of tokens, the command line and docs/permissions.md.
import type { Permission } from "./permissions.ts";

/** Each reads after "may". */
export const PERMISSION_MEANINGS: Readonly<Record<Permission, string>> = {
  "organization:read": "see the organization and one's own role",
  "organization:write": "rename the organization",
  "organization:delete": "end the organization",
  "members:read": "see the members, their roles and open invitations",
  "members:write": "invite, change roles, remove; see and revoke everybody's tokens",
  "projects:read": "see projects and read or watch their timelines",
  "projects:write": "make and rename projects",
  "projects:delete": "delete projects",
  "capsules:read": "look at files, moments, differences and capsules, and download them",
  "capsules:write": "upload, pack, merge, commit, branch, restore and pin moments",
  "deploys:read": "see deploys and what is live",
  "deploys:write": "deploy, promote and roll back; ask for what a person must confirm",
  "deploys:confirm": "answer for what changes prod",
  "simulations:read": "see rehearsals on the mesh and their evidence",
  "simulations:write": "rehearse capsules on the mesh, and hand in results from outside",
  "logs:read": "read what a hosted app wrote",
  "keys:read": "see signing keys and whom a project trusts",
  "keys:write": "register, trust, rotate and revoke signing keys",
  "secrets:read": "see the names of secrets; values are never shown",
  "secrets:write": "set and remove secrets",
  "tokens:read": "see one's own tokens",
  "tokens:write": "make and revoke one's own tokens",
};
