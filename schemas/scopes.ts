// What a token may be allowed to do. The form (resource to actions) is better-auth's `permissions` of an API key.

export const SCOPES = {
  projects: ["read", "write"],
  capsules: ["read", "write"],
  deploys: ["read", "write"],
  logs: ["read"],
  keys: ["read", "write"],
  tokens: ["read", "write"],
} as const;

type Resource = keyof typeof SCOPES;
export type Scope = { [R in Resource]: `${R}:${(typeof SCOPES)[R][number]}` }[Resource];

export const ALL_SCOPES: readonly Scope[] = Object.entries(SCOPES).flatMap(([resource, actions]) =>
  actions.map((action) => `${resource}:${action}` as Scope),
);

/** better-auth's form of the same: `{capsules: ["read", "write"]}`. */
export type Permissions = Record<string, readonly string[]>;

export function toPermissions(scopes: readonly Scope[]): Permissions {
  const permissions: Record<string, string[]> = {};
  for (const scope of scopes) {
    const [resource = "", action = ""] = scope.split(":");
    permissions[resource] = [...(permissions[resource] ?? []), action];
  }
  return permissions;
}

/** Unknown resources and actions are left out: a scope this version does not know grants nothing. */
export function fromPermissions(permissions: Permissions): Scope[] {
  return ALL_SCOPES.filter((scope) => {
    const [resource = "", action = ""] = scope.split(":");
    return permissions[resource]?.includes(action) === true;
  });
}
