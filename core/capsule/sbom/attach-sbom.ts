// Gives a manifest its bill of materials: read from the lockfile among its files, and from what the platform provides
// (CAPSULE.md B1). Wherever a capsule is packed, the same input gives the same document.
import type { Manifest, ManifestAttestation, ManifestFile } from "../../../schemas/manifest.ts";
import { fail, ok, type Result } from "../../../schemas/result.ts";
import type { ResourceDescriptor } from "../../../schemas/statement.ts";
import type { Hashing } from "../../hashing.ts";
import { toHex } from "../bytes.ts";
import { CAPSULE_LIMITS } from "../limits.ts";
import { comparePaths } from "../path.ts";
import { createSbom, type Sbom, sbomBytes } from "./cyclonedx.ts";
import type { Lockfile, LockfileReason } from "./lockfile.ts";
import { parseLockfile } from "./parse-lockfile.ts";
import { PROVIDED_PACKAGES } from "./provided-packages.ts";

export const SBOM_PATH = "attestations/sbom.cdx.json";
export const SBOM_TYPE = "sbom";
export const SBOM_MEDIA_TYPE = "application/vnd.cyclonedx+json; version=1.6";

export type SbomSource = {
  /** The lockfile and its bytes, when there is one. */
  readonly lockfile: { readonly file: ManifestFile; readonly bytes: Uint8Array } | null;
  /** Names of the provided packages that the code imports; null where nobody has read the code: those it asks for. */
  readonly provided: readonly string[] | null;
};

export type AttachedSbom = {
  /** With the document's line in `attestations`. */
  readonly manifest: Manifest;
  readonly document: { readonly path: string; readonly sha256: string; readonly bytes: Uint8Array };
  readonly componentCount: number;
  /** For the provenance: every package by its URL and its hash (CAPSULE.md S6). */
  readonly resolvedDependencies: readonly ResourceDescriptor[];
};

const MAX_RESOLVED = 5_000;
/** Tells a document that packing made, and may make anew, from one that the author brought. */
const MAKER = "oursynth";

/** Null when there is nothing to list. A lockfile that cannot be read fails: a list without it would pass for whole. */
export async function attachSbom(
  manifest: Manifest,
  source: SbomSource,
  hashing: Hashing,
): Promise<Result<AttachedSbom | null, LockfileReason>> {
  const parsed =
    source.lockfile === null ? null : await parseLockfile(source.lockfile.file.path, source.lockfile.bytes);
  if (parsed?.ok === false) return parsed;
  const lockfile = parsed?.value ?? null;
  const provided = manifest.app.entry === null ? [] : (source.provided ?? askedFor(lockfile));
  if (lockfile === null && provided.length === 0) return ok(null);
  const sbom = createSbom({ manifest, lockfile, provided });
  const bytes = sbomBytes(sbom);
  if (bytes.length > CAPSULE_LIMITS.documentBytes)
    return fail({
      code: "too-large",
      message: `gives a list larger than ${CAPSULE_LIMITS.documentBytes} bytes`,
    });
  const sha256 = toHex(await hashing.sha256(bytes));
  const line: ManifestAttestation = {
    type: SBOM_TYPE,
    sha256,
    path: SBOM_PATH,
    meta: {
      madeBy: MAKER,
      format: "CycloneDX",
      specVersion: sbom.specVersion,
      componentCount: sbom.components.length,
      lockfile: source.lockfile?.file.path ?? null,
    },
  };
  const attestations = [...manifest.attestations, line].sort((a, b) => comparePaths(a.path, b.path));
  return ok({
    manifest: { ...manifest, attestations },
    document: { path: SBOM_PATH, sha256, bytes },
    componentCount: sbom.components.length,
    resolvedDependencies: describeResolved(sbom),
  });
}

/** Whether packing made this line, so that packing again may replace it. */
export function isMadeSbom({ path, meta }: Pick<ManifestAttestation, "path" | "meta">): boolean {
  return (
    path === SBOM_PATH &&
    typeof meta === "object" &&
    meta !== null &&
    "madeBy" in meta &&
    meta.madeBy === MAKER
  );
}

/** The document that says what a capsule is made of: the one at the usual path, else the first of the type. */
export function findSbom({ attestations }: Pick<Manifest, "attestations">): ManifestAttestation | null {
  const documents = attestations.filter(({ type }) => type === SBOM_TYPE);
  return documents.find(({ path }) => path === SBOM_PATH) ?? documents[0] ?? null;
}

/** The provided packages among those that the app itself asks for, to run or to develop with. */
function askedFor(lockfile: Lockfile | null): readonly string[] {
  if (lockfile === null) return [];
  const { required, optional, development } = lockfile.root;
  const keys = new Set([...required, ...optional, ...development]);
  const names = new Set(lockfile.packages.filter(({ key }) => keys.has(key)).map(({ name }) => name));
  return PROVIDED_PACKAGES.map(({ name }) => name).filter((name) => names.has(name));
}

function describeResolved({ components }: Sbom): readonly ResourceDescriptor[] {
  const resolved = components.flatMap(({ purl, hashes }) => {
    if (purl === undefined) return [];
    const digest = Object.fromEntries(
      (hashes ?? []).map(({ alg, content }) => [alg.toLowerCase().replace("-", ""), content]),
    );
    return [{ uri: purl, ...(hashes === undefined ? {} : { digest }) }];
  });
  // The document itself is a by-product and names them all.
  return resolved.slice(0, MAX_RESOLVED);
}
