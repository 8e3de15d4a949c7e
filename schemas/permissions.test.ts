import { describe, expect, test } from "vitest";
import {
  ALL_PERMISSIONS,
  ALL_SCOPES,
  DEVICE_PERMISSIONS,
  fromPermissionTable,
  MEMBER_ROLES,
  parseMemberRole,
  ROLE_PERMISSIONS,
  toPermissionTable,
} from "./permissions.ts";

describe("roles", () => {
  test("each may do all that the next lower one may", () => {
    for (const [index, role] of MEMBER_ROLES.entries()) {
      const lower = MEMBER_ROLES[index + 1];
      if (lower === undefined) continue;
      const beyond = [...ROLE_PERMISSIONS[lower]].filter((what) => !ROLE_PERMISSIONS[role].has(what));
      expect(beyond, `${lower} but not ${role}`).toEqual([]);
      expect(ROLE_PERMISSIONS[role].size).toBeGreaterThan(ROLE_PERMISSIONS[lower].size);
    }
  });

  test("the owner may do everything, and only the owner may end the organization", () => {
    expect([...ROLE_PERMISSIONS.owner]).toEqual(ALL_PERMISSIONS);
    expect(MEMBER_ROLES.filter((role) => ROLE_PERMISSIONS[role].has("organization:delete"))).toEqual([
      "owner",
    ]);
  });

  test("what a person must answer for belongs to owner and admin, and to no token", () => {
    for (const permission of ["deploys:confirm", "members:write", "organization:write"] as const) {
      expect(MEMBER_ROLES.filter((role) => ROLE_PERMISSIONS[role].has(permission))).toEqual([
        "owner",
        "admin",
      ]);
      expect(ALL_SCOPES).not.toContain(permission);
    }
  });

  test("a signed-in terminal can do more than a token, and less than a browser", () => {
    const beyondTokens = DEVICE_PERMISSIONS.filter(
      (permission) => !ALL_SCOPES.some((scope) => scope === permission),
    );
    expect(beyondTokens).toEqual(["members:write"]);
    const browsersOnly = ALL_PERMISSIONS.filter((permission) => !DEVICE_PERMISSIONS.includes(permission));
    expect(browsersOnly).toEqual(["organization:write", "organization:delete", "deploys:confirm"]);
  });

  test("editor reads as creator; an unknown name is no role", () => {
    expect(parseMemberRole("editor")).toBe("creator");
    for (const role of MEMBER_ROLES) expect(parseMemberRole(role)).toBe(role);
    for (const name of ["", "Owner", "member", "constructor", "owner,admin"]) {
      expect(parseMemberRole(name)).toBeNull();
    }
  });
});

describe("scopes in better-auth's form", () => {
  test("come back as they went", () => {
    expect(fromPermissionTable(toPermissionTable(ALL_SCOPES))).toEqual(ALL_SCOPES);
  });

  test("unknown ones, and those for people only, grant nothing", () => {
    const table = { deploys: ["read", "confirm", "everything"], members: ["write"], all: ["*"] };
    expect(fromPermissionTable(table)).toEqual(["deploys:read"]);
  });
});
