import { expect, test } from "vitest";
import { ALL_PERMISSIONS, MEMBER_ROLES, ROLE_PERMISSIONS } from "../../schemas/permissions.ts";
import { organizationRoles } from "./organization-roles.ts";

test("better-auth's roles allow exactly what our one table allows", () => {
  for (const role of MEMBER_ROLES) {
    for (const permission of ALL_PERMISSIONS) {
      const [resource = "", action = ""] = permission.split(":");
      const { success } = organizationRoles[role]?.authorize({ [resource]: [action] }) ?? { success: null };
      expect(success, `${role} ${permission}`).toBe(ROLE_PERMISSIONS[role].has(permission));
    }
  }
});

test("editor reads as creator", () => {
  expect(organizationRoles.editor?.statements).toEqual(organizationRoles.creator?.statements);
});

test("the plugin's own words mean members:write, organization:write and organization:delete", () => {
  const may = (role: string, request: Record<string, string[]>): boolean | undefined =>
    organizationRoles[role]?.authorize(request).success;
  for (const [role, isAllowed] of [
    ["owner", true],
    ["admin", true],
    ["creator", false],
    ["viewer", false],
    ["buyer", false],
  ] as const) {
    expect(may(role, { invitation: ["create"] }), role).toBe(isAllowed);
    expect(may(role, { member: ["update", "delete"] }), role).toBe(isAllowed);
    expect(may(role, { organization: ["update"] }), role).toBe(isAllowed);
  }
  expect(may("admin", { organization: ["delete"] })).toBe(false);
});
