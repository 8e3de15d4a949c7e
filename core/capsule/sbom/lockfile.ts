// What a lockfile says, whoever wrote it: packages, what each needs, and what the app itself asked for.
import type { Manifest, ManifestFile } from "../../../schemas/manifest.ts";

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
