// The platform's health over HTTP.
import * as z from "zod";

export const healthSchema = z.strictObject({
  ok: z.boolean(),
  /** Milliseconds since the epoch. */
  ts: z.int(),
  version: z.string(),
  checks: z.strictObject({ d1: z.boolean(), r2: z.boolean(), objects: z.boolean(), vault: z.boolean() }),
  /** One line on what is wrong and what to do, where the platform knows. */
  detail: z.string().optional(),
});
export type Health = z.infer<typeof healthSchema>;
