// What a simulation is asked to do (MESH.md §2): the looser form that people write, and the complete form that a result
// records. Rules that need more than one field stand in core/mesh/check-parameters.ts.
import * as z from "zod";

/** Every bound of §2, inclusive. Times are in whole milliseconds, shares in percent with at most two decimals. */
export const MESH_BOUNDS = {
  nodes: [2, 10],
  latencyMs: [0, 10_000],
  percent: [0, 100],
  seed: [0, 4_294_967_295],
  jitterMs: [0, 10_000],
  rateKbps: [8, 10_000_000],
  faultMs: [0, 3_600_000],
  healMs: [1_000, 600_000],
  pace: [0, 1_000],
  sloMs: [1, 4_200_000],
  reSyncCount: [0, 100_000],
} as const satisfies Record<string, readonly [number, number]>;

/** How long each list may be. */
export const MESH_MAXIMA = { seeds: 10_000, partitions: 16, chaos: 32, drift: 50, expect: 50 } as const;

export const MESH_PHASES = ["boot", "receive", "verify", "start", "healthy"] as const;

const nodeName = z
  .string("must be a node such as node-1")
  .regex(/^node-(?:[1-9]|10)$/, "must be a node from node-1 to node-10");
const capsuleDigest = z
  .string("must be sha256: and 64 lowercase hex digits")
  .regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 lowercase hex digits");

const percent = z
  .number(textOf("a number", MESH_BOUNDS.percent))
  .min(MESH_BOUNDS.percent[0], textOf("a number", MESH_BOUNDS.percent))
  .max(MESH_BOUNDS.percent[1], textOf("a number", MESH_BOUNDS.percent))
  .refine((value) => Number(value.toFixed(2)) === value, "must have at most two decimals");
const seed = whole(MESH_BOUNDS.seed);
const faultMs = whole(MESH_BOUNDS.faultMs);

export const meshPartitionSchema = z.strictObject({
  /** Nodes in one group reach each other; a node in none reaches all. */
  groups: z.array(z.array(nodeName).min(1, "must name at least one node").max(10)).min(2).max(10),
  atMs: faultMs,
  healAtMs: faultMs,
  /** Only what goes from an earlier group to a later one is cut. */
  oneWay: z.boolean().optional(),
});

export const meshChaosSchema = z.strictObject({
  node: nodeName,
  /** On entering that phase for the first time, or at that time. */
  at: z.union(
    [z.enum(MESH_PHASES), faultMs],
    `must be a phase or ${textOf("a whole number", MESH_BOUNDS.faultMs)}`,
  ),
  action: z.enum(["crash", "restart", "pause"]),
});

export const meshDriftSchema = z.strictObject({
  node: nodeName,
  service: z.string().min(1).max(200),
  digest: capsuleDigest,
});

export const meshSloSchema = z.strictObject({
  timeToHealthyP50MsMax: whole(MESH_BOUNDS.sloMs).optional(),
  timeToHealthyP95MsMax: whole(MESH_BOUNDS.sloMs).optional(),
  timeToHealthyP99MsMax: whole(MESH_BOUNDS.sloMs).optional(),
  deliveryRatioPercentMin: percent.optional(),
  reSyncCountMax: whole(MESH_BOUNDS.reSyncCount).optional(),
});

/** A sentence that core/mesh/expectations.ts can check. */
const expectation = z
  .string()
  .max(200)
  .regex(
    /^(?:(?:node-(?:[1-9]|10)|every node) (?:is healthy|halts(?: with [a-z-]{1,60})?)|outcome is (?:pass|fail)|fails with [a-z-]{1,60})$/,
    "must read: node-N (or every node) is healthy | node-N halts [with REASON] | outcome is pass|fail | fails with REASON",
  );

const latencyMs = z.tuple(
  [whole(MESH_BOUNDS.latencyMs), whole(MESH_BOUNDS.latencyMs)],
  "must be [minimum, maximum] in milliseconds",
);
const seeds = z.array(seed).min(1, "must hold at least one seed").max(MESH_MAXIMA.seeds);

/** What both forms share: every field with its default. */
const shape = {
  nodes: whole(MESH_BOUNDS.nodes).default(5),
  latencyMs: latencyMs.default([50, 150]),
  packetLoss: percent.default(0),
  verifySignatures: z.boolean().default(true),
  distribution: z.enum(["uniform", "normal", "pareto"]).default("uniform"),
  loss: z.enum(["random", "gilbert-elliott"]).default("random"),
  jitterMs: whole(MESH_BOUNDS.jitterMs).default(0),
  duplicate: percent.default(0),
  reorder: percent.default(0),
  corrupt: percent.default(0),
  /** Null is without limit. */
  rateKbps: whole(MESH_BOUNDS.rateKbps).nullable().default(null),
  partitions: z.array(meshPartitionSchema).max(MESH_MAXIMA.partitions).default([]),
  chaosMode: z.boolean().default(false),
  chaos: z.array(meshChaosSchema).max(MESH_MAXIMA.chaos).default([]),
  drift: z.array(meshDriftSchema).max(MESH_MAXIMA.drift).default([]),
  healMs: whole(MESH_BOUNDS.healMs).default(30_000),
  /** The capsule that nodes run first. */
  previous: capsuleDigest.nullable().default(null),
  /** For watchers: virtual seconds for each real one; 0 does not wait. It changes nothing in the trace. */
  pace: z
    .number(textOf("a number", MESH_BOUNDS.pace))
    .min(MESH_BOUNDS.pace[0], textOf("a number", MESH_BOUNDS.pace))
    .max(MESH_BOUNDS.pace[1], textOf("a number", MESH_BOUNDS.pace))
    .default(0),
  slo: meshSloSchema.default({}),
  expect: z.array(expectation).max(MESH_MAXIMA.expect).default([]),
};

/** As people write it: one `seed`, or `seeds`, or neither. */
export const meshParametersInputSchema = z.strictObject({
  ...shape,
  seed: seed.optional(),
  seeds: seeds.optional(),
});

/** As a result records it: complete, its seeds included. */
export const meshParametersSchema = z.strictObject({ ...shape, seeds });

export type MeshParametersInput = z.infer<typeof meshParametersInputSchema>;
export type MeshParameters = z.infer<typeof meshParametersSchema>;
export type MeshPartition = z.infer<typeof meshPartitionSchema>;
export type MeshChaos = z.infer<typeof meshChaosSchema>;
export type MeshSlo = z.infer<typeof meshSloSchema>;
export type MeshPhase = (typeof MESH_PHASES)[number];

function whole(bounds: readonly [number, number]) {
  const text = textOf("a whole number", bounds);
  return z.int(text).min(bounds[0], text).max(bounds[1], text);
}

function textOf(kind: string, [lowest, highest]: readonly [number, number]): string {
  return `must be ${kind} from ${lowest} to ${highest}`;
}
