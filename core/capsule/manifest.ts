// Reading a stored manifest: strict JSON, canonical bytes, and every rule of CAPSULE.md C1–C7.
import { CAPSULE_TYPE, type Manifest, SEMVER_PATTERN, SLUG_PATTERN } from "../../schemas/manifest.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import { parseCanonicalJson } from "./canonical-json.ts";
import { isLicenseExpression } from "./license.ts";
import { CAPSULE_LIMITS } from "./limits.ts";
import { parseManifestShape } from "./manifest-shape.ts";
import { checkPath, comparePaths, findCollision } from "./path.ts";

/** Which step of a verification (CAPSULE.md §5) an issue belongs to. */
export type ManifestIssue = {
  readonly code: "limits" | "manifest" | "type" | "paths";
  /** Where in the manifest, such as `files.3.path`; empty for the whole. */
  readonly path: string;
  readonly message: string;
};

export type ManifestReason = { readonly code: "invalid-manifest"; readonly issues: readonly ManifestIssue[] };

/** An id taken apart: `urn:oursynth:app:<slug>@<version>`. */
export type CapsuleId = { readonly slug: string; readonly version: string };

const ID_PREFIX = "urn:oursynth:app:";
const MAX_ISSUES = 50;

/**
 * Parses a stored or transported manifest. It is accepted only when its bytes are the JCS form of a valid manifest
 * (CAPSULE.md C2), so that the SHA-256 of the bytes is the capsule's digest.
 */
export function parseManifest(bytes: Uint8Array): Result<Manifest, ManifestReason> {
  const parsed = parseCanonicalJson(bytes, { maxBytes: CAPSULE_LIMITS.manifestBytes });
  if (parsed.ok) return checkManifest(parsed.value);
  const { code, message } = parsed.reason;
  const step = code === "too-large" || code === "too-deep" ? "limits" : "manifest";
  return invalid([{ code: step, path: "", message: `${code}: ${message}` }]);
}

/** Checks a value as a stored manifest: the schema and every rule across fields. */
export function checkManifest(value: unknown): Result<Manifest, ManifestReason> {
  const type = typeOf(value);
  if (type !== CAPSULE_TYPE) {
    const message = `type ${JSON.stringify(type) ?? "(none)"} is not ${CAPSULE_TYPE}`;
    return invalid([{ code: "type", path: "_type", message }]);
  }
  const shaped = parseManifestShape(value);
  if (!shaped.success) {
    return invalid(
      shaped.error.issues.slice(0, MAX_ISSUES).map((issue) => ({
        code: "manifest",
        path: issue.path.join("."),
        message: issue.message,
      })),
    );
  }
  if (hasPrototypeKey(value)) {
    return invalid([{ code: "manifest", path: "", message: "a variable cannot be named __proto__" }]);
  }
  const manifest = shaped.data;
  const issues = [
    ...checkIdentity(manifest),
    ...checkFileList(manifest),
    ...checkDocuments(manifest),
    ...checkReferences(manifest),
  ];
  return issues.length > 0 ? invalid(issues.slice(0, MAX_ISSUES)) : ok(manifest);
}

/** Takes a capsule id apart; null when its slug or its version is not well formed (CAPSULE.md C7). */
export function parseCapsuleId(id: string): CapsuleId | null {
  if (!id.startsWith(ID_PREFIX)) return null;
  const at = id.indexOf("@", ID_PREFIX.length);
  if (at < 0) return null;
  const slug = id.slice(ID_PREFIX.length, at);
  const version = id.slice(at + 1);
  return SLUG_PATTERN.test(slug) && SEMVER_PATTERN.test(version) ? { slug, version } : null;
}

/** Whether a map of variables has the one key that the schema would drop in silence. Takes any value. */
export function hasPrototypeKey(value: unknown): boolean {
  const { app, build } = Object(value);
  return [app?.env, build?.environment].some((map) => map !== undefined && Object.hasOwn(map, "__proto__"));
}

/** The id of a slug and a version. */
export function formatCapsuleId({ slug, version }: CapsuleId): string {
  return `${ID_PREFIX}${slug}@${version}`;
}

function invalid(issues: readonly ManifestIssue[]): Result<never, ManifestReason> {
  return fail({ code: "invalid-manifest", issues });
}

function typeOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "_type" in value ? value._type : undefined;
}

function checkIdentity(manifest: Manifest): ManifestIssue[] {
  const issues: ManifestIssue[] = [];
  const id = parseCapsuleId(manifest.id);
  if (id === null) {
    issues.push({
      code: "manifest",
      path: "id",
      message: "the slug or the version of the id is not well formed",
    });
  } else if (id.version !== manifest.version) {
    issues.push({
      code: "manifest",
      path: "id",
      message: `the id says ${id.version}, version ${manifest.version}`,
    });
  }
  if (!isLicenseExpression(manifest.rights.license)) {
    issues.push({ code: "manifest", path: "rights.license", message: "is not an SPDX licence expression" });
  }
  return issues;
}

function checkFileList({ files }: Manifest): ManifestIssue[] {
  if (files.length > CAPSULE_LIMITS.fileCount) {
    return [{ code: "limits", path: "files", message: `more than ${CAPSULE_LIMITS.fileCount} files` }];
  }
  const issues: ManifestIssue[] = [];
  let totalBytes = 0;
  let previous: string | null = null;
  for (const [index, { path, sizeBytes }] of files.entries()) {
    if (sizeBytes > CAPSULE_LIMITS.fileBytes) {
      issues.push({
        code: "limits",
        path: `files.${index}.sizeBytes`,
        message: `over ${CAPSULE_LIMITS.fileBytes} bytes`,
      });
    }
    totalBytes += sizeBytes;
    const checked = checkPath(path);
    if (!checked.ok)
      issues.push({ code: "paths", path: `files.${index}.path`, message: checked.reason.message });
    if (previous !== null && comparePaths(previous, path) >= 0) {
      issues.push({
        code: "manifest",
        path: `files.${index}.path`,
        message: "files are not sorted by path, or repeat",
      });
    }
    previous = path;
  }
  if (totalBytes > CAPSULE_LIMITS.totalFileBytes) {
    issues.push({
      code: "limits",
      path: "files",
      message: `over ${CAPSULE_LIMITS.totalFileBytes} bytes in all`,
    });
  }
  if (issues.length > 0) return issues;
  const collision = findCollision(files.map((file) => file.path));
  if (collision === null) return [];
  return [{ code: "paths", path: "files", message: `${collision.path} collides with ${collision.other}` }];
}

function checkDocuments({ attestations }: Manifest): ManifestIssue[] {
  if (attestations.length > CAPSULE_LIMITS.attestationCount) {
    return [
      { code: "limits", path: "attestations", message: `more than ${CAPSULE_LIMITS.attestationCount}` },
    ];
  }
  const issues: ManifestIssue[] = [];
  for (const [index, { path }] of attestations.entries()) {
    const previous = attestations[index - 1];
    if (previous !== undefined && comparePaths(previous.path, path) >= 0) {
      issues.push({
        code: "manifest",
        path: `attestations.${index}`,
        message: "attestations are not sorted, or repeat",
      });
    }
    const checked = checkPath(path);
    if (!checked.ok)
      issues.push({ code: "paths", path: `attestations.${index}.path`, message: checked.reason.message });
  }
  return issues;
}

/** Entry, seeds and assets must name what the capsule holds, or the app breaks only once it is deployed. */
function checkReferences(manifest: Manifest): ManifestIssue[] {
  const issues: ManifestIssue[] = [];
  const { entry, assets } = manifest.app;
  const { outDir, lockfile, steps } = manifest.build;
  // What a build makes is not there yet: then entry and assets are only checked as paths.
  const isBuilt = steps.length === 0;
  if (entry !== null) pushReference(issues, manifest, "app.entry", entry, isBuilt ? "file" : "any");
  if (assets !== null)
    pushReference(issues, manifest, "app.assets.directory", assets.directory, isBuilt ? "folder" : "any");
  if (outDir !== null) pushReference(issues, manifest, "build.outDir", outDir, "any");
  if (lockfile !== null) pushReference(issues, manifest, "build.lockfile", lockfile, "file");
  for (const [index, seed] of manifest.seeds.entries()) {
    if (seed.type === "crdt") {
      issues.push({
        code: "manifest",
        path: `seeds.${index}.type`,
        message: "crdt seeds come with version 1.1",
      });
    } else {
      pushReference(
        issues,
        manifest,
        `seeds.${index}.path`,
        seed.path,
        seed.type === "sql" ? "file" : "folder",
      );
    }
  }
  return issues;
}

function pushReference(
  issues: ManifestIssue[],
  manifest: Manifest,
  where: string,
  path: string,
  kind: "file" | "folder" | "any",
): void {
  if (path === "." && kind !== "file") return;
  const checked = checkPath(path);
  if (!checked.ok) {
    issues.push({ code: "paths", path: where, message: checked.reason.message });
    return;
  }
  if (kind === "any") return;
  const isThere = manifest.files.some(
    (file) => file.path === path || (kind === "folder" && file.path.startsWith(`${path}/`)),
  );
  if (!isThere) issues.push({ code: "manifest", path: where, message: `${path} is not among the files` });
}
