// The manifest as people write it, and how it becomes the stored one (CAPSULE.md C7, C11).
import {
  type AuthoredManifest,
  authoredManifestSchema,
  CAPSULE_TYPE,
  type Manifest,
  type ManifestAttestation,
  type ManifestFile,
} from "../../schemas/manifest.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import { sortFiles } from "./capsule-files.ts";
import { CAPSULE_LIMITS } from "./limits.ts";
import {
  checkManifest,
  formatCapsuleId,
  hasPrototypeKey,
  type ManifestIssue,
  type ManifestReason,
  parseCapsuleId,
} from "./manifest.ts";
import { comparePaths } from "./path.ts";
import { parseStrictJson } from "./strict-json.ts";

/** What only packing knows. */
export type PackedParts = {
  readonly files: readonly ManifestFile[];
  /** Names the capsule when the authored manifest has neither id nor name. */
  readonly folderName: string;
  /** Milliseconds since the epoch; the authored manifest's own `createdAt` comes first (CAPSULE.md C7). */
  readonly createdAt: number;
  readonly parents?: readonly string[];
  readonly attestations?: readonly ManifestAttestation[];
};

const DEFAULT_VERSION = "0.0.0";
const DEFAULT_SLUG = "app";
const MAX_SLUG_LENGTH = 63;

/** Parses an authored manifest. Its bytes need not be canonical, but it is strict JSON all the same (CAPSULE.md C1). */
export function parseAuthoredManifest(bytes: Uint8Array): Result<AuthoredManifest, ManifestReason> {
  const parsed = parseStrictJson(bytes, { maxBytes: CAPSULE_LIMITS.manifestBytes });
  if (!parsed.ok)
    return invalid([
      { code: "manifest", path: "", message: `${parsed.reason.code}: ${parsed.reason.message}` },
    ]);
  return checkAuthoredManifest(parsed.value);
}

/** Checks a value as an authored manifest; `{}` is one, and means every default. */
export function checkAuthoredManifest(value: unknown): Result<AuthoredManifest, ManifestReason> {
  const shaped = authoredManifestSchema.safeParse(value);
  if (shaped.success && hasPrototypeKey(value)) {
    return invalid([{ code: "manifest", path: "", message: "a variable cannot be named __proto__" }]);
  }
  if (shaped.success) return ok(shaped.data);
  return invalid(
    shaped.error.issues.map((issue) => ({
      code: "manifest",
      path: issue.path.join("."),
      message: issue.message,
    })),
  );
}

/** Fills in the defaults and what packing knows, and checks the result as a stored manifest. */
export function completeManifest(
  authored: AuthoredManifest,
  parts: PackedParts,
): Result<Manifest, ManifestReason> {
  const identity = identify(authored, parts.folderName);
  if (!identity.ok) return identity;
  const attestations = mergeAttestations(authored, parts.attestations ?? []);
  if (!attestations.ok) return attestations;
  const { app, services, build, seeds, ui, rights, compatibility, createdBy } = authored;
  return checkManifest({
    _type: CAPSULE_TYPE,
    ...identity.value,
    createdAt: authored.createdAt ?? parts.createdAt,
    createdBy,
    app: { ...app, framework: app.framework ?? (app.entry === null ? "static" : "worker") },
    services,
    build,
    seeds,
    ui,
    attestations: attestations.value,
    rights,
    compatibility,
    parents: [...(parts.parents ?? [])],
    files: sortFiles(parts.files),
  });
}

/** A slug made from a name: lowercase ASCII letters, digits and single dashes (CAPSULE.md C7). */
export function slugFrom(name: string): string {
  const plain = name.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "");
  const dashed = plain.replace(/[^a-z0-9]+/g, "-").slice(0, MAX_SLUG_LENGTH + 1);
  const slug = dashed.replace(/^-+/, "").slice(0, MAX_SLUG_LENGTH).replace(/-+$/, "");
  return slug === "" ? DEFAULT_SLUG : slug;
}

function invalid(issues: readonly ManifestIssue[]): Result<never, ManifestReason> {
  return fail({ code: "invalid-manifest", issues });
}

type Identity = Pick<Manifest, "id" | "name" | "version">;

/** The id gives what name and version leave open, and the other way round; checkManifest finds a contradiction. */
function identify(authored: AuthoredManifest, folderName: string): Result<Identity, ManifestReason> {
  if (authored.id === undefined) {
    const name = authored.name ?? (folderName.trim().slice(0, 200) || DEFAULT_SLUG);
    const version = authored.version ?? DEFAULT_VERSION;
    return ok({ id: formatCapsuleId({ slug: slugFrom(name), version }), name, version });
  }
  const id = parseCapsuleId(authored.id);
  if (id === null) {
    return invalid([{ code: "manifest", path: "id", message: "must be urn:oursynth:app:<slug>@<semver>" }]);
  }
  return ok({ id: authored.id, name: authored.name ?? id.slug, version: authored.version ?? id.version });
}

/** An authored line about a document needs that document; its type and meta then stand in the manifest. */
function mergeAttestations(
  authored: AuthoredManifest,
  packed: readonly ManifestAttestation[],
): Result<ManifestAttestation[], ManifestReason> {
  const byPath = new Map(packed.map((attestation) => [attestation.path, attestation]));
  const issues: ManifestIssue[] = [];
  for (const [index, line] of authored.attestations.entries()) {
    const document = byPath.get(line.path);
    if (document === undefined || (line.sha256 !== undefined && line.sha256 !== document.sha256)) {
      const message = `${line.path} is not among the documents, or has another digest`;
      issues.push({ code: "manifest", path: `attestations.${index}`, message });
    } else {
      byPath.set(line.path, { ...document, type: line.type, meta: line.meta });
    }
  }
  if (issues.length > 0) return invalid(issues);
  return ok([...byPath.values()].sort((a, b) => comparePaths(a.path, b.path)));
}
