// Our role table (schemas/permissions.ts) in better-auth's words, so that its organization plugin decides by it too.
import { createAccessControl } from "better-auth/plugins/access";
import {
  MEMBER_ROLES,
  type MemberRole,
  PERMISSIONS,
  type Permission,
  ROLE_PERMISSIONS,
} from "../../schemas/permissions.ts";

/** What the plugin asks for by names of its own, and what answers for it in our table. */
const PLUGIN_ACTIONS = {
  organization: { update: "organization:write", delete: "organization:delete" },
  member: { create: "members:write", update: "members:write", delete: "members:write" },
  invitation: { create: "members:write", cancel: "members:write" },
} as const satisfies Record<string, Record<string, Permission>>;

type Statements = Record<string, readonly string[]>;

export const accessControl = createAccessControl(statementsOf(() => true));

/** `editor` reads as `creator` (parseMemberRole). */
export const organizationRoles = Object.fromEntries(
  [...MEMBER_ROLES, "editor" as const].map((name) => {
    const role: MemberRole = name === "editor" ? "creator" : name;
    return [
      name,
      accessControl.newRole(statementsOf((permission) => ROLE_PERMISSIONS[role].has(permission))),
    ];
  }),
);

function statementsOf(isAllowed: (permission: Permission) => boolean): Statements {
  const statements: Record<string, string[]> = {};
  const add = (resource: string, action: string, permission: Permission): void => {
    if (isAllowed(permission)) statements[resource] = [...(statements[resource] ?? []), action];
  };
  for (const [resource, actions] of Object.entries(PERMISSIONS)) {
    for (const action of actions) add(resource, action, `${resource}:${action}` as Permission);
  }
  for (const [resource, actions] of Object.entries(PLUGIN_ACTIONS)) {
    for (const [action, permission] of Object.entries(actions)) {
      if (!statements[resource]?.includes(action)) add(resource, action, permission);
    }
  }
  return statements;
}
