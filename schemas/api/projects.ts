// Projects over HTTP.
import * as z from "zod";
import { ENVIRONMENTS, labelSchema } from "../environment.ts";
import { snapshotSchema } from "../event.ts";
import { digestSchema } from "./common.ts";

export const createProjectSchema = z.strictObject({
  label: labelSchema,
  name: z.string().trim().min(1).max(100).optional(),
});

export const updateProjectSchema = z.strictObject({ name: z.string().trim().min(1).max(100) });

export const projectSchema = z.strictObject({
  projectId: z.string(),
  label: z.string(),
  name: z.string(),
  /** Milliseconds since the epoch. */
  createdAt: z.int(),
});
export type ProjectSummary = z.infer<typeof projectSchema>;

export const branchSchema = z.strictObject({
  name: z.string(),
  headSeq: z.int(),
  snapshot: snapshotSchema,
  capsuleDigest: digestSchema.nullable(),
});

export const environmentStateSchema = z.strictObject({
  name: z.enum(ENVIRONMENTS),
  url: z.string(),
  /** 0 while nothing was ever activated. */
  revision: z.int(),
  live: z
    .strictObject({
      capsuleDigest: digestSchema,
      artifactDigest: digestSchema,
      deployId: z.string(),
      activatedAt: z.int(),
    })
    .nullable(),
});
export type EnvironmentState = z.infer<typeof environmentStateSchema>;

export const projectDetailSchema = projectSchema.extend({
  platformKeyId: digestSchema,
  epoch: z.string(),
  lastSeq: z.int(),
  trustRevision: z.int(),
  branches: z.array(branchSchema),
  environments: z.array(environmentStateSchema),
});
export type ProjectDetail = z.infer<typeof projectDetailSchema>;
