// A prod action as it was asked for, stored until a person answers (ARCHITECTURE.md "Prod actions").
import * as z from "zod";
import { ENVIRONMENTS } from "./environment.ts";
import { gateOverrideSchema, gatePolicySchema } from "./gate.ts";
import { keyIdSchema, trustKeySchema, trustRecordSchema } from "./trust.ts";

const digestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 lowercase hex digits");
const env = z.enum(ENVIRONMENTS);
const override = gateOverrideSchema.nullable();

/** The changes of trust that say whom to believe; a rotation and a revocation are signed or urgent, and do not wait. */
const trustChangeSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("trusted"), key: trustKeySchema.omit({ state: true }) }),
  z.strictObject({ kind: z.literal("removed"), keyId: keyIdSchema }),
  z.strictObject({ kind: z.literal("thresholds"), thresholds: trustRecordSchema.shape.thresholds }),
]);

export const prodRequestSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("deploy"), env, capsuleDigest: digestSchema, override }),
  z.strictObject({
    kind: z.literal("activate"),
    env,
    capsuleDigest: digestSchema,
    expectedRevision: z.int().min(0),
    override,
  }),
  z.strictObject({ kind: z.literal("policy"), env, policy: gatePolicySchema }),
  /** The value waits sealed, and is dropped with the request. */
  z.strictObject({ kind: z.literal("set-secret"), env, name: z.string(), sealed: z.string() }),
  z.strictObject({ kind: z.literal("remove-secret"), env, name: z.string(), isForced: z.boolean() }),
  z.strictObject({
    kind: z.literal("trust"),
    env,
    change: trustChangeSchema,
    /** Of the signed statement that brings it; null when none was needed. */
    envelopeSha256: z.string().nullable(),
  }),
]);
export type ProdRequest = z.infer<typeof prodRequestSchema>;
export type RestatedTrustChange = z.infer<typeof trustChangeSchema>;
