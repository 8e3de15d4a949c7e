// The one table of event types (ARCHITECTURE.md "Events"). No schema is here: pages in a browser read it too.

export const EVENT_SOURCES = [
  "oai",
  "pathways",
  "calm",
  "capsule",
  "mesh",
  "deploy",
  "domains",
  "project",
] as const;
export type EventSource = (typeof EVENT_SOURCES)[number];

/** Every type that is written today, and where it comes from. */
export const EVENT_TYPES = {
  "project.created": "project",
  "project.updated": "project",
  "trust.changed": "project",
  "secret.set": "project",
  "secret.removed": "project",
  "key.rotated": "project",
  "key.revoked": "project",
  "branch.created": "project",
  "commit.created": "project",
  "branch.restored": "project",
  "moment.pinned": "project",
  "moment.unpinned": "project",
  "capsule.accepted": "capsule",
  "statement.added": "capsule",
  "capsule.deploy.started": "deploy",
  "capsule.deploy.accepted": "deploy",
  "capsule.deploy.completed": "deploy",
  "capsule.deploy.failed": "deploy",
  "run.updated": "deploy",
  "environment.activated": "deploy",
  "confirmation.asked": "deploy",
  "confirmation.confirmed": "deploy",
  "confirmation.refused": "deploy",
  "confirmation.voided": "deploy",
  "gate.decided": "deploy",
  "policy.changed": "project",
  "mesh.started": "mesh",
  "mesh.sealed": "mesh",
  "mesh.failed": "mesh",
} as const satisfies Record<string, EventSource>;
