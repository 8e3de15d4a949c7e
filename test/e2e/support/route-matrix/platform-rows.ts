// Health, projects, access.
import type { MatrixRow } from "./row.ts";

const NOT_A_KEY = { name: "never", publicKey: "not a key" };

export const PLATFORM_ROWS: readonly MatrixRow[] = [
  ...["/health", "/oai/health", "/api/health"].map(
    (path): MatrixRow => ({
      route: `GET ${path}`,
      permission: "open",
      reach: "organization",
      ask: () => ({ path }),
      letIn: [200],
    }),
  ),
  {
    route: "GET /api/projects",
    permission: "projects:read",
    reach: "organization",
    ask: () => ({ path: "/api/projects" }),
    letIn: [200],
  },
  {
    route: "POST /api/projects",
    permission: "projects:write",
    reach: "organization",
    // Taken, for whoever asks.
    ask: ({ project }) => ({ path: "/api/projects", json: { label: project.label } }),
    letIn: [409],
    boundElsewhere: [403],
  },
  {
    route: "GET /api/projects/{id}",
    permission: "projects:read",
    reach: "project",
    ask: ({ project }) => ({ path: project.path() }),
    letIn: [200],
  },
  {
    route: "PATCH /api/projects/{id}",
    permission: "projects:write",
    reach: "project",
    ask: ({ project }) => ({ path: project.path(), json: { name: project.label } }),
    letIn: [200],
  },
  {
    route: "DELETE /api/projects/{id}",
    permission: "projects:delete",
    reach: "project",
    ask: ({ project }) => ({ path: project.path() }),
    letIn: [204],
  },
  {
    route: "GET /api/projects/{id}/environments",
    permission: "deploys:read",
    reach: "project",
    ask: ({ project }) => ({ path: project.path("/environments") }),
    letIn: [200],
  },
  {
    route: "GET /api/whoami",
    permission: "login",
    reach: "organization",
    ask: () => ({ path: "/api/whoami" }),
    letIn: [200],
  },
  {
    route: "GET /api/tokens",
    permission: "tokens:read",
    reach: "organization",
    ask: () => ({ path: "/api/tokens" }),
    letIn: [200],
  },
  {
    route: "POST /api/tokens",
    permission: "tokens:write",
    reach: "organization",
    ask: () => ({ path: "/api/tokens", json: { name: "made by the matrix", scopes: ["tokens:write"] } }),
    letIn: [201],
  },
  {
    route: "DELETE /api/tokens/{id}",
    permission: "tokens:write",
    reach: "organization",
    // Of nobody: an owner's browser would end another person's.
    ask: () => ({ path: "/api/tokens/tok_00000000000000000000" }),
    letIn: [404],
  },
  {
    route: "GET /api/keys",
    permission: "keys:read",
    reach: "organization",
    ask: () => ({ path: "/api/keys" }),
    letIn: [200],
  },
  {
    route: "POST /api/keys",
    permission: "keys:write",
    reach: "organization",
    ask: () => ({ path: "/api/keys", json: NOT_A_KEY }),
    letIn: [422],
  },
  {
    route: "DELETE /api/keys/{keyId}",
    permission: "keys:write",
    reach: "project",
    ask: ({ project }) => ({ path: `/api/keys/sha256:${"0".repeat(64)}?projectId=${project.projectId}` }),
    letIn: [404],
  },
  {
    route: "GET /api/projects/{id}/keys",
    permission: "keys:read",
    reach: "project",
    ask: ({ project }) => ({ path: project.path("/keys") }),
    letIn: [200],
  },
];
