// From layers to points: where a graph's boxes stand, and how its edges run.
import { type LayoutEdge, type LayoutNode, layoutGraph } from "./layout-graph.ts";

export type GraphDirection = "right" | "down";
/** The upper left corner of a node's box. */
export type GraphBox = { readonly x: number; readonly y: number };

/** A graph ready to be drawn; all in pixels. */
export type PlacedGraph = {
  readonly direction: GraphDirection;
  readonly boxes: ReadonlyMap<string, GraphBox>;
  /** All boxes are alike, so that rows and columns stand in line. */
  readonly boxWidth: number;
  readonly boxHeight: number;
  readonly width: number;
  readonly height: number;
};

const BOX_WIDTH = { min: 104, max: 176, minAcross: 132 };
const BOX_HEIGHT = 64;
const GAP_ALONG = { min: 32, max: 64, down: 44 };
const GAP_ACROSS = { right: 16, down: 12 };
const MARGIN = 8;

/**
 * Places the layers from left to right when they fit into `roomPx`, with shorter edges and narrower boxes if need be; else
 * from top to bottom. What fits neither way is larger than its room and scrolls.
 */
export function placeGraph(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
  roomPx: number,
): PlacedGraph {
  const places = layoutGraph(nodes, edges);
  const countByLayer = new Map<number, number>();
  for (const { layer } of places.values()) countByLayer.set(layer, (countByLayer.get(layer) ?? 0) + 1);
  const layerCount = Math.max(1, countByLayer.size);
  const acrossCountMax = Math.max(1, ...countByLayer.values());
  const sizes = chooseSizes(layerCount, acrossCountMax, roomPx - 2 * MARGIN);
  const { direction, boxWidth, gapAlong } = sizes;
  const isRight = direction === "right";
  const along = (isRight ? boxWidth : BOX_HEIGHT) + gapAlong;
  const across = (isRight ? BOX_HEIGHT : boxWidth) + GAP_ACROSS[direction];
  const boxes = new Map<string, GraphBox>();
  for (const [id, { layer, position }] of places) {
    const spareCount = acrossCountMax - (countByLayer.get(layer) ?? 0);
    const main = MARGIN + layer * along;
    const cross = MARGIN + (position + spareCount / 2) * across;
    boxes.set(id, isRight ? { x: main, y: cross } : { x: cross, y: main });
  }
  const mainSize = 2 * MARGIN + layerCount * along - gapAlong;
  const crossSize = 2 * MARGIN + acrossCountMax * across - GAP_ACROSS[direction];
  const [width, height] = isRight ? [mainSize, crossSize] : [crossSize, mainSize];
  return { direction, boxes, boxWidth, boxHeight: BOX_HEIGHT, width, height };
}

/** A calm curve from the far side of one box to the near side of the other; empty when one is missing. */
export function edgePath({ boxes, boxWidth, boxHeight, direction }: PlacedGraph, edge: LayoutEdge): string {
  const from = boxes.get(edge.from);
  const to = boxes.get(edge.to);
  if (from === undefined || to === undefined) return "";
  if (direction === "right") {
    const [startX, startY, endX, endY] = [
      from.x + boxWidth,
      from.y + boxHeight / 2,
      to.x,
      to.y + boxHeight / 2,
    ];
    const bend = Math.max(16, Math.abs(endX - startX) / 2);
    return `M${startX} ${startY}C${startX + bend} ${startY} ${endX - bend} ${endY} ${endX} ${endY}`;
  }
  const [startX, startY, endX, endY] = [from.x + boxWidth / 2, from.y + boxHeight, to.x + boxWidth / 2, to.y];
  const bend = Math.max(16, Math.abs(endY - startY) / 2);
  return `M${startX} ${startY}C${startX} ${startY + bend} ${endX} ${endY - bend} ${endX} ${endY}`;
}

type Sizes = { readonly direction: GraphDirection; readonly boxWidth: number; readonly gapAlong: number };

function chooseSizes(layerCount: number, acrossCountMax: number, roomPx: number): Sizes {
  const gapCount = layerCount - 1;
  const narrowest = layerCount * BOX_WIDTH.minAcross + gapCount * GAP_ALONG.min;
  if (narrowest <= roomPx) {
    // What is left goes to the boxes first, then to the edges.
    const boxWidth = Math.min(BOX_WIDTH.max, (roomPx - gapCount * GAP_ALONG.min) / layerCount);
    const gapAlong =
      gapCount === 0 ? 0 : Math.min(GAP_ALONG.max, (roomPx - layerCount * boxWidth) / gapCount);
    return { direction: "right", boxWidth, gapAlong };
  }
  const fitting = (roomPx - (acrossCountMax - 1) * GAP_ACROSS.down) / acrossCountMax;
  const boxWidth = Math.min(BOX_WIDTH.max, Math.max(BOX_WIDTH.min, fitting));
  return { direction: "down", boxWidth, gapAlong: GAP_ALONG.down };
}
