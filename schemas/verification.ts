// What a verification says: one verdict and the twelve steps that led to it (CAPSULE.md §5).
import * as z from "zod";

/** The twelve steps in the order of CAPSULE.md §5. */
export const verificationStepIdSchema = z.enum([
  "limits",
  "container",
  "manifest",
  "type",
  "paths",
  "files",
  "digest",
  "envelopes",
  "thresholds",
  "predicates",
  "attestations",
  "parents",
]);

export const verificationStepSchema = z.strictObject({
  id: verificationStepIdSchema,
  title: z.string(),
  status: z.enum(["pass", "fail", "skip"]),
  expected: z.string().optional(),
  actual: z.string().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
});

/** `undecidable`: nothing failed, but something that the policy needs could not be checked. */
export const verificationReportSchema = z.strictObject({
  capsuleDigest: z.string().nullable(),
  verdict: z.enum(["pass", "fail", "undecidable"]),
  steps: z.array(verificationStepSchema).length(verificationStepIdSchema.options.length),
});

export type VerificationStepId = z.infer<typeof verificationStepIdSchema>;
export type VerificationStep = z.infer<typeof verificationStepSchema>;
export type VerificationReport = z.infer<typeof verificationReportSchema>;
