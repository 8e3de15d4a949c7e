// Simulations, evidence, the gate and its policy, confirmations.
import type { Permission } from "../../../../schemas/permissions.ts";
import type { MatrixRequest, MatrixRow, Target } from "./row.ts";

function row(
  route: string,
  permission: Permission,
  letIn: readonly number[],
  ask: (target: Target) => MatrixRequest,
): MatrixRow {
  return { route, permission, reach: "project", ask, letIn };
}

export const MESH_ROWS: readonly MatrixRow[] = [
  // Behind the permission it is refused for a parameter that there is not.
  row("POST /api/mesh-sim/start", "simulations:write", [400], ({ project, capsule }) => ({
    path: "/api/mesh-sim/start",
    json: { projectId: project.projectId, capsuleHash: capsule.capsuleDigest, params: { nodes: 1 } },
  })),
  {
    ...row("GET /api/mesh-sim/events", "simulations:read", [200], ({ simId }) => ({
      path: `/api/mesh-sim/events?simId=${simId}`,
      isStream: true,
    })),
  },
  row("GET /api/mesh-sim/result/{simId}", "simulations:read", [200], ({ simId }) => ({
    path: `/api/mesh-sim/result/${simId}`,
  })),
  row("GET /api/mesh-sim/{simId}/capsim", "simulations:read", [200], ({ simId }) => ({
    path: `/api/mesh-sim/${simId}/capsim`,
  })),
  // It has ended, and one that never was cannot be replayed.
  row("POST /api/mesh-sim/{simId}/cancel", "simulations:write", [409], ({ simId }) => ({
    path: `/api/mesh-sim/${simId}/cancel`,
  })),
  {
    ...row("POST /api/mesh-sim/{simId}/replay", "simulations:write", [404], () => ({
      path: "/api/mesh-sim/00000000-0000-4000-8000-000000000000/replay",
    })),
    // Nobody has it: what is asked is the permission alone.
    reach: "organization",
    boundElsewhere: [404],
  },
  // Signed by a key that the project does not trust as a simulator.
  row("POST /api/mesh-sim/record", "simulations:write", [400, 409, 422], ({ project, capsule }) => ({
    path: "/api/mesh-sim/record",
    json: { projectId: project.projectId, envelope: capsule.envelopes[0] },
  })),
  row("POST /api/capsim/verify", "simulations:read", [200], ({ project }) => ({
    path: `/api/capsim/verify?projectId=${project.projectId}`,
    body: "{}",
    headers: { "content-type": "application/octet-stream" },
  })),
  row("GET /api/projects/{id}/provenance", "projects:read", [200], ({ project }) => ({
    path: project.path("/provenance"),
  })),
  row("GET /api/projects/{id}/simulations", "simulations:read", [200], ({ project }) => ({
    path: project.path("/simulations"),
  })),
  row("GET /api/projects/{id}/environments/{env}/gate", "deploys:read", [200], ({ project, capsule }) => ({
    path: project.path(`/environments/prod/gate?capsuleHash=${capsule.capsuleDigest}`),
  })),
  row("GET /api/projects/{id}/environments/{env}/policy", "deploys:read", [200], ({ project }) => ({
    path: project.path("/environments/prod/policy"),
  })),
  // Restated, and waiting for a person.
  row("PUT /api/projects/{id}/environments/{env}/policy", "deploys:write", [428], ({ project }) => ({
    path: project.path("/environments/prod/policy"),
    json: { isGuarded: true },
  })),
  row("GET /api/confirmations/{id}", "deploys:write", [404], ({ project }) => ({
    path: `/api/confirmations/cnf_none.${project.projectId}`,
  })),
];
