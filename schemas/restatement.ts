// A prod action said again in full, for the person who answers for it (API.md, confirmations; ARCHITECTURE.md
// "Prod actions"). Confirming carries out the stored request only while every word of it is still true.
import * as z from "zod";
import { ENVIRONMENTS } from "./environment.ts";
import { actorRefSchema } from "./event.ts";
import { gateDecisionSchema, gateOverrideSchema, gatePolicySchema } from "./gate.ts";

const digestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 lowercase hex digits");

/** What of a capsule's files is told one by one; the rest is counted. */
export const MAX_RESTATED_FILES = 100;

/** What differs from what is live: names, never values. */
export const restatedChangesSchema = z.strictObject({
  files: z.strictObject({
    addedCount: z.int().min(0),
    modifiedCount: z.int().min(0),
    removedCount: z.int().min(0),
    /** `+`, `~` or `-`, a space, and the path; the first {@link MAX_RESTATED_FILES} in order of path. */
    lines: z.array(z.string()).max(MAX_RESTATED_FILES),
  }),
  /** JSON pointers into the manifest (RFC 6901). */
  settings: z.array(z.string()),
  variables: z.array(z.string()),
  secrets: z.array(z.string()),
});

export const restatedReleaseSchema = z.strictObject({
  capsuleDigest: digestSchema,
  capsuleId: z.string(),
  /** Where it was committed, when it was. */
  branch: z.string().nullable(),
  commitSeq: z.int().min(1).nullable(),
  artifactDigest: digestSchema.nullable(),
  /** Null while nothing is live there. */
  live: z
    .strictObject({ capsuleDigest: digestSchema, artifactDigest: digestSchema, revision: z.int().min(1) })
    .nullable(),
  changes: restatedChangesSchema,
  recipe: z.strictObject({
    framework: z.string(),
    compatibilityDate: z.string(),
    steps: z.array(z.string()),
    lockfile: z.string().nullable(),
  }),
  hostnames: z.array(z.string()),
  gate: gateDecisionSchema,
  override: gateOverrideSchema.nullable(),
});

export const restatementSchema = z.strictObject({
  /** The whole action in one sentence. */
  sentence: z.string(),
  /** Who asked, and by what. */
  requestedBy: z.strictObject({ actor: actorRefSchema, login: z.enum(["token", "session", "device"]) }),
  projectId: z.string(),
  label: z.string(),
  env: z.enum(ENVIRONMENTS),
  /** All that may not move until it is confirmed. */
  revisions: z.strictObject({
    environment: z.int().min(0),
    policy: z.int().min(0),
    trust: z.int().min(0),
    evidence: z.int().min(0),
    secrets: z.int().min(0),
  }),
  release: restatedReleaseSchema.nullable(),
  /** For a change of policy: what it is and what it would be. */
  policy: z.strictObject({ before: gatePolicySchema, after: gatePolicySchema }).nullable(),
});
export type Restatement = z.infer<typeof restatementSchema>;
export type RestatedRelease = z.infer<typeof restatedReleaseSchema>;
export type RestatedChanges = z.infer<typeof restatedChangesSchema>;
