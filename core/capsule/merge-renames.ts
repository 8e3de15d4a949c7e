// The three sides of every path, with a file that one side only moved followed to its new place.
import type { FileFacts } from "../../schemas/capsule-diff.ts";
import type { Sides } from "./merge-order.ts";

/** Null where the file is not there. */
export type FileSides = Sides<FileFacts | null>;

type Tree = ReadonlyMap<string, FileFacts>;
type Trees = Sides<Tree>;
type Move = { readonly from: string; readonly to: string };

/**
 * Path → sides. When one side moved a file without changing it (same digest, and no other file to mistake it for) and
 * the other side changed it in its old place, the change goes along to the new place instead of being a conflict.
 */
export function followRenames(trees: Trees): Map<string, FileSides> {
  const sidesByPath = new Map<string, FileSides>();
  for (const tree of [trees.base, trees.ours, trees.theirs]) {
    for (const path of tree.keys()) sidesByPath.set(path, sidesOf(path, trees));
  }
  for (const { from, to } of findMoves(trees.base, trees.ours)) {
    const sides = sidesByPath.get(from);
    if (sides?.theirs && isChanged(sides.base, sides.theirs) && isNewIn(to, trees.base, trees.theirs)) {
      sidesByPath.set(to, { base: sides.base, ours: trees.ours.get(to) ?? null, theirs: sides.theirs });
      sidesByPath.delete(from);
    }
  }
  for (const { from, to } of findMoves(trees.base, trees.theirs)) {
    const sides = sidesByPath.get(from);
    if (sides?.ours && isChanged(sides.base, sides.ours) && isNewIn(to, trees.base, trees.ours)) {
      sidesByPath.set(to, { base: sides.base, ours: sides.ours, theirs: trees.theirs.get(to) ?? null });
      sidesByPath.delete(from);
    }
  }
  return sidesByPath;
}

function sidesOf(path: string, { base, ours, theirs }: Trees): FileSides {
  return { base: base.get(path) ?? null, ours: ours.get(path) ?? null, theirs: theirs.get(path) ?? null };
}

function findMoves(base: Tree, side: Tree): Move[] {
  const removed = uniqueByDigest(base, side);
  const moves: Move[] = [];
  for (const [sha256, to] of uniqueByDigest(side, base)) {
    const from = removed.get(sha256);
    if (from !== undefined && from !== null && to !== null) moves.push({ from, to });
  }
  return moves;
}

/** Digest → the one path that the tree has and the other has not; null when there are several. */
function uniqueByDigest(tree: Tree, other: Tree): Map<string, string | null> {
  const paths = new Map<string, string | null>();
  for (const [path, { sha256 }] of tree) {
    if (!other.has(path)) paths.set(sha256, paths.has(sha256) ? null : path);
  }
  return paths;
}

function isChanged(base: FileFacts | null, side: FileFacts): boolean {
  return base === null || base.sha256 !== side.sha256 || base.mode !== side.mode;
}

function isNewIn(path: string, base: Tree, other: Tree): boolean {
  return !base.has(path) && !other.has(path);
}
