// `cases.json`: what another implementation needs to run the suite (README.md beside this).
import * as z from "zod";
import { type TrustRecord, trustRecordSchema } from "../../schemas/trust.ts";
import { verificationReportSchema, verificationStepIdSchema } from "../../schemas/verification.ts";
import type { ConformanceCase } from "./craft/conformance-case.ts";

const listedCaseSchema = z.strictObject({
  name: z.string(),
  /** Relative to `cases.json`. */
  file: z.string(),
  rule: z.string(),
  why: z.string(),
  verdict: verificationReportSchema.shape.verdict,
  /** The step that fails, our code for the reason, and a part of our message. */
  step: verificationStepIdSchema.optional(),
  code: z.string().optional(),
  message: z.string().optional(),
});

export const listingSchema = z.strictObject({
  about: z.string(),
  trust: trustRecordSchema,
  cases: z.array(listedCaseSchema),
});

export type Listing = z.infer<typeof listingSchema>;
export type ListedCase = z.infer<typeof listedCaseSchema>;

const ABOUT =
  "Capsules and the verdicts that CAPSULE.md dictates, given the keys in `trust`, no expected digest, and `builder` " +
  "as the required role. Another implementation must agree on verdict and step; code and message are ours.";

export function makeListing(cases: readonly ConformanceCase[], trust: TrustRecord): Listing {
  return { about: ABOUT, trust, cases: cases.map(listCase) };
}

function listCase({ name, rule, why, verdict, refusal }: ConformanceCase): ListedCase {
  const expected = refusal === null ? {} : { step: refusal.step, code: refusal.code, message: refusal.says };
  return { name, file: `cases/${name}.caps`, rule, why, verdict, ...expected };
}
