// Moments that somebody pinned and named, over HTTP.
import * as z from "zod";
import { actorRefSchema } from "../event.ts";

export const MAX_PIN_NAME_CHARACTERS = 80;

export const putPinSchema = z.strictObject({
  name: z.string().trim().min(1).max(MAX_PIN_NAME_CHARACTERS),
});

export const pinSchema = z.strictObject({
  /** The event that ends the moment. */
  at: z.int().min(1),
  name: z.string(),
  pinnedBy: actorRefSchema,
  /** Milliseconds since the epoch. */
  pinnedAt: z.int(),
});
export type Pin = z.infer<typeof pinSchema>;
