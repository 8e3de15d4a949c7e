// What stands in the way of a merge, and how it is decided (CAPSULE.md F2).
import * as z from "zod";
import { fileFactsSchema } from "./capsule-diff.ts";

/** Null where the file is not there. */
const fileSideSchema = fileFactsSchema.nullable();
/** Null where the field is not there. */
const fieldSideSchema = z.strictObject({ value: z.unknown() }).nullable();

const fileConflictSchema = z.strictObject({
  kind: z.enum(["content", "binary", "too-large", "add-add", "modify-delete", "collision"]),
  path: z.string().meta({ description: "The file's path, which begins with no slash" }),
  base: fileSideSchema,
  ours: fileSideSchema,
  theirs: fileSideSchema,
  text: z
    .string()
    .nullable()
    .meta({ description: "The merged text with conflict markers, where all sides are text" }),
  message: z.string(),
});

const fieldConflictSchema = z.strictObject({
  kind: z.enum(["field", "invalid"]),
  path: z.string().meta({ description: "RFC 6901; members of services and seeds by name" }),
  base: fieldSideSchema,
  ours: fieldSideSchema,
  theirs: fieldSideSchema,
  message: z.string(),
});

export const mergeConflictSchema = z.discriminatedUnion("kind", [fileConflictSchema, fieldConflictSchema]);

export const mergeDecisionSchema = z
  .union([z.enum(["ours", "theirs"]), z.strictObject({ content: z.unknown() })])
  .meta({ description: "A side as it stands, or new content: a file's text, or a field's value" });

export type FileConflict = z.infer<typeof fileConflictSchema>;
export type FieldConflict = z.infer<typeof fieldConflictSchema>;
export type MergeConflict = z.infer<typeof mergeConflictSchema>;
export type MergeDecision = z.infer<typeof mergeDecisionSchema>;
