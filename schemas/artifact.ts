// What a capsule compiles to (ARCHITECTURE.md, Words: artifact) and what it is run with.
import * as z from "zod";

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

export const MODULE_TYPES = ["js", "json", "text", "data"] as const;

export const runtimeSchema = z.strictObject({
  compatibilityDate: z.string(),
  compatibilityFlags: z.array(z.string()),
});

export const artifactSchema = z.strictObject({
  /** Names what compiled it and in which version, so that a change of either is another artifact. */
  toolchain: z.string(),
  runtime: runtimeSchema,
  /** Name of the main module; null for a static app. */
  entry: z.string().nullable(),
  modules: z.array(z.strictObject({ name: z.string(), type: z.enum(MODULE_TYPES), sha256: sha256Schema })),
  assets: z.array(z.strictObject({ path: z.string(), sha256: sha256Schema, sizeBytes: z.int().min(0) })),
});

/** As stored; the digest leaves `sizeBytes` out (a digest fixes the size anyway). */
export type Artifact = z.infer<typeof artifactSchema>;
export type ArtifactModule = Artifact["modules"][number];
export type ArtifactAsset = Artifact["assets"][number];

/** The compiled code of an artifact, in one document: a cold start is then one read. `data` is base64. */
export const modulePackSchema = z.strictObject({
  modules: z.array(z.strictObject({ name: z.string(), type: z.enum(MODULE_TYPES), content: z.string() })),
});
export type ModulePack = z.infer<typeof modulePackSchema>;

/** What an artifact is run with; content-addressed as well, so that a rollback brings it back too. */
export const configurationSchema = z.strictObject({
  env: z.record(z.string(), z.string()),
  /** Names of the secrets that the app gets beside them; empty for a static app, and in what was built before them. */
  secrets: z.array(z.string()).default([]),
  htmlHandling: z.enum(["auto-trailing-slash", "force-trailing-slash", "drop-trailing-slash", "none"]),
  notFoundHandling: z.enum(["none", "single-page-application", "404-page"]),
  health: z.string(),
});
export type Configuration = z.infer<typeof configurationSchema>;

/** The row that a visit needs: hostname to artifact (ARCHITECTURE.md "Visit"). */
export type HostPointer = {
  readonly hostname: string;
  readonly organizationId: string;
  readonly projectId: string;
  readonly environment: string;
  /** Prefixed digests. */
  readonly artifactDigest: string;
  readonly configurationDigest: string;
  readonly capsuleDigest: string;
  /** Of the environment's pointer; only grows. */
  readonly revision: number;
  /** Of the environment's secrets; only grows, 0 when none was ever set. */
  readonly secretsRevision: number;
};
