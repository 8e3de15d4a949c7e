// Branches, commits and moments over HTTP.
import * as z from "zod";
import { capsuleDiffSchema } from "../capsule-diff.ts";
import { eventSchema, snapshotSchema } from "../event.ts";
import { branchNameSchema, digestSchema, sha256Schema } from "./common.ts";

const MAX_CHANGES = 9_000;

export const commitSchema = z
  .strictObject({
    branch: branchNameSchema,
    /** Seq of the event that last moved the branch; 0 for a new branch. */
    expectedHead: z.int().min(0),
    capsuleDigest: digestSchema.optional(),
    files: z
      .array(
        z.strictObject({
          path: z.string().max(1_024),
          sha256: sha256Schema.optional(),
          mode: z.enum(["file", "executable"]).optional(),
          delete: z.literal(true).optional(),
        }),
      )
      .max(MAX_CHANGES)
      .optional(),
    /** Fields of the manifest that stay in force until changed: name, version, app, services, build, … */
    settings: z.record(z.string(), z.unknown()).optional(),
    message: z.string().trim().min(1).max(1_000),
  })
  .refine(
    (commit) =>
      (commit.capsuleDigest === undefined) !== (commit.files === undefined && commit.settings === undefined),
    {
      message: "give either capsuleDigest, or files and settings",
    },
  );

export const committedSchema = z.strictObject({ event: eventSchema });

export const createBranchSchema = z.strictObject({
  name: branchNameSchema,
  from: branchNameSchema.optional(),
  at: z.int().min(1).optional(),
});

export const restoreSchema = z.strictObject({
  branch: branchNameSchema.optional(),
  at: z.int().min(1),
  expectedHead: z.int().min(0).optional(),
});

export const treeSchema = z.strictObject({
  branch: z.string(),
  headSeq: z.int(),
  snapshot: snapshotSchema,
  capsuleDigest: digestSchema.nullable(),
  files: z.array(
    z.strictObject({
      path: z.string(),
      mode: z.enum(["file", "executable"]),
      sizeBytes: z.int(),
      sha256: sha256Schema,
    }),
  ),
  settings: z.record(z.string(), z.unknown()),
});

/** `from` and `to` are the events that last moved the branch at the two moments. */
export const momentDiffSchema = capsuleDiffSchema.extend({
  branch: z.string(),
  from: z.int(),
  to: z.int(),
});

export const timelinePageSchema = z.strictObject({
  items: z.array(eventSchema),
  nextCursor: z.string().nullable(),
  lastSeq: z.int(),
  epoch: z.string(),
});
export type TimelinePage = z.infer<typeof timelinePageSchema>;

export const timelineVerificationSchema = z.strictObject({
  isIntact: z.boolean(),
  checked: z.int(),
  lastHash: sha256Schema,
  firstBreak: z
    .strictObject({ seq: z.int(), problem: z.enum(["seq", "prevHash", "dataHash", "hash"]) })
    .nullable(),
});
