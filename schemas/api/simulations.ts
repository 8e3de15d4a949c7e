// Simulations over HTTP (MESH.md, API.md).
import * as z from "zod";
import { environmentSchema } from "../environment.ts";
import { MESH_BOUNDS } from "../mesh-parameters.ts";
import { meshSimResultSchema } from "../mesh-result.ts";
import { envelopeSchema } from "../statement.ts";
import { digestSchema, projectRefSchema, sha256Schema } from "./common.ts";

const shared = { projectId: projectRefSchema, capsuleHash: digestSchema };

/**
 * An exploration takes `params` (MESH.md §2, checked as a whole by core/mesh/check-parameters.ts); a run for a gate takes
 * the environment, whose policy gives them.
 */
export const startSimulationSchema = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({
      ...shared,
      kind: z.literal("explore").default("explore"),
      params: z.record(z.string(), z.unknown()).default({}),
    }),
    z.strictObject({ ...shared, kind: z.literal("gate"), env: environmentSchema }),
  ],
  { error: (issue) => (issue.code === "invalid_union" ? "must be explore or gate" : undefined) },
);

export const simulationStartedSchema = z.strictObject({
  simId: z.uuid(),
  nodeIds: z.array(z.string()),
});

export const simulationParamsSchema = z.object({ simId: z.uuid() });

/** `pace`: virtual seconds for each real one; without it that of the parameters. 0 does not wait. */
export const simulationEventsQuerySchema = z.object({
  simId: z.uuid(),
  pace: z.coerce.number().min(MESH_BOUNDS.pace[0]).max(MESH_BOUNDS.pace[1]).optional(),
});

export const simulationStatusSchema = z.enum(["queued", "running", "done", "error", "cancelled"]);

const failureSchema = z.strictObject({ code: z.string(), message: z.string() });

/** How one indicator stands to that of the baseline. */
export const comparisonSchema = z.strictObject({
  baselineSimId: z.string(),
  baselineCapsuleHash: digestSchema,
  /** Results say something about each other only when they were asked for the same. */
  isSameQuestion: z.boolean(),
  isRegressed: z.boolean(),
  indicators: z.array(
    z.strictObject({
      indicator: z.string(),
      baseline: z.number(),
      current: z.number(),
      worseByPercent: z.number(),
      tolerancePercent: z.number(),
      isRegressed: z.boolean(),
    }),
  ),
});

/** Before there is a result, and when there will be none. */
export const simulationProgressSchema = z.strictObject({
  simId: z.uuid(),
  status: simulationStatusSchema,
  phase: z.string(),
  doneCount: z.int(),
  seedCount: z.int(),
  failure: failureSchema.nullable(),
  result: z.null(),
});

/** The sealed result itself (M13), and where and when it was sealed. */
export const simulationResultSchema = meshSimResultSchema.extend({
  status: z.literal("done"),
  phase: z.literal("sealed"),
  projectId: z.string(),
  replayOf: z.string().nullable(),
  envelopeSha256: sha256Schema,
  /** The sealing event: its place on the timeline, and its time in ms. */
  eventSeq: z.int(),
  receivedAt: z.int(),
  /** Against the result that shipped to prod last; null when there is none, or when it is this one. */
  comparison: comparisonSchema.nullable(),
});

export const simulationSummarySchema = z.strictObject({
  simId: z.uuid(),
  projectId: z.string(),
  capsuleHash: digestSchema,
  kind: z.enum(["explore", "gate", "replay"]),
  env: z.string().nullable(),
  replayOf: z.string().nullable(),
  observedBy: z.enum(["platform", "external"]),
  status: simulationStatusSchema,
  outcome: z.enum(["pass", "fail"]).nullable(),
  failure: z.string().nullable(),
  nodeCount: z.int(),
  seedCount: z.int(),
  startedAt: z.int(),
  endedAt: z.int().nullable(),
  envelopeSha256: sha256Schema.nullable(),
  eventSeq: z.int().nullable(),
});
export type SimulationSummary = z.infer<typeof simulationSummarySchema>;

/** The envelope of a result that was made elsewhere, as a `.capsim` carries it. */
export const recordSimulationSchema = z.strictObject({
  projectId: projectRefSchema,
  envelope: envelopeSchema,
});

export const recordedSimulationSchema = z.strictObject({
  simId: z.uuid(),
  observedBy: z.literal("external"),
  outcome: z.enum(["pass", "fail"]),
  envelopeSha256: sha256Schema,
  eventSeq: z.int(),
});
