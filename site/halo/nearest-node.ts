// Which node of a drawing an arrow key goes to.
import type { GraphBox } from "./graph-geometry.ts";

/** Going aside counts more than going far: the node ahead is meant before the one around the corner. */
const ASIDE_WEIGHT = 3;

const WAYS: Readonly<Record<string, { readonly x: number; readonly y: number }>> = {
  ArrowRight: { x: 1, y: 0 },
  ArrowLeft: { x: -1, y: 0 },
  ArrowDown: { x: 0, y: 1 },
  ArrowUp: { x: 0, y: -1 },
};

/** The id of the nearest node in the direction of `key`; null when none lies there, or it is no arrow. */
export function nearestNode(boxes: ReadonlyMap<string, GraphBox>, from: string, key: string): string | null {
  const way = WAYS[key];
  const start = boxes.get(from);
  if (way === undefined || start === undefined) return null;
  let nearest: { readonly id: string; readonly distance: number } | null = null;
  for (const [id, box] of boxes) {
    const ahead = (box.x - start.x) * way.x + (box.y - start.y) * way.y;
    if (ahead <= 0) continue;
    const aside = Math.abs((box.x - start.x) * way.y) + Math.abs((box.y - start.y) * way.x);
    const distance = ahead + ASIDE_WEIGHT * aside;
    if (nearest === null || distance < nearest.distance) nearest = { id, distance };
  }
  return nearest?.id ?? null;
}
