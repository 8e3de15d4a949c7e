// A prod action as it was asked for, stored until a person answers (ARCHITECTURE.md "Prod actions").
import * as z from "zod";
import { ENVIRONMENTS } from "./environment.ts";
import { gateOverrideSchema, gatePolicySchema } from "./gate.ts";

const digestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 lowercase hex digits");
const env = z.enum(ENVIRONMENTS);
const override = gateOverrideSchema.nullable();

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
]);
export type ProdRequest = z.infer<typeof prodRequestSchema>;
