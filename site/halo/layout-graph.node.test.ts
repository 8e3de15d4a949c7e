import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { edgePath, placeGraph } from "./graph-geometry.ts";
import { layoutGraph } from "./layout-graph.ts";
import { nearestNode } from "./nearest-node.ts";

const nodes = (...ids: string[]) => ids.map((id) => ({ id }));
const edges = (...pairs: string[]) => pairs.map((pair) => ({ from: pair[0] ?? "", to: pair[1] ?? "" }));

describe("layers", () => {
  test("a node stands after the last of those that lead to it", () => {
    const places = layoutGraph(nodes("a", "b", "c", "d"), edges("ab", "bc", "ac", "cd"));
    expect([...places].map(([id, { layer }]) => `${id}${layer}`)).toEqual(["a0", "b1", "c2", "d3"]);
  });

  test("edges that could cross do not", () => {
    const places = layoutGraph(nodes("a", "b", "x", "y"), edges("ay", "bx"));
    const position = (id: string) => places.get(id)?.position ?? -1;
    expect(position("a") < position("b")).toBe(position("y") < position("x"));
  });

  test("a circle, an edge to itself and an edge to nowhere end it nowhere", () => {
    const places = layoutGraph(nodes("a", "b", "c"), edges("ab", "bc", "ca", "aa", "a?"));
    expect([...places.values()].map(({ layer }) => layer)).toEqual([0, 1, 2]);
  });

  test("every node has a place of its own, whatever the graph, and the same graph gives the same places", () => {
    const id = fc.integer({ min: 0, max: 11 }).map(String);
    fc.assert(
      fc.property(fc.array(fc.record({ from: id, to: id }), { maxLength: 40 }), (given) => {
        const all = nodes(...Array.from({ length: 12 }, (_, index) => String(index)));
        const places = layoutGraph(all, given);
        expect(places.size).toBe(all.length);
        expect(new Set([...places.values()].map(({ layer, position }) => `${layer}/${position}`)).size).toBe(
          12,
        );
        expect([...layoutGraph(all, given)]).toEqual([...places]);
      }),
    );
  });

  test("without circles every edge leads on", () => {
    const edge = fc
      .tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }))
      .filter(([a, b]) => a < b);
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 30 }), (pairs) => {
        const given = pairs.map(([from, to]) => ({ from: String(from), to: String(to) }));
        const places = layoutGraph(nodes(..."0123456789"), given);
        for (const { from, to } of given)
          expect(places.get(from)?.layer ?? 0).toBeLessThan(places.get(to)?.layer ?? 0);
      }),
    );
  });
});

describe("places", () => {
  const graph = [nodes("a", "b", "c", "d"), edges("ab", "ac", "bd", "cd")] as const;

  test.each([
    [1_200, "right"],
    [480, "right"],
    [390, "down"],
  ])("in %i px the layers go %s, and fit", (roomPx, direction) => {
    const placed = placeGraph(...graph, roomPx);
    expect(placed.direction).toBe(direction);
    expect(placed.width).toBeLessThanOrEqual(roomPx);
    for (const { x, y } of placed.boxes.values()) {
      expect(x + placed.boxWidth).toBeLessThanOrEqual(placed.width);
      expect(y + placed.boxHeight).toBeLessThanOrEqual(placed.height);
    }
  });

  test("no box lies on another", () => {
    const placed = placeGraph(...graph, 480);
    const boxes = [...placed.boxes.values()];
    for (const [index, one] of boxes.entries())
      for (const other of boxes.slice(index + 1)) {
        const isApart =
          Math.abs(one.x - other.x) >= placed.boxWidth || Math.abs(one.y - other.y) >= placed.boxHeight;
        expect(isApart).toBe(true);
      }
  });

  test("an edge to nowhere has no path, and no graph at all has a size", () => {
    expect(edgePath(placeGraph(...graph, 900), { from: "a", to: "?" })).toBe("");
    expect(placeGraph([], [], 900).width).toBeGreaterThan(0);
  });

  test("an arrow goes to the nearest node that way, and to none where there is none", () => {
    const { boxes } = placeGraph(...graph, 1_200);
    expect(nearestNode(boxes, "b", "ArrowRight")).toBe("d");
    expect(nearestNode(boxes, "b", "ArrowDown")).toBe("c");
    expect(nearestNode(boxes, "d", "ArrowRight")).toBeNull();
    expect(nearestNode(boxes, "a", "Enter")).toBeNull();
  });
});
