// What an event is called in the Studio; what it says is core/timeline/describe-event.ts.
import type { EVENT_TYPES } from "../../../schemas/event-types.ts";

const TITLES: Readonly<Record<keyof typeof EVENT_TYPES, string>> = {
  "project.created": "Project created",
  "project.updated": "Project changed",
  "trust.changed": "Trust changed",
  "secret.set": "Secret set",
  "secret.removed": "Secret removed",
  "key.rotated": "Key rotated",
  "key.revoked": "Key revoked",
  "branch.created": "Branch created",
  "commit.created": "Commit",
  "branch.restored": "Branch restored",
  "capsule.accepted": "Capsule accepted",
  "statement.added": "Statement added",
  "capsule.deploy.started": "Deploy started",
  "capsule.deploy.accepted": "Deploy accepted",
  "capsule.deploy.completed": "Deploy completed",
  "capsule.deploy.failed": "Deploy failed",
  "run.updated": "Deploy goes on",
  "environment.activated": "Environment activated",
  "confirmation.asked": "Confirmation asked",
  "confirmation.confirmed": "Confirmed",
  "confirmation.refused": "Confirmation refused",
  "confirmation.voided": "Confirmation void",
  "gate.decided": "Gate decided",
  "policy.changed": "Policy changed",
  "mesh.started": "Simulation started",
  "mesh.sealed": "Simulation sealed",
  "mesh.failed": "Simulation failed",
};

/** A type of a newer platform is called by its own name. */
export function titleOfEvent(type: string): string {
  return (TITLES as Readonly<Record<string, string>>)[type] ?? type;
}
