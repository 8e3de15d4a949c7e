// What may be done here, and which role may do it: the one table that the API, the site and the command line read.
// The form of a permission (resource to actions) is better-auth's, for roles and for API keys alike.

export const PERMISSIONS = {
  organization: ["read", "write", "delete"],
  members: ["read", "write"],
  projects: ["read", "write", "delete"],
  capsules: ["read", "write"],
  deploys: ["read", "write", "confirm"],
  simulations: ["read", "write"],
  logs: ["read"],
  keys: ["read", "write"],
  secrets: ["read", "write"],
  tokens: ["read", "write"],
} as const;

type Resource = keyof typeof PERMISSIONS;
export type Permission = { [R in Resource]: `${R}:${(typeof PERMISSIONS)[R][number]}` }[Resource];

export const ALL_PERMISSIONS: readonly Permission[] = Object.entries(PERMISSIONS).flatMap(
  ([resource, actions]) => actions.map((action) => `${resource}:${action}` as Permission),
);

/** A person answers for these; no token can hold them (API.md, confirmations). */
const FOR_PEOPLE_ONLY = [
  "organization:write",
  "organization:delete",
  "members:write",
  "deploys:confirm",
] as const satisfies readonly Permission[];

/** What `oursynth login` cannot do either: it runs where programs run, and these are answered for in a browser alone. */
const FOR_BROWSERS_ONLY: readonly Permission[] = [
  "organization:write",
  "organization:delete",
  "deploys:confirm",
];

/** What a terminal that a person has signed in can do, as far as the person's role allows it. */
export const DEVICE_PERMISSIONS: readonly Permission[] = ALL_PERMISSIONS.filter(
  (permission) => !FOR_BROWSERS_ONLY.includes(permission),
);

/** A permission that a token can hold. */
export type Scope = Exclude<Permission, (typeof FOR_PEOPLE_ONLY)[number]>;

export const ALL_SCOPES: readonly Scope[] = ALL_PERMISSIONS.filter(
  (permission): permission is Scope => !FOR_PEOPLE_ONLY.some((mine) => mine === permission),
);

/** A member's role in an organization, from the most that one may do to the least. */
export const MEMBER_ROLES = ["owner", "admin", "creator", "viewer", "buyer"] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

const READS: readonly Permission[] = [
  "organization:read",
  "members:read",
  "projects:read",
  "capsules:read",
  "deploys:read",
  "simulations:read",
  "logs:read",
  "keys:read",
  "secrets:read",
  "tokens:read",
  "tokens:write",
];

/** Role × permission. `secrets:read` lists names; values never leave. A token can do no more than its owner's role. */
export const ROLE_PERMISSIONS: Readonly<Record<MemberRole, ReadonlySet<Permission>>> = {
  owner: new Set(ALL_PERMISSIONS),
  admin: new Set(ALL_PERMISSIONS.filter((permission) => permission !== "organization:delete")),
  creator: new Set<Permission>([
    ...READS,
    "projects:write",
    "capsules:write",
    "deploys:write",
    "simulations:write",
    "secrets:write",
  ]),
  viewer: new Set(READS),
  buyer: new Set<Permission>(["organization:read"]),
};

/** Who may do it, from the most to the least: for a refusal that says whom to ask. */
export function rolesWith(permission: Permission): readonly MemberRole[] {
  return MEMBER_ROLES.filter((role) => ROLE_PERMISSIONS[role].has(permission));
}

/** The role that a member's row names; `editor` reads as `creator`, and what is unknown may do nothing. */
export function parseMemberRole(text: string): MemberRole | null {
  const name = text === "editor" ? "creator" : text;
  return MEMBER_ROLES.find((role) => role === name) ?? null;
}

/** better-auth's form of scopes: `{capsules: ["read", "write"]}`. */
export type PermissionTable = Record<string, readonly string[]>;

export function toPermissionTable(scopes: readonly Scope[]): PermissionTable {
  const table: Record<string, readonly string[]> = {};
  for (const scope of scopes) {
    const [resource = "", action = ""] = scope.split(":");
    table[resource] = [...(table[resource] ?? []), action];
  }
  return table;
}

/** Unknown resources and actions are left out: a scope this version does not know grants nothing. */
export function fromPermissionTable(table: PermissionTable): Scope[] {
  return ALL_SCOPES.filter((scope) => {
    const [resource = "", action = ""] = scope.split(":");
    return table[resource]?.includes(action) === true;
  });
}
