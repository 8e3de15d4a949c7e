// What a lockfile says, whoever wrote it: packages, what each needs, and what the app itself asked for.
import type { Manifest, ManifestFile } from "../../../schemas/manifest.ts";
import { fail, type Result } from "../../../schemas/result.ts";

/** Names of other packages of the same lockfile, by their keys. */
export type Edges = {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Only to develop with. */
  readonly development: readonly string[];
};

export type LockedPackage = {
  /** Unique in the lockfile; two keys can stand for one name and version. */
  readonly key: string;
  readonly name: string;
  readonly version: string;
  /** As the lockfile says it; null where it says nothing. */
  readonly license: string | null;
  /** Subresource integrity. */
  readonly integrity: string | null;
  /** The git source without user or password; null for a registry's. */
  readonly vcsUrl: string | null;
  /** A folder of the app itself: part of no registry. */
  readonly isLocal: boolean;
  readonly edges: Edges;
};

export type Lockfile = {
  readonly packages: readonly LockedPackage[];
  /** What the app itself asks for. */
  readonly root: Edges;
};

export type LockfileReason = {
  readonly code: "unknown-lockfile" | "invalid-lockfile" | "too-large";
  /** A whole sentence without the path in front: `is of lockfileVersion 1; …`. */
  readonly message: string;
};

export const LOCKFILE_LIMITS = { bytes: 16 * 1_048_576, packageCount: 20_000 } as const;

/** In this order at the root of the app, when `build.lockfile` names none. */
const KNOWN_NAMES: readonly string[] = ["npm-shrinkwrap.json", "package-lock.json", "pnpm-lock.yaml"];

/** The lockfile among a capsule's files: the one that the manifest names, else the one at the root. */
export function findLockfile({ files, build }: Pick<Manifest, "files" | "build">): ManifestFile | null {
  const names = build.lockfile === null ? KNOWN_NAMES : [build.lockfile];
  for (const name of names) {
    const file = files.find(({ path }) => path === name);
    if (file !== undefined) return file;
  }
  return null;
}

export async function parseLockfile(
  path: string,
  bytes: Uint8Array,
): Promise<Result<Lockfile, LockfileReason>> {
  if (bytes.length > LOCKFILE_LIMITS.bytes)
    return fail({ code: "too-large", message: `is larger than ${LOCKFILE_LIMITS.bytes} bytes` });
  // The readers are loaded when there is something to read: the YAML one is large.
  if (path.endsWith(".json")) return (await import("./npm-lockfile.ts")).parseNpmLockfile(bytes);
  if (path.endsWith("pnpm-lock.yaml")) return (await import("./pnpm-lockfile.ts")).parsePnpmLockfile(bytes);
  return fail({
    code: "unknown-lockfile",
    message: "is of a kind that is not read here; npm's and pnpm's are",
  });
}
