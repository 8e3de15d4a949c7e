// Capsules and their blobs over HTTP.
import * as z from "zod";
import { capsuleDiffSchema } from "../capsule-diff.ts";
import { mergeConflictSchema, mergeDecisionSchema } from "../capsule-merge.ts";
import { envelopeSchema } from "../statement.ts";
import { verificationReportSchema } from "../verification.ts";
import { branchNameSchema, digestSchema, pageQuerySchema, projectRefSchema, sha256Schema } from "./common.ts";

/** The manifest is checked by the capsule's own rules, which name the field; here it is only an object. */
const manifestValueSchema = z.record(z.string(), z.unknown()).meta({
  description:
    "The stored manifest (CAPSULE.md C7), canonical or not: its digest is over its canonical form.",
});

export const missingRequestSchema = z.strictObject({
  projectId: projectRefSchema,
  manifest: manifestValueSchema,
});
export const missingSchema = z.strictObject({ capsuleDigest: digestSchema, missing: z.array(sha256Schema) });

export const finaliseSchema = z.strictObject({
  projectId: projectRefSchema,
  manifest: manifestValueSchema,
  envelopes: z.array(envelopeSchema).max(64),
  branch: branchNameSchema.optional(),
  message: z.string().max(1_000).optional(),
});

export const blobPutSchema = z.strictObject({ sha256: sha256Schema, sizeBytes: z.int(), crc32: z.int() });
export const blobBatchSchema = z.strictObject({ items: z.array(blobPutSchema) });

export const capsuleFactsSchema = z.strictObject({
  capsuleDigest: digestSchema,
  contentDigest: digestSchema,
  projectId: z.string(),
  id: z.string(),
  name: z.string(),
  version: z.string(),
  fileCount: z.int(),
  sizeBytes: z.int(),
  createdAt: z.int(),
  acceptedAt: z.int(),
  /** The id of the user in whose name it came in; their name is among the members. */
  acceptedBy: z.string(),
  eventSeq: z.int(),
});
export type CapsuleSummary = z.infer<typeof capsuleFactsSchema>;

export const capsuleDetailSchema = capsuleFactsSchema.extend({ manifest: manifestValueSchema });
export type CapsuleDetail = z.infer<typeof capsuleDetailSchema>;

export const acceptedSchema = capsuleFactsSchema.extend({ report: verificationReportSchema });
export type AcceptedCapsule = z.infer<typeof acceptedSchema>;

export const statementListSchema = z.strictObject({
  items: z.array(
    z.strictObject({
      envelopeSha256: sha256Schema,
      predicateType: z.string(),
      keyIds: z.array(z.string()),
      createdAt: z.int(),
      envelope: envelopeSchema,
    }),
  ),
  nextCursor: z.string().nullable(),
});
export type StatementList = z.infer<typeof statementListSchema>;

/** `q` is looked for in the name, the id with its version, and at the beginning of the digest; upper and lower case are one. */
export const listCapsulesQuerySchema = pageQuerySchema.extend({ q: z.string().trim().max(200).optional() });

export const packMomentSchema = z.strictObject({
  branch: branchNameSchema.optional(),
  /** The event; the branch's head when left out. */
  at: z.int().min(1).optional(),
  version: z.string().max(100).optional(),
  reason: z.string().max(1_000).optional(),
  /** Files and folders that the secret rules let in on purpose, as `--allow` does. */
  allow: z.array(z.string().min(1).max(1_024)).max(1_000).optional(),
  /** A key made in the vault to sign with; the project's own when left out. */
  keyId: digestSchema.optional(),
});

export const capsuleDiffAnswerSchema = capsuleDiffSchema.extend({ from: digestSchema, to: digestSchema });
export type CapsuleDiffAnswer = z.infer<typeof capsuleDiffAnswerSchema>;

export const mergeRequestSchema = z.strictObject({
  projectId: projectRefSchema,
  /** What both come from. */
  base: digestSchema,
  ours: digestSchema,
  theirs: digestSchema,
  version: z.string().max(100),
  decisions: z
    .record(z.string().max(2_048), mergeDecisionSchema)
    .meta({ description: "By the path of the conflict" })
    .optional(),
  branch: branchNameSchema.optional(),
  reason: z.string().max(1_000).optional(),
});

export const mergeConflictsSchema = z.strictObject({ conflicts: z.array(mergeConflictSchema) });
