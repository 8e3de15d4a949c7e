// A merged tree whose paths cannot lie in one folder everywhere is a conflict (CAPSULE.md C5, F2).
import type { FileFacts } from "../../schemas/capsule-diff.ts";
import type { FileConflict, MergeDecision } from "../../schemas/capsule-merge.ts";
import type { ManifestFile } from "../../schemas/manifest.ts";
import type { Sides } from "./merge-order.ts";
import { comparePaths, findCollision, type PathCollision } from "./path.ts";

/** Further ones show once these are decided. */
const MAX_COLLISIONS = 100;

export type Collisions = {
  /** Every path that a decision could be about. */
  readonly found: ReadonlySet<string>;
  /** Those that are undecided. */
  readonly conflicts: readonly FileConflict[];
};

type Trees = Sides<ReadonlyMap<string, FileFacts>>;

/**
 * Takes undecided paths out of `files` and gives their conflicts. Deciding for a side takes every path of the
 * collision as that side has it; a path that was decided for another reason is not asked about again.
 */
export function resolveCollisions(
  files: Map<string, ManifestFile>,
  trees: Trees,
  decisions: ReadonlyMap<string, MergeDecision>,
): Collisions {
  const found = new Set<string>();
  let collisions = listCollisions(files);
  // Each round removes a file.
  for (let isDecided = true; isDecided && collisions.length > 0; collisions = listCollisions(files)) {
    isDecided = false;
    for (const { path, other } of collisions) {
      found.add(path);
      const side = decisions.get(path);
      if (side === "ours" || side === "theirs") {
        isDecided = takeSide(path, other, files, trees[side]) || isDecided;
      }
    }
  }
  for (const { path } of collisions) files.delete(path);
  return { found, conflicts: collisions.map(({ path, other }) => describeCollision(path, other, trees)) };
}

/** Every path that cannot stand beside one in front of it. */
function listCollisions(files: ReadonlyMap<string, ManifestFile>): PathCollision[] {
  const paths = new Set([...files.keys()].sort(comparePaths));
  const collisions: PathCollision[] = [];
  while (collisions.length < MAX_COLLISIONS) {
    const collision = findCollision([...paths]);
    if (collision === null) break;
    collisions.push(collision);
    paths.delete(collision.path);
  }
  return collisions;
}

function describeCollision(path: string, other: string, { base, ours, theirs }: Trees): FileConflict {
  return {
    kind: "collision",
    path,
    base: base.get(path) ?? null,
    ours: ours.get(path) ?? null,
    theirs: theirs.get(path) ?? null,
    text: null,
    message: `it cannot stand beside ${other} on every file system`,
  };
}

/** Whether anything changed by it: else the collision is within that side. */
function takeSide(
  path: string,
  other: string,
  files: Map<string, ManifestFile>,
  side: ReadonlyMap<string, FileFacts>,
): boolean {
  const involved = [...files.keys()].filter(
    (candidate) => candidate === path || candidate === other || candidate.startsWith(`${other}/`),
  );
  let isChanged = false;
  for (const candidate of involved) {
    if (side.has(candidate)) continue;
    files.delete(candidate);
    isChanged = true;
  }
  return isChanged;
}
