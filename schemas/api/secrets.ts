// Secrets over HTTP: names and revisions. A value only ever goes in.
import * as z from "zod";
import { SECRET_ENVIRONMENTS, secretEnvironmentSchema } from "../environment.ts";
import { actorRefSchema } from "../event.ts";
import { variableNameSchema } from "../manifest.ts";

export const MAX_SECRET_BYTES = 32 * 1_024;

export const setSecretSchema = z.strictObject({
  env: secretEnvironmentSchema,
  name: variableNameSchema,
  /** Any text of 1 to 32 KiB in UTF-8, line breaks included. The size is checked at the door, which answers 413. */
  value: z
    .string()
    .min(1, "must not be empty; remove the secret instead")
    .refine((value) => value.isWellFormed(), "must be text that UTF-8 can write (it holds half a character)"),
});

export const secretSchema = z.strictObject({
  name: z.string(),
  env: z.enum(SECRET_ENVIRONMENTS),
  /** Counts the changes of the environment's secrets: another number, another value (or the same one set again). */
  revision: z.int(),
  updatedAt: z.int(),
  updatedBy: actorRefSchema,
});
export type Secret = z.infer<typeof secretSchema>;

export const listSecretsQuerySchema = z.object({ env: secretEnvironmentSchema.optional() });

export const removeSecretQuerySchema = z.object({
  env: secretEnvironmentSchema,
  name: variableNameSchema,
  /** Also when what is live declares it: that app then starts without it. */
  force: z.enum(["true", "false"]).default("false"),
});
