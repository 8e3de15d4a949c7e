// The chain of trust of a project as a graph: every edge with the digest that was checked, and whether it holds.
import * as z from "zod";

export const PROVENANCE_KINDS = [
  "capsule",
  "statement",
  "simulation",
  "decision",
  "deploy",
  "environment",
] as const;

export const provenanceNodeSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(PROVENANCE_KINDS),
  label: z.string(),
  /** What it is known by; null for what has no bytes of its own. */
  digest: z.string().nullable(),
});

export const provenanceEdgeSchema = z.strictObject({
  from: z.string(),
  to: z.string(),
  means: z.enum([
    "derived-from",
    "stated-by",
    "rehearsed-by",
    "decided-on",
    "allowed",
    "deployed-as",
    "live-in",
  ]),
  /** The digest that was checked. */
  digest: z.string(),
  holds: z.boolean(),
  /** Why not; null where it holds. */
  problem: z.string().nullable(),
});

export const provenanceSchema = z.strictObject({
  projectId: z.string(),
  nodes: z.array(provenanceNodeSchema),
  edges: z.array(provenanceEdgeSchema),
  /** Whether every edge holds. */
  holds: z.boolean(),
  /** Whether older capsules, simulations or events were left out. */
  isPartial: z.boolean(),
});

export type ProvenanceNode = z.infer<typeof provenanceNodeSchema>;
export type ProvenanceEdge = z.infer<typeof provenanceEdgeSchema>;
export type ProvenanceGraph = z.infer<typeof provenanceSchema>;
