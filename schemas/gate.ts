// The gate before an environment: a project's policy as data, and what the gate decides (MESH.md M18, M19).
import * as z from "zod";
import { MESH_BOUNDS, meshSloSchema } from "./mesh-parameters.ts";
import { roleSchema } from "./trust.ts";

const digestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 lowercase hex digits");

const latencyMs = z.int().min(MESH_BOUNDS.latencyMs[0]).max(MESH_BOUNDS.latencyMs[1]);
const percent = z
  .number()
  .min(MESH_BOUNDS.percent[0])
  .max(MESH_BOUNDS.percent[1])
  .refine((value) => Number(value.toFixed(2)) === value, "must have at most two decimals");

/** M18: at least this many seeds, all passing. */
export const MIN_GATE_SEEDS = 20;
const MAX_GATE_SEEDS = 200;
const MAX_AGE_DAYS = 365;
const MAX_THRESHOLD = 64;

/** The policy of one environment. What is left out is the default; a policy is stored complete. */
export const gatePolicySchema = z.strictObject({
  /** An environment that is not guarded takes every capsule that verifies. */
  isGuarded: z.boolean(),
  maxAgeDays: z.int().min(1).max(MAX_AGE_DAYS).default(7),
  nodes: z.int().min(MESH_BOUNDS.nodes[0]).max(MESH_BOUNDS.nodes[1]).default(5),
  latencyMs: z
    .tuple([latencyMs, latencyMs])
    .refine(([min, max]) => min <= max, { error: "the first must not be above the second" })
    .default([20, 120]),
  packetLoss: percent.default(5),
  chaosMode: z.boolean().default(true),
  seeds: z.int().min(MIN_GATE_SEEDS).max(MAX_GATE_SEEDS).default(MIN_GATE_SEEDS),
  slo: meshSloSchema.default({}),
  /** How many distinct trusted keys a capsule needs in a role, beyond what the project's trust asks. */
  thresholds: z.partialRecord(roleSchema, z.int().min(1).max(MAX_THRESHOLD)).default({}),
  /** Whether a result that was observed elsewhere counts, signed by a key with the role `simulator`. */
  acceptsExternalEvidence: z.boolean().default(false),
  /** Whether a capsule that was live here before, on good evidence, may come back without fresh evidence. */
  allowsRollback: z.boolean().default(true),
});
export type GatePolicy = z.infer<typeof gatePolicySchema>;
export type GatePolicyInput = z.input<typeof gatePolicySchema>;

/** The problem codes of a refusal (API.md: 412), from what is nearest to proof to what is farthest. */
export const GATE_REFUSALS = [
  "evidence-stale",
  "evidence-failed",
  "evidence-untrusted",
  "evidence-missing",
] as const;
export type GateRefusal = (typeof GATE_REFUSALS)[number];

export const gateDecisionSchema = z.strictObject({
  isAllowed: z.boolean(),
  /** Why it may, or may not. */
  basis: z.enum(["open", "evidence", "rollback", "override", ...GATE_REFUSALS]),
  /** One sentence, with what to do about a refusal. */
  message: z.string(),
  policyRevision: z.int().min(0),
  capsuleDigest: digestSchema,
  artifactDigest: digestSchema.nullable(),
  /** The result that decided, for or against. */
  simId: z.string().nullable(),
  evidenceSha256: z.string().nullable(),
});
export type GateDecision = z.infer<typeof gateDecisionSchema>;

/** M19: an owner goes on without evidence, in writing. */
export const gateOverrideSchema = z.strictObject({ reason: z.string().trim().min(10).max(2_000) });
export type GateOverride = z.infer<typeof gateOverrideSchema>;
