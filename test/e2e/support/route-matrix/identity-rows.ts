// Organizations, members, invitations, sessions, the life of keys, secrets.
import type { Permission } from "../../../../schemas/permissions.ts";
import type { MatrixRequest, MatrixRow, Target } from "./row.ts";

const NOBODY = "usr_00000000000000000000";
const NO_KEY = `sha256:${"0".repeat(64)}`;

function organization(
  route: string,
  permission: Permission,
  letIn: readonly number[],
  request: (target: Target, path: string) => MatrixRequest = (_target, path) => ({ path }),
): MatrixRow {
  const [, rest = ""] = route.split("{id}");
  return {
    route,
    permission,
    reach: "tenant",
    ask: (target) => request(target, `/api/organizations/${target.organizationId}${rest}`),
    letIn,
  };
}

/** A person's own: no token gets any of it. */
function person(route: string, path: string, letIn: readonly number[], json?: unknown): MatrixRow {
  const ask = () => (json === undefined ? { path } : { path, json });
  return { route, permission: "login", isForPersons: true, reach: "organization", ask, letIn };
}

function project(
  route: string,
  permission: Permission,
  letIn: readonly number[],
  request: (target: Target, path: string) => MatrixRequest = (_target, path) => ({ path }),
): MatrixRow {
  const [, rest = ""] = route.split("{id}");
  return {
    route,
    permission,
    reach: "project",
    ask: (target) => request(target, target.project.path(rest)),
    letIn,
  };
}

const ORGANIZATION_ROWS: readonly MatrixRow[] = [
  {
    route: "GET /api/organizations",
    permission: "organization:read",
    reach: "organization",
    ask: () => ({ path: "/api/organizations" }),
    letIn: [200],
  },
  person("POST /api/organizations", "/api/organizations", [201, 409], { name: "made by the matrix" }),
  organization("GET /api/organizations/{id}", "organization:read", [200]),
  organization("PATCH /api/organizations/{id}", "organization:write", [200], ({ marker }, path) => ({
    path,
    json: { name: marker },
  })),
  // It still has projects.
  organization("DELETE /api/organizations/{id}", "organization:delete", [409]),
  { ...organization("POST /api/organizations/{id}/switch", "organization:read", [200]), isForPersons: true },
  organization("GET /api/organizations/{id}/members", "members:read", [200]),
  organization(
    "PATCH /api/organizations/{id}/members/{userId}",
    "members:write",
    [404],
    ({ organizationId }) => ({
      path: `/api/organizations/${organizationId}/members/${NOBODY}`,
      json: { role: "viewer" },
    }),
  ),
  {
    ...organization(
      "DELETE /api/organizations/{id}/members/{userId}",
      "members:write",
      [404],
      ({ organizationId }) => ({ path: `/api/organizations/${organizationId}/members/${NOBODY}` }),
    ),
    isForPersons: true,
  },
  organization("GET /api/organizations/{id}/invitations", "members:read", [200]),
  organization("POST /api/organizations/{id}/invitations", "members:write", [201, 409], (_target, path) => ({
    path,
    json: { email: "matrix@example.org", role: "buyer" },
  })),
  organization(
    "DELETE /api/organizations/{id}/invitations/{invitationId}",
    "members:write",
    [404],
    ({ organizationId }) => ({ path: `/api/organizations/${organizationId}/invitations/inv_none` }),
  ),
  person("GET /api/invitations", "/api/invitations", [200]),
  person("POST /api/invitations/{invitationId}/accept", "/api/invitations/inv_none/accept", [404]),
  person("POST /api/invitations/{invitationId}/decline", "/api/invitations/inv_none/decline", [404]),
];

const SESSION_ROWS: readonly MatrixRow[] = [
  person("GET /api/sessions", "/api/sessions", [200]),
  person("DELETE /api/sessions/{id}", "/api/sessions/ses_none", [404]),
  // It would end the very sessions that ask; test/e2e/sign-in.e2e.test.ts has it.
  { ...person("DELETE /api/sessions", "/api/sessions", [200]), isForTokensHere: true },
  {
    route: "POST /api/auth/device/code",
    permission: "open",
    reach: "organization",
    ask: () => ({
      path: "/api/auth/device/code",
      json: { client_id: "another-client" },
      headers: { "cf-connecting-ip": "203.0.113.7" },
    }),
    // Attempts are counted by address, and everybody here comes from one of their own.
    letIn: [400, 429],
    isOauth: true,
  },
  {
    route: "POST /api/auth/device/token",
    permission: "open",
    reach: "organization",
    ask: () => ({
      path: "/api/auth/device/token",
      json: {
        client_id: "oursynth-cli",
        grant_type: "urn:ietf:params:oauth:grant-type:device_code",
        device_code: "none",
      },
    }),
    letIn: [400],
    isOauth: true,
  },
];

const KEY_ROWS: readonly MatrixRow[] = [
  {
    route: "POST /api/keys/{keyId}/rotate",
    permission: "keys:write",
    reach: "project",
    ask: ({ project: { projectId } }) => ({
      path: `/api/keys/${NO_KEY}/rotate`,
      json: { projectId, reason: "the matrix" },
    }),
    letIn: [404],
  },
  {
    route: "POST /api/keys/{keyId}/revoke",
    permission: "keys:write",
    reach: "project",
    ask: ({ project: { projectId } }) => ({
      path: `/api/keys/${NO_KEY}/revoke`,
      json: { projectId, reason: "the matrix" },
    }),
    letIn: [404],
  },
  // Decided on a revision that it never had.
  project("PUT /api/projects/{id}/keys/thresholds", "keys:write", [409], (_target, path) => ({
    path,
    json: { thresholds: { builder: 1 }, expectedRevision: 0 },
  })),
  project("GET /api/projects/{id}/keys/history", "keys:read", [200]),
  {
    route: "GET /api/owner-keys",
    permission: "keys:read",
    reach: "organization",
    ask: () => ({ path: "/api/owner-keys" }),
    letIn: [200],
  },
  {
    route: "PUT /api/owner-keys",
    permission: "keys:write",
    reach: "organization",
    ask: () => ({
      path: "/api/owner-keys",
      json: { threshold: 1, publicKeys: ["no key"], expectedRevision: 0 },
    }),
    letIn: [400, 403, 422],
  },
];

const SECRET_ROWS: readonly MatrixRow[] = [
  project("GET /api/projects/{id}/secrets", "secrets:read", [200]),
  project("POST /api/projects/{id}/secrets", "secrets:write", [413], (_target, path) => ({
    path,
    json: { env: "dev", name: "TOO_LARGE", value: "x".repeat(32_769) },
  })),
  project("DELETE /api/projects/{id}/secrets", "secrets:write", [404], (_target, path) => ({
    path: `${path}?env=dev&name=NONE`,
  })),
];

export const IDENTITY_ROWS: readonly MatrixRow[] = [
  ...ORGANIZATION_ROWS,
  ...SESSION_ROWS,
  ...KEY_ROWS,
  ...SECRET_ROWS,
];
