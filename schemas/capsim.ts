// The evidence file `.capsim` (MESH.md M16), and what checking one says (M17).
import * as z from "zod";
import { meshSimResultSchema } from "./mesh-result.ts";
import { envelopeSchema } from "./statement.ts";
import { keyIdSchema } from "./trust.ts";

export const CAPSIM_TYPE = "urn:oursynth:capsim:v1";
/** A capsule's provenance names few builders; a result at most eight signers. */
const MAX_KEYS = 256;
const MAX_CAPSULE_ENVELOPES = 64;

/** A public key to look at. Nobody trusts it for being here. */
export const capsimKeySchema = z.strictObject({
  keyId: keyIdSchema,
  /** The 32 raw bytes in padded standard base64. */
  publicKey: z.string().regex(/^[A-Za-z0-9+/]{43}=$/, "must be base64 of 32 bytes"),
});

export const capsimSchema = z.strictObject({
  _type: z.literal(CAPSIM_TYPE),
  result: meshSimResultSchema,
  envelope: envelopeSchema,
  /** Exactly the keys that signed something here, sorted by `keyId`. */
  keys: z.array(capsimKeySchema).min(1).max(MAX_KEYS),
  capsule: z.strictObject({
    manifest: z.record(z.string(), z.unknown()),
    envelopes: z.array(envelopeSchema).max(MAX_CAPSULE_ENVELOPES),
  }),
});

/** In the order in which they are checked and shown. */
export const CAPSIM_STEPS = [
  "limits",
  "canonical",
  "schema",
  "keys",
  "signatures",
  "statement",
  "capsule",
  "capsule-signatures",
  "health",
  "rerun",
] as const;

export const capsimStepSchema = z.strictObject({
  id: z.enum(CAPSIM_STEPS),
  title: z.string(),
  status: z.enum(["pass", "fail", "skip"]),
  code: z.string().optional(),
  message: z.string().optional(),
  expected: z.string().optional(),
  actual: z.string().optional(),
});

/** What the file says of itself; null where it could not be read. It counts only with the verdict `pass`. */
export const capsimReportSchema = z.strictObject({
  verdict: z.enum(["pass", "fail", "undecidable"]),
  claims: z
    .strictObject({
      simId: z.string(),
      capsuleHash: z.string(),
      capsuleId: z.string().nullable(),
      kind: z.string(),
      /** Of the rehearsal itself: good evidence of a failed rehearsal is good evidence. */
      outcome: z.enum(["pass", "fail"]),
      reasons: z.array(z.string()),
      observedBy: z.string(),
      seedCount: z.int(),
      simulatorVersion: z.string(),
      startedAt: z.string(),
    })
    .nullable(),
  steps: z.array(capsimStepSchema).length(CAPSIM_STEPS.length),
});

export type Capsim = z.infer<typeof capsimSchema>;
export type CapsimKey = z.infer<typeof capsimKeySchema>;
export type CapsimStepId = (typeof CAPSIM_STEPS)[number];
export type CapsimStep = z.infer<typeof capsimStepSchema>;
export type CapsimReport = z.infer<typeof capsimReportSchema>;
