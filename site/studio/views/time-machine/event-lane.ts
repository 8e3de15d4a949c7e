// Where an event stands on the timeline, and how it looks there.
import type { TimelineEvent } from "../../../../schemas/event.ts";
import type { EventSource } from "../../../../schemas/event-types.ts";

/** A row: a branch with its commits, or a source with its events. */
export type LaneName =
  | { readonly kind: "branch"; readonly name: string }
  | { readonly kind: "source"; readonly name: EventSource };

/** What moves a branch: such an event stands on the branch's own row. */
const BRANCH_MOVES: ReadonlySet<string> = new Set(["commit.created", "branch.created", "branch.restored"]);

export const SHAPES = ["dot", "branch", "restore", "capsule", "evidence", "live"] as const;
export type Shape = (typeof SHAPES)[number];

/** From the calmest to the one that is seen first when several stand in one place. */
export const TONES = ["plain", "good", "warn", "bad"] as const;
export type MarkTone = (typeof TONES)[number];

/** The branch that this event moved; null for every other event. */
export function movedBranch({ type, data }: TimelineEvent): string | null {
  if (!BRANCH_MOVES.has(type)) return null;
  const branch = data?.branch;
  return typeof branch === "string" ? branch : null;
}

export function laneOf(event: TimelineEvent): LaneName {
  const branch = movedBranch(event);
  return branch === null ? { kind: "source", name: event.source } : { kind: "branch", name: branch };
}

export function shapeOf({ type }: TimelineEvent): Shape {
  switch (type) {
    case "branch.created":
      return "branch";
    case "branch.restored":
      return "restore";
    case "capsule.accepted":
      return "capsule";
    case "mesh.sealed":
      return "evidence";
    case "environment.activated":
      return "live";
    default:
      return "dot";
  }
}

export function toneOf({ type, data }: TimelineEvent): MarkTone {
  switch (type) {
    case "capsule.deploy.failed":
    case "mesh.failed":
    case "key.revoked":
      return "bad";
    // Written only when the gate refuses.
    case "gate.decided":
    case "confirmation.refused":
    case "confirmation.voided":
      return "warn";
    case "mesh.sealed":
      return data?.outcome === "pass" ? "good" : "bad";
    case "capsule.deploy.completed":
    case "environment.activated":
      return "good";
    default:
      return "plain";
  }
}
