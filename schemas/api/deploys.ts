// Deploys, environments, logs and confirmations over HTTP.
import * as z from "zod";
import { ENVIRONMENTS, environmentSchema } from "../environment.ts";
import { actorRefSchema } from "../event.ts";
import { gateOverrideSchema } from "../gate.ts";
import { restatementSchema } from "../restatement.ts";
import { digestSchema, projectRefSchema } from "./common.ts";
import { secretSchema } from "./secrets.ts";

export const createDeploySchema = z.strictObject({
  projectId: projectRefSchema,
  capsuleDigest: digestSchema,
  env: environmentSchema,
  dryRun: z.boolean().optional(),
  /** An owner goes on without evidence; it stands in the restatement, and on the timeline for good. */
  override: gateOverrideSchema.optional(),
});

/** The mission's alias: the newest capsule of the project with this version. */
export const createDeployByProductSchema = z.strictObject({
  productSlug: z.string().min(1).max(64),
  version: z.string().min(1).max(100),
  env: environmentSchema,
  runId: z.string().max(64).optional(),
});

export const deployCapsuleSchema = z.strictObject({ capsuleHash: digestSchema, env: environmentSchema });

export const deployStartedSchema = z.strictObject({ deployId: z.string() });
export type DeployStarted = z.infer<typeof deployStartedSchema>;
export const deployCapsuleStartedSchema = z.strictObject({
  ok: z.literal(true),
  env: z.enum(ENVIRONMENTS),
  deployId: z.string(),
  url: z.string(),
});
export const dryRunSchema = z.strictObject({
  dryRun: z.literal(true),
  wouldDeploy: z.boolean(),
  phases: z.array(
    z.strictObject({ phase: z.string(), status: z.enum(["pass", "fail", "skip"]), message: z.string() }),
  ),
});

export type DryRun = z.infer<typeof dryRunSchema>;

export const runLogLineSchema = z.strictObject({
  seq: z.int(),
  ts: z.int(),
  level: z.enum(["info", "warn", "error"]),
  message: z.string(),
});
export type RunLogLine = z.infer<typeof runLogLineSchema>;

export const deploySchema = z.strictObject({
  deployId: z.string(),
  projectId: z.string(),
  capsuleDigest: digestSchema,
  env: z.enum(ENVIRONMENTS),
  status: z.enum(["queued", "running", "done", "error", "cancelled"]),
  phase: z.string(),
  startedAt: z.int(),
  finishedAt: z.int().nullable(),
  artifactDigest: digestSchema.nullable(),
  failure: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  url: z.string(),
  /** Who asked for it. */
  actor: actorRefSchema,
  /** Who answered for it; null where nobody had to. */
  confirmedBy: actorRefSchema.nullable(),
  /** It stops before its next phase. */
  isCancelRequested: z.boolean(),
});
export type Deploy = z.infer<typeof deploySchema>;
export const deployDetailSchema = deploySchema.extend({ log: z.array(runLogLineSchema) });
export type DeployDetail = z.infer<typeof deployDetailSchema>;

export const activateSchema = z.strictObject({
  capsuleDigest: digestSchema,
  expectedRevision: z.int().min(0),
  override: gateOverrideSchema.optional(),
});
export const activationSchema = z.strictObject({
  env: z.enum(ENVIRONMENTS),
  revision: z.int(),
  capsuleDigest: digestSchema,
  artifactDigest: digestSchema,
  deployId: z.string(),
  activatedAt: z.int(),
  url: z.string(),
});
export type ActivationFacts = z.infer<typeof activationSchema>;

export const confirmationSchema = z.strictObject({
  confirmationId: z.string(),
  restatement: restatementSchema,
  /** SHA-256 of the restatement's JCS. */
  restatementHash: digestSchema,
  expiresAt: z.int(),
});
export type ConfirmationFacts = z.infer<typeof confirmationSchema>;
export const confirmationNeededSchema = z.looseObject({
  ...confirmationSchema.shape,
  /** Where a person answers. */
  url: z.string(),
});
export type ConfirmationNeeded = z.infer<typeof confirmationNeededSchema>;
export const decisionSchema = z.strictObject({ decision: z.enum(["confirm", "refuse"]) });
export const decidedSchema = z.strictObject({
  decision: z.enum(["confirm", "refuse"]),
  /** What came of it; null when it was refused. */
  outcome: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("deploy"), deployId: z.string() }),
      z.strictObject({ kind: z.literal("activate"), activation: activationSchema.omit({ url: true }) }),
      z.strictObject({ kind: z.literal("policy"), policyRevision: z.int() }),
      z.strictObject({ kind: z.literal("set-secret"), secret: secretSchema }),
      z.strictObject({ kind: z.literal("remove-secret"), name: z.string() }),
      z.strictObject({ kind: z.literal("trust"), trustRevision: z.int() }),
    ])
    .nullable(),
});
export type Decided = z.infer<typeof decidedSchema>;

export const appLogLineSchema = z.strictObject({
  seq: z.int(),
  ts: z.int(),
  level: z.string(),
  message: z.string(),
  stack: z.string().optional(),
  requestId: z.string().optional(),
  path: z.string().optional(),
  artifactDigest: z.string().optional(),
});
export type AppLogLine = z.infer<typeof appLogLineSchema>;
export const appLogPageSchema = z.strictObject({ items: z.array(appLogLineSchema), nextSince: z.int() });
export type AppLogPage = z.infer<typeof appLogPageSchema>;
