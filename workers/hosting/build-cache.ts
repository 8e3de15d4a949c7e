// Builds as a visit needs them, kept in this isolate. Named by their content, so what is kept is never stale.

import { readArtifact, readConfiguration } from "../../adapters/loader/build-store.ts";
import type { AssetsByPath } from "../../adapters/loader/resolve-asset.ts";
import { indexAssets } from "../../adapters/loader/resolve-asset.ts";
import type { Configuration, HostPointer } from "../../schemas/artifact.ts";

/** Kept asset entries over all builds; one takes about 300 bytes. */
const MAX_ASSETS = 50_000;
const MAX_CONFIGURATIONS = 1_000;

export type HostedBuild = {
  /** Null for a static app. */
  readonly entry: string | null;
  readonly assets: AssetsByPath;
};

const builds = new Map<string, HostedBuild>();
const configurations = new Map<string, Configuration>();
let keptAssetCount = 0;

/** The build that a pointer names, if it is at hand without a wait. */
export function peekBuild(pointer: HostPointer): { build: HostedBuild; configuration: Configuration } | null {
  const build = builds.get(pointer.artifactDigest);
  const configuration = configurations.get(pointer.configurationDigest);
  return build === undefined || configuration === undefined ? null : { build, configuration };
}

/** The same, read from the store. Throws when a document is missing: then a deploy has broken its promise. */
export async function loadBuild(
  bucket: R2Bucket,
  pointer: HostPointer,
): Promise<{ build: HostedBuild; configuration: Configuration }> {
  const { artifactDigest, configurationDigest } = pointer;
  const [artifact, configuration] = await Promise.all([
    readArtifact(bucket, artifactDigest),
    readConfiguration(bucket, configurationDigest),
  ]);
  const build = { entry: artifact.entry, assets: indexAssets(artifact) };
  keepBuild(artifactDigest, build);
  if (configurations.size >= MAX_CONFIGURATIONS) configurations.clear();
  configurations.set(configurationDigest, configuration);
  return { build, configuration };
}

/** The oldest go first; a build alone may be larger than the bound. */
function keepBuild(artifactDigest: string, build: HostedBuild): void {
  if (builds.has(artifactDigest)) return;
  for (const [digest, oldest] of builds) {
    if (keptAssetCount + build.assets.size + builds.size <= MAX_ASSETS) break;
    builds.delete(digest);
    keptAssetCount -= oldest.assets.size;
  }
  builds.set(artifactDigest, build);
  keptAssetCount += build.assets.size;
}
