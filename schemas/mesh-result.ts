// What real nodes saw (MESH.md M1) and what a simulation gives (M13).
import * as z from "zod";
import { meshParametersSchema } from "./mesh-parameters.ts";

/** Observations of 10 nodes, 50 services and some incarnations. */
const MAX_OBSERVATIONS = 2_000;
const MAX_REASONS = 1_000;
const MAX_PHASES_OF_NODE = 400;

const count = z.int().min(0);
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 lowercase hex digits");
const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, "must be 64 lowercase hex digits");
const nodeId = z.string().regex(/^node-(?:[1-9]|10)$/, "must be a node from node-1 to node-10");
const timestamp = z.iso.datetime({ precision: 3 });
const percentiles = z.strictObject({ p50: z.number(), p95: z.number(), p99: z.number() });
const outcome = z.enum(["pass", "fail"]);
const reasons = z.array(z.string().max(500)).max(MAX_REASONS);

/** The verdicts of one service on one node, in one life of that node (M1). */
export const meshObservationSchema = z.strictObject({
  node: nodeId,
  service: z.string().min(1).max(200),
  /** 1 is the first life; each restart adds one. */
  incarnation: z.int().min(1).max(1_000),
  digestOk: z.boolean(),
  signatureOk: z.boolean(),
  healthy: z.boolean(),
  reason: z.string().max(500).nullable(),
});

export const meshObservationsSchema = z.array(meshObservationSchema).max(MAX_OBSERVATIONS);

/** What was measured on the wall clock while observing; no part of what is simulated. */
export const meshMeasuredSchema = z.strictObject({
  observeMs: z.number().min(0),
  healthCheckMs: percentiles,
  healthCheckErrors: count,
});

export const meshRunSchema = z.strictObject({
  seed: z.int().min(0),
  traceHash: sha256Hex,
  traceLength: count,
  outcome,
  reasons,
});

export const meshNodeReportSchema = z.strictObject({
  nodeId,
  phases: z
    .array(
      z.strictObject({
        name: z.enum(["boot", "receive", "verify", "start", "healthy", "halted", "down"]),
        start: timestamp,
        end: timestamp,
        status: z.enum(["ok", "error"]),
        details: z.string().max(500).optional(),
      }),
    )
    .max(MAX_PHASES_OF_NODE),
  signatureVerified: z.boolean(),
  retries: count,
  bytesReceived: count,
});

export const meshCountsSchema = z.strictObject({
  sent: count,
  delivered: count,
  dropped: count,
  duplicated: count,
  corrupted: count,
});

/** Service level indicators. A node that never became healthy counts with the whole length of its run. */
export const meshSliSchema = z.strictObject({
  timeToHealthyMs: percentiles,
  /** Of the packets that were under way (copies included), the share that arrived: 0 to 1, four decimals. */
  deliveryRatio: z.number().min(0).max(1),
  reSyncs: count,
});

export const meshSloVerdictSchema = z.array(
  z.strictObject({ objective: z.string(), limit: z.number(), actual: z.number(), isMet: z.boolean() }),
);

export const meshSimResultSchema = z.strictObject({
  simId: z.uuid(),
  capsuleHash: digest,
  artifactDigest: digest,
  toolchainVersion: z.string().min(1).max(200),
  kind: z.enum(["explore", "gate", "replay"]),
  params: meshParametersSchema,
  simulatorVersion: z.string().min(1).max(100),
  runs: z.array(meshRunSchema).min(1),
  observedBy: z.enum(["platform", "external"]),
  observations: meshObservationsSchema,
  nodeReports: z.array(meshNodeReportSchema),
  /** Milliseconds between nodes by probes; the diagonal is 0, and −1 stands where no probe arrived. */
  latencyMatrix: z.array(z.array(z.number())),
  counts: meshCountsSchema,
  sli: meshSliSchema,
  slo: meshSloVerdictSchema,
  traceHash: sha256Hex,
  outcome,
  reasons,
  /** Null when nothing was expected. */
  expectationsMet: z.boolean().nullable(),
  measured: meshMeasuredSchema.nullable(),
  startedAt: timestamp,
  endedAt: timestamp,
  /** Public keys: 32 raw bytes each in padded standard base64. */
  signedBy: z.array(z.string().regex(/^[A-Za-z0-9+/]{43}=$/, "must be base64 of 32 bytes")).max(8),
});

export type MeshObservation = z.infer<typeof meshObservationSchema>;
export type MeshMeasured = z.infer<typeof meshMeasuredSchema>;
export type MeshNodeReport = z.infer<typeof meshNodeReportSchema>;
export type MeshCounts = z.infer<typeof meshCountsSchema>;
export type MeshSli = z.infer<typeof meshSliSchema>;
export type MeshSloVerdict = z.infer<typeof meshSloVerdictSchema>;
export type MeshSimResult = z.infer<typeof meshSimResultSchema>;
