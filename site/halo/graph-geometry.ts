// From layers to points: where a graph's boxes stand, and how its edges run.
import { type LayoutEdge, type LayoutNode, layoutGraph } from "./layout-graph.ts";

export type GraphDirection = "right" | "down";
/** The upper left corner of a node's box. */
export type GraphBox = { readonly x: number; readonly y: number };

/** All boxes are alike, so that rows and columns stand in line. */
export const GRAPH_SIZES = { width: 176, height: 60, alongGap: 64, acrossGap: 20, margin: 8 } as const;

/** The boxes by id, and how large the whole is, in pixels. Each layer stands in the middle of the others. */
export function placeNodes(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
  direction: GraphDirection,
): { readonly boxes: ReadonlyMap<string, GraphBox>; readonly width: number; readonly height: number } {
  const places = layoutGraph(nodes, edges);
  const countByLayer = new Map<number, number>();
  for (const { layer } of places.values()) countByLayer.set(layer, (countByLayer.get(layer) ?? 0) + 1);
  const { width, height, alongGap, acrossGap, margin } = GRAPH_SIZES;
  const isRight = direction === "right";
  const along = (isRight ? width : height) + (isRight ? alongGap : alongGap * 0.7);
  const across = (isRight ? height : width) + acrossGap;
  const acrossCountMax = Math.max(1, ...countByLayer.values());
  const boxes = new Map<string, GraphBox>();
  for (const [id, { layer, position }] of places) {
    const spareCount = acrossCountMax - (countByLayer.get(layer) ?? 0);
    const main = margin + layer * along;
    const cross = margin + (position + spareCount / 2) * across;
    boxes.set(id, isRight ? { x: main, y: cross } : { x: cross, y: main });
  }
  const mainSize = 2 * margin + Math.max(1, countByLayer.size) * along - (along - (isRight ? width : height));
  const crossSize = 2 * margin + acrossCountMax * across - acrossGap;
  return { boxes, width: isRight ? mainSize : crossSize, height: isRight ? crossSize : mainSize };
}

/** A calm curve from the far side of one box to the near side of the other; empty when one is missing. */
export function edgePath(
  from: GraphBox | undefined,
  to: GraphBox | undefined,
  direction: GraphDirection,
): string {
  if (from === undefined || to === undefined) return "";
  const { width, height } = GRAPH_SIZES;
  if (direction === "right") {
    const [startX, startY, endX, endY] = [from.x + width, from.y + height / 2, to.x, to.y + height / 2];
    const bend = Math.max(24, Math.abs(endX - startX) / 2);
    return `M${startX} ${startY}C${startX + bend} ${startY} ${endX - bend} ${endY} ${endX} ${endY}`;
  }
  const [startX, startY, endX, endY] = [from.x + width / 2, from.y + height, to.x + width / 2, to.y];
  const bend = Math.max(20, Math.abs(endY - startY) / 2);
  return `M${startX} ${startY}C${startX} ${startY + bend} ${endX} ${endY - bend} ${endX} ${endY}`;
}
