// What differs between two capsules or two moments (CAPSULE.md F1).
import * as z from "zod";
import { manifestFileSchema } from "./manifest.ts";

/** A file's line in a manifest without its path. */
export const fileFactsSchema = manifestFileSchema.omit({ path: true });

export const fileDifferenceSchema = z.strictObject({
  kind: z.enum(["added", "removed", "modified", "renamed", "mode-changed"]),
  path: z.string(),
  /** Where a renamed file came from. */
  from: z.string().nullable(),
  before: fileFactsSchema.nullable(),
  after: fileFactsSchema.nullable(),
  content: z
    .enum(["same", "text", "binary", "too-large", "unread"])
    .meta({ description: "What the patch could be made of; all but same and text are told by digest only." }),
  patch: z
    .string()
    .nullable()
    .meta({ description: "In the form of `git diff`; null where content is told by digest only." }),
});

export const fieldDifferenceSchema = z.strictObject({
  pointer: z.string().meta({ description: "RFC 6901", example: "/app/env/GREETING" }),
  /** Left out where the field was not there. */
  before: z.unknown().optional(),
  /** Left out where the field is gone. */
  after: z.unknown().optional(),
});

export const capsuleDiffSchema = z.strictObject({
  files: z.array(fileDifferenceSchema),
  fields: z.array(fieldDifferenceSchema),
});

export type FileFacts = z.infer<typeof fileFactsSchema>;
export type FileDifference = z.infer<typeof fileDifferenceSchema>;
export type FieldDifference = z.infer<typeof fieldDifferenceSchema>;
export type CapsuleDiff = z.infer<typeof capsuleDiffSchema>;
