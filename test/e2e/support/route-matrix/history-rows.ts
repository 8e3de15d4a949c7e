// Timeline, branches, moments, logs.
import type { MatrixRow } from "./row.ts";

const LATE = 999_999;

/** A page of a project that one may read or not. */
function page(rest: string, permission: MatrixRow["permission"]): MatrixRow {
  return {
    route: `GET /api/projects/{id}${rest}`,
    permission,
    reach: "project",
    ask: ({ project }) => ({ path: project.path(rest) }),
    letIn: [200],
  };
}

/** A change of a project that is let in and then finds itself too late or without an object. */
function change(rest: string, json: unknown, letIn: number): MatrixRow {
  return {
    route: `POST /api/projects/{id}${rest}`,
    permission: "capsules:write",
    reach: "project",
    ask: ({ project }) => ({ path: project.path(rest), json }),
    letIn: [letIn],
  };
}

export const HISTORY_ROWS: readonly MatrixRow[] = [
  page("/timeline", "projects:read"),
  page("/timeline/verify", "projects:read"),
  {
    route: "GET /api/projects/{id}/timeline/stream",
    permission: "projects:read",
    reach: "project",
    ask: ({ project }) => ({ path: project.path("/timeline/stream"), isStream: true }),
    letIn: [200],
  },
  {
    // Without the upgrade it only says what it speaks; with it the sockets' test below asks.
    route: "GET /api/projects/{id}/timeline/live",
    permission: "projects:read",
    reach: "project",
    ask: ({ project }) => ({ path: project.path("/timeline/live") }),
    letIn: [400],
  },
  page("/pins", "projects:read"),
  {
    route: "PUT /api/projects/{id}/pins/{seq}",
    permission: "capsules:write",
    reach: "project",
    ask: ({ project }) => ({ path: project.path(`/pins/${LATE}`), json: { name: "later" } }),
    letIn: [404],
  },
  {
    route: "DELETE /api/projects/{id}/pins/{seq}",
    permission: "capsules:write",
    reach: "project",
    ask: ({ project }) => ({ path: project.path(`/pins/${LATE}`) }),
    letIn: [404],
  },
  page("/tree", "capsules:read"),
  {
    ...page("/diff", "capsules:read"),
    ask: ({ project, headSeq }) => ({ path: project.path(`/diff?from=${headSeq}`) }),
  },
  {
    route: "GET /api/projects/{id}/files/{path}",
    permission: "capsules:read",
    reach: "project",
    ask: ({ project }) => ({ path: project.path("/files/src/index.js") }),
    letIn: [200],
  },
  change("/commits", { branch: "main", expectedHead: LATE, files: [], message: "late" }, 409),
  change("/branches", { name: "main" }, 409),
  change("/restore", { at: LATE }, 404),
  change("/capsules", { at: LATE }, 404),
  {
    route: "GET /api/projects/{id}/environments/{env}/logs",
    permission: "logs:read",
    reach: "project",
    ask: ({ project }) => ({ path: project.path("/environments/dev/logs") }),
    letIn: [200],
  },
];
