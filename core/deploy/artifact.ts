// An artifact's name is what it consists of (ARCHITECTURE.md, Words: artifact).
import type { Artifact } from "../../schemas/artifact.ts";
import { computeJsonDigest } from "../capsule/digest.ts";
import type { Hashing } from "../hashing.ts";

/**
 * The artifact's digest, `sha256:` and hex: SHA-256 of JCS
 * `{toolchain, runtime, entry, modules: [{name, type, sha256}], assets: [{path, sha256}]}`.
 * Sizes are left out: a digest fixes the size anyway.
 */
export function computeArtifactDigest(artifact: Artifact, hashing: Hashing): Promise<string> {
  const { toolchain, runtime, entry } = artifact;
  const modules = artifact.modules.map(({ name, type, sha256 }) => ({ name, type, sha256 }));
  const assets = artifact.assets.map(({ path, sha256 }) => ({ path, sha256 }));
  return computeJsonDigest({ toolchain, runtime, entry, modules, assets }, hashing);
}
