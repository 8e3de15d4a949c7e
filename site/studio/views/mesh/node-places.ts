// Where the nodes of a mesh stand, and the way of an arc between two of them.

export type Place = { readonly x: number; readonly y: number };

/** The drawing's own units; it is scaled to its room. */
export const STAGE = { width: 640, height: 460, radius: 176 } as const;

/** Arcs bend by this share of their length, to the right of their way: both directions of a link stay apart. */
const BEND = 0.16;

/** The nodes on a ring, node-1 at the top. */
export function placeNodes(count: number): Place[] {
  return Array.from({ length: count }, (_, index) => {
    const angle = (index / count) * 2 * Math.PI - Math.PI / 2;
    return {
      x: STAGE.width / 2 + Math.cos(angle) * STAGE.radius * 1.3,
      y: STAGE.height / 2 + Math.sin(angle) * STAGE.radius,
    };
  });
}

/** The point that the arc from one to the other bends towards (a quadratic curve's control point). */
export function bendOf(from: Place, to: Place): Place {
  return {
    x: (from.x + to.x) / 2 - (to.y - from.y) * BEND,
    y: (from.y + to.y) / 2 + (to.x - from.x) * BEND,
  };
}

/** The point on the arc after that share (0 to 1) of the way. */
export function pointOnArc(from: Place, to: Place, share: number): Place {
  const bend = bendOf(from, to);
  const rest = 1 - share;
  return {
    x: rest * rest * from.x + 2 * rest * share * bend.x + share * share * to.x,
    y: rest * rest * from.y + 2 * rest * share * bend.y + share * share * to.y,
  };
}
