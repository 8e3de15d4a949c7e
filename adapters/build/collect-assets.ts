// Which files of a capsule are served as they are.
import type { ArtifactAsset } from "../../schemas/artifact.ts";
import type { Manifest } from "../../schemas/manifest.ts";

/** Instructions to the packer, not content. */
const CAPSULE_INTERNALS = new Set([".capsuleignore"]);

/** Files that other hosts read as instructions. Here they are content like any other, and their author is told. */
const UNREAD_INSTRUCTIONS = ["_headers", "_redirects", ".assetsignore"];

export type CollectedAssets = {
  /** `path` is relative to the assets' folder; sorted. */
  readonly assets: readonly ArtifactAsset[];
  readonly warnings: readonly string[];
};

/** The assets of an app: all files under `app.assets.directory`; for a static app without one, all files. */
export function collectAssets(manifest: Manifest, isStatic: boolean): CollectedAssets {
  const directory = manifest.app.assets?.directory ?? (isStatic ? "." : null);
  if (directory === null) return { assets: [], warnings: [] };
  const prefix = directory === "." ? "" : `${directory}/`;
  const assets = manifest.files
    .filter((file) => file.path.startsWith(prefix) && !CAPSULE_INTERNALS.has(file.path))
    .map((file) => ({
      path: file.path.slice(prefix.length),
      sha256: file.sha256,
      sizeBytes: file.sizeBytes,
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return { assets, warnings: warnOfAssets(directory, assets) };
}

function warnOfAssets(directory: string, assets: readonly ArtifactAsset[]): readonly string[] {
  if (assets.length === 0) return [`app.assets.directory "${directory}" holds no files`];
  return UNREAD_INSTRUCTIONS.filter((name) => assets.some((asset) => asset.path === name)).map(
    (name) => `${name} is served as a file; its instructions are not read here`,
  );
}
