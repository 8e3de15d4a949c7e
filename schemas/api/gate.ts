// The gate and its policy over HTTP.
import * as z from "zod";
import { ENVIRONMENTS } from "../environment.ts";
import { gateDecisionSchema, gatePolicySchema } from "../gate.ts";
import { meshParametersSchema } from "../mesh-parameters.ts";

export const policySchema = z.strictObject({
  env: z.enum(ENVIRONMENTS),
  policy: gatePolicySchema,
  policyRevision: z.int().min(0),
});
export type EnvironmentPolicy = z.infer<typeof policySchema>;

export const gateSchema = z.strictObject({
  params: meshParametersSchema,
  seeds: z.array(z.int()),
  policyRevision: z.int().min(0),
  policy: gatePolicySchema,
  decision: gateDecisionSchema,
});
export type GateAnswer = z.infer<typeof gateSchema>;
