// The capsule manifest: its stored form, where every field is present (CAPSULE.md C7), and the looser form that
// people write (C11). Rules that need more than one field stand in core/capsule/manifest.ts.
import * as z from "zod";

export const CAPSULE_TYPE = "urn:oursynth:capsule:v1";

/** SemVer 2, the expression that semver.org suggests. */
export const SEMVER_PATTERN =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$/;
export const SLUG_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

const MAX_TEXT = 8_192;
const MAX_LIST = 1_000;

const text = z.string().max(MAX_TEXT);
const shortText = z.string().min(1).max(200);
const safeInteger = z.int();
const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, "must be 64 lowercase hex digits");
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 lowercase hex digits");
const semver = z.string().max(256).regex(SEMVER_PATTERN, "must be a SemVer 2 version");
const capsuleId = z
  .string()
  .max(400)
  .regex(/^urn:oursynth:app:[a-z0-9-]{1,63}@\S+$/, "must be urn:oursynth:app:<slug>@<semver>");
const storedPath = z.string().min(1).max(1_024);
const textMap = z.record(z.string().min(1).max(256), text);
const textList = z.array(text).max(MAX_LIST);
/** A variable's name as a process environment takes it. */
export const variableNameSchema = z
  .string()
  .max(256)
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]*$/, "must be a variable's name");
const variables = z.record(variableNameSchema, text);
const secretNames = z.array(variableNameSchema).max(MAX_LIST);
/** A host name, with an optional leading `*.` and an optional port. */
const hostName = z
  .string()
  .max(260)
  .regex(/^(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?$/, "must be a host name");
const healthPath = z
  .string()
  .max(1_024)
  .regex(/^\/[\x21-\x7e]*$/, "must be a path that starts with /");
const compatibilityDate = z.iso.date();
const platformRange = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[0-9A-Za-z.*^~<>=|+ -]+$/, "must be a SemVer range");

const frameworkSchema = z.enum(["static", "worker", "hono", "astro", "vite", "nextjs", "process", "other"]);
const serviceTypeSchema = z.enum([
  "worker",
  "edge",
  "static",
  "kv",
  "sqlite",
  "files",
  "postgres",
  "process",
]);
const htmlHandlingSchema = z.enum([
  "auto-trailing-slash",
  "force-trailing-slash",
  "drop-trailing-slash",
  "none",
]);
const notFoundHandlingSchema = z.enum(["none", "single-page-application", "404-page"]);

const createdBySchema = z.strictObject({ name: shortText, keyId: z.string().max(200).optional() });

/** One line of `files` (CAPSULE.md C4). The keys stand in JCS order: thousands of lines are then written as they are. */
export const manifestFileSchema = z.strictObject({
  mode: z.enum(["file", "executable"]),
  path: storedPath,
  sha256: sha256Hex,
  sizeBytes: safeInteger.min(0),
});

/** A document that the container carries as `attestations/<name>`; `path` is that whole name (CAPSULE.md C7, K1). */
export const manifestAttestationSchema = z.strictObject({
  type: shortText,
  sha256: sha256Hex,
  path: z
    .string()
    .regex(/^attestations\/[a-z0-9._-]{1,100}$/, "must be attestations/<name of a-z 0-9 . _ ->"),
  meta: z.unknown(),
});

const storedAppSchema = z.strictObject({
  framework: frameworkSchema,
  runtime: z.strictObject({ compatibilityDate, compatibilityFlags: z.array(shortText).max(100) }),
  entry: storedPath.nullable(),
  assets: z
    .strictObject({
      directory: storedPath,
      htmlHandling: htmlHandlingSchema,
      notFoundHandling: notFoundHandlingSchema,
    })
    .nullable(),
  node: z.string().max(100).nullable(),
  env: variables,
  secrets: secretNames,
  outbound: z.array(hostName).max(MAX_LIST),
  health: healthPath,
});

/** The stored form (CAPSULE.md C7): every field present, nothing unknown. */
export const manifestSchema = z.strictObject({
  _type: z.literal(CAPSULE_TYPE),
  id: capsuleId,
  name: shortText,
  version: semver,
  createdAt: safeInteger.min(0),
  createdBy: createdBySchema.nullable(),
  app: storedAppSchema,
  services: z
    .array(z.strictObject({ name: shortText, type: serviceTypeSchema, config: z.unknown() }))
    .max(100),
  build: z.strictObject({
    steps: textList,
    outDir: storedPath.nullable(),
    lockfile: storedPath.nullable(),
    environment: textMap,
  }),
  seeds: z
    .array(z.strictObject({ name: shortText, type: z.enum(["sql", "files", "crdt"]), path: storedPath }))
    .max(100),
  ui: z.unknown(),
  attestations: z.array(manifestAttestationSchema),
  rights: z.strictObject({
    license: z.string().min(1).max(MAX_TEXT),
    resaleAllowed: z.boolean(),
    attribution: z.boolean(),
    scope: text.nullable(),
  }),
  compatibility: z.strictObject({ platform: platformRange }),
  parents: z.array(digest).max(16),
  files: z.array(manifestFileSchema),
});

/** A path as people write it: leading `./` and a closing `/` mean nothing. */
const authoredPath = z.string().min(1).max(1_024).transform(withoutDotSlash);

const authoredAssetsSchema = z.union([
  authoredPath.transform((directory) => ({
    directory,
    htmlHandling: htmlHandlingSchema.enum["auto-trailing-slash"],
    notFoundHandling: notFoundHandlingSchema.enum.none,
  })),
  z.strictObject({
    directory: authoredPath,
    htmlHandling: htmlHandlingSchema.default("auto-trailing-slash"),
    notFoundHandling: notFoundHandlingSchema.default("none"),
  }),
]);

const authoredAppSchema = z.strictObject({
  framework: frameworkSchema.optional(),
  runtime: z
    .strictObject({
      compatibilityDate: compatibilityDate.default("2026-10-01"),
      compatibilityFlags: z.array(shortText).max(100).default([]),
    })
    .prefault({}),
  entry: authoredPath.nullable().default(null),
  assets: authoredAssetsSchema.nullable().default(null),
  node: z.string().max(100).nullable().default(null),
  env: variables.default({}),
  secrets: secretNames.default([]),
  outbound: z.array(hostName).max(MAX_LIST).default([]),
  health: healthPath.default("/"),
});

const authoredAttestationSchema = z.strictObject({
  type: shortText,
  sha256: sha256Hex.optional(),
  path: authoredPath,
  meta: z.unknown().default({}),
});

/** The authored form (CAPSULE.md C11). Its output still lacks what only packing knows: files, digests, times. */
export const authoredManifestSchema = z.strictObject({
  $schema: z.string().max(2_048).optional(),
  _type: z.literal(CAPSULE_TYPE).optional(),
  id: capsuleId.optional(),
  name: shortText.optional(),
  version: semver.optional(),
  createdAt: safeInteger.min(0).optional(),
  createdBy: createdBySchema.nullable().default(null),
  app: authoredAppSchema.prefault({}),
  services: z
    .array(z.strictObject({ name: shortText, type: serviceTypeSchema, config: z.unknown().default({}) }))
    .max(100)
    .default([]),
  build: z
    .strictObject({
      steps: textList.default([]),
      outDir: authoredPath.nullable().default(null),
      lockfile: authoredPath.nullable().default(null),
      environment: textMap.default({}),
    })
    .prefault({}),
  seeds: z
    .array(z.strictObject({ name: shortText, type: z.enum(["sql", "files", "crdt"]), path: authoredPath }))
    .max(100)
    .default([]),
  ui: z.unknown().default(null),
  attestations: z.array(authoredAttestationSchema).max(64).default([]),
  rights: z
    .strictObject({
      license: z.string().min(1).max(MAX_TEXT).transform(withoutOrCompatible).default("OSL-3.0"),
      resaleAllowed: z.boolean().default(true),
      attribution: z.boolean().default(true),
      scope: text.nullable().default(null),
    })
    .prefault({}),
  compatibility: z.strictObject({ platform: platformRange.default("*") }).prefault({}),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestFile = z.infer<typeof manifestFileSchema>;
export type ManifestAttestation = z.infer<typeof manifestAttestationSchema>;
export type AuthoredManifest = z.infer<typeof authoredManifestSchema>;
export type AuthoredManifestInput = z.input<typeof authoredManifestSchema>;

function withoutDotSlash(path: string): string {
  const trimmed = path.replace(/^(?:\.\/+)+/, "").replace(/\/+$/, "");
  return trimmed === "" ? "." : trimmed;
}

/** `X-or-compatible` reads as `X` (CAPSULE.md C11). */
function withoutOrCompatible(license: string): string {
  return license.replace(/-or-compatible$/, "");
}
