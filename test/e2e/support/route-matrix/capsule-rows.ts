// Blobs, capsules, deploys.
import type { MatrixRow, Target } from "./row.ts";

const NO_DIGEST = `sha256:${"0".repeat(64)}`;
const OCTETS = { "content-type": "application/octet-stream" };

/** What can be asked about a capsule, wherever in the caller's organization it is. */
function about(rest: string, query = ""): MatrixRow {
  return {
    route: `GET /api/capsules/{digest}${rest}`,
    permission: "capsules:read",
    reach: "project",
    ask: ({ capsule }) => ({ path: `/api/capsules/${capsule.capsuleDigest}${rest}${query}` }),
    letIn: [200],
  };
}

function list(rest: string, permission: "capsules:read" | "deploys:read"): MatrixRow {
  return {
    route: `GET /api/projects/{id}${rest}`,
    permission,
    reach: "project",
    ask: ({ project }) => ({ path: project.path(rest) }),
    letIn: [200],
  };
}

function write(
  route: string,
  permission: "capsules:write" | "deploys:write",
  letIn: number,
  ask: MatrixRow["ask"],
): MatrixRow {
  return { route, permission, reach: "project", ask, letIn: [letIn] };
}

function mismatchedBatch({ project }: Target) {
  const form = new FormData();
  form.append("0".repeat(64), new Blob(["other bytes"]), "x");
  return { path: `/api/blobs/batch?projectId=${project.projectId}`, body: form };
}

export const CAPSULE_ROWS: readonly MatrixRow[] = [
  write("PUT /api/blobs/{sha256}", "capsules:write", 422, ({ project }) => ({
    path: `/api/blobs/${"0".repeat(64)}?projectId=${project.projectId}`,
    body: "other bytes",
    headers: OCTETS,
  })),
  write("POST /api/blobs/batch", "capsules:write", 422, mismatchedBatch),
  write("POST /api/capsules/missing", "capsules:write", 200, ({ project, capsule }) => ({
    path: "/api/capsules/missing",
    json: { projectId: project.projectId, manifest: capsule.manifest },
  })),
  write("POST /api/capsules", "capsules:write", 400, ({ project, capsule }) => ({
    path: "/api/capsules",
    json: {
      projectId: project.projectId,
      manifest: { ...capsule.manifest, name: "unsigned" },
      envelopes: [],
    },
  })),
  write("POST /api/capsules/upload", "capsules:write", 400, ({ project }) => ({
    path: `/api/capsules/upload?projectId=${project.projectId}`,
    body: "no container",
    headers: OCTETS,
  })),
  {
    route: "POST /api/capsules/merge",
    permission: "capsules:write",
    alsoNeeds: "capsules:read",
    reach: "project",
    ask: ({ project, capsule }) => ({
      path: "/api/capsules/merge",
      json: {
        projectId: project.projectId,
        base: NO_DIGEST,
        ours: capsule.capsuleDigest,
        theirs: capsule.capsuleDigest,
        version: "9.9.9",
      },
    }),
    letIn: [404],
  },
  list("/capsules", "capsules:read"),
  about(""),
  about("/download"),
  about("/verify", "?again=1"),
  // It carries none, and only who may read it is told so.
  { ...about("/sbom"), letIn: [404] },
  about("/statements"),
  {
    ...about("/files"),
    route: "GET /api/capsules/{digest}/files/{path}",
    ask: ({ capsule }) => ({
      path: `/api/capsules/${capsule.capsuleDigest}/files/${capsule.manifest.files[0]?.path}`,
    }),
  },
  {
    ...about(""),
    route: "GET /api/capsules/{a}/diff/{b}",
    ask: ({ capsule }) => ({ path: `/api/capsules/${capsule.capsuleDigest}/diff/${capsule.capsuleDigest}` }),
  },
  write("POST /api/deploys", "deploys:write", 404, ({ project }) => ({
    path: "/api/deploys",
    json: { projectId: project.projectId, capsuleDigest: NO_DIGEST, env: "dev" },
  })),
  write("POST /api/deploy/create", "deploys:write", 404, ({ project }) => ({
    path: "/api/deploy/create",
    json: { productSlug: project.label, version: "9.9.9", env: "dev" },
  })),
  write("POST /api/deploy/capsule", "deploys:write", 404, ({ project }) => ({
    path: `/api/deploy/capsule?projectId=${project.projectId}`,
    json: { capsuleHash: NO_DIGEST, env: "dev" },
  })),
  {
    route: "GET /api/deploys/{id}",
    permission: "deploys:read",
    reach: "project",
    ask: ({ deployId }) => ({ path: `/api/deploys/${deployId}` }),
    letIn: [200],
  },
  {
    route: "GET /api/deploy/status",
    permission: "deploys:read",
    reach: "project",
    ask: ({ deployId }) => ({ path: `/api/deploy/status?deployId=${deployId}` }),
    letIn: [200],
  },
  {
    route: "GET /api/deploys/{id}/logs",
    permission: "deploys:read",
    reach: "project",
    ask: ({ deployId }) => ({
      path: `/api/deploys/${deployId}/logs`,
      headers: { accept: "text/event-stream" },
    }),
    letIn: [200],
  },
  // It has ended: there is nothing to stop.
  write("POST /api/deploys/{id}/cancel", "deploys:write", 409, ({ deployId }) => ({
    path: `/api/deploys/${deployId}/cancel`,
  })),
  // One that fails each time, in a project of its own: it changes nothing of the marked one.
  write("POST /api/deploys/{id}/retry", "deploys:write", 202, ({ failedDeployId }) => ({
    path: `/api/deploys/${failedDeployId}/retry`,
  })),
  list("/deploys", "deploys:read"),
  list("/runs", "deploys:read"),
  write("POST /api/projects/{id}/environments/{env}/activate", "deploys:write", 404, ({ project }) => ({
    path: project.path("/environments/dev/activate"),
    json: { capsuleDigest: NO_DIGEST, expectedRevision: 1 },
  })),
  write("POST /api/confirmations/{id}", "deploys:write", 404, ({ project }) => ({
    path: `/api/confirmations/cnf_none.${project.projectId}`,
    json: { decision: "refuse" },
  })),
];
