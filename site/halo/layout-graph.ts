// Nodes in layers, so that every edge leads on to a later layer, with few crossings (after Sugiyama).

export type LayoutNode = { readonly id: string };
export type LayoutEdge = { readonly from: string; readonly to: string };

/** Where a node stands: its layer from 0, and its place in the layer from 0. */
export type NodePlace = { readonly layer: number; readonly position: number };

/** How often the layers are sorted by their neighbours. More changes nothing that can be seen. */
const SWEEP_COUNT = 8;

/**
 * The place of every node by id. A node stands one layer after the last of those that lead to it; an edge that closes a
 * circle does not count. The same graph gives the same places.
 */
export function layoutGraph(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
): Map<string, NodePlace> {
  const ids = new Set(nodes.map(({ id }) => id));
  const forward = withoutCircles(
    nodes,
    edges.filter(({ from, to }) => ids.has(from) && ids.has(to) && from !== to),
  );
  const layers = layersOf(nodes, forward);
  const before = neighboursOf(forward, "to", "from");
  const after = neighboursOf(forward, "from", "to");
  for (let sweep = 0; sweep < SWEEP_COUNT; sweep++) {
    const isDown = sweep % 2 === 0;
    const order = isDown ? layers.keys() : [...layers.keys()].reverse();
    const positions = positionsOf(layers);
    for (const index of order) sortLayer(layers[index] ?? [], isDown ? before : after, positions);
  }
  const places = new Map<string, NodePlace>();
  for (const [layer, layerIds] of layers.entries()) {
    for (const [position, id] of layerIds.entries()) places.set(id, { layer, position });
  }
  return places;
}

/** Leaves out each edge that leads back to a node on the way to it (depth first, without recursion). */
function withoutCircles(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): LayoutEdge[] {
  const outgoing = new Map<string, LayoutEdge[]>();
  for (const edge of edges) outgoing.set(edge.from, [...(outgoing.get(edge.from) ?? []), edge]);
  const states = new Map<string, "open" | "done">();
  const kept: LayoutEdge[] = [];
  for (const { id } of nodes) {
    if (states.has(id)) continue;
    const path = [{ id, next: 0 }];
    states.set(id, "open");
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const edge = outgoing.get(step.id)?.[step.next++];
      if (edge === undefined) {
        states.set(step.id, "done");
        path.pop();
        continue;
      }
      const state = states.get(edge.to);
      if (state === "open") continue;
      kept.push(edge);
      if (state === "done") continue;
      states.set(edge.to, "open");
      path.push({ id: edge.to, next: 0 });
    }
  }
  return kept;
}

/** The longest way to each node is its layer. */
function layersOf(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): string[][] {
  const layerById = new Map(nodes.map(({ id }) => [id, 0]));
  const incomingCount = new Map(nodes.map(({ id }) => [id, 0]));
  for (const { to } of edges) incomingCount.set(to, (incomingCount.get(to) ?? 0) + 1);
  const outgoing = neighboursOf(edges, "from", "to");
  const ready = nodes.filter(({ id }) => incomingCount.get(id) === 0).map(({ id }) => id);
  for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
    for (const next of outgoing.get(id) ?? []) {
      layerById.set(next, Math.max(layerById.get(next) ?? 0, (layerById.get(id) ?? 0) + 1));
      const leftCount = (incomingCount.get(next) ?? 0) - 1;
      incomingCount.set(next, leftCount);
      if (leftCount === 0) ready.push(next);
    }
  }
  const layers: string[][] = [];
  for (const { id } of nodes) {
    const layer = layerById.get(id) ?? 0;
    while (layers.length <= layer) layers.push([]);
    layers[layer]?.push(id);
  }
  return layers;
}

function neighboursOf(
  edges: readonly LayoutEdge[],
  of: keyof LayoutEdge,
  to: keyof LayoutEdge,
): Map<string, string[]> {
  const neighbours = new Map<string, string[]>();
  for (const edge of edges) neighbours.set(edge[of], [...(neighbours.get(edge[of]) ?? []), edge[to]]);
  return neighbours;
}

function positionsOf(layers: readonly (readonly string[])[]): Map<string, number> {
  return new Map(layers.flatMap((ids) => ids.map((id, index) => [id, index / ids.length] as const)));
}

/** By the middle of each node's neighbours; without any it stays where it is. */
function sortLayer(
  ids: string[],
  neighbours: ReadonlyMap<string, readonly string[]>,
  positions: Map<string, number>,
): void {
  const middleOf = (id: string) => {
    const near = neighbours.get(id) ?? [];
    if (near.length === 0) return positions.get(id) ?? 0;
    return near.reduce((sum, each) => sum + (positions.get(each) ?? 0), 0) / near.length;
  };
  const middles = new Map(ids.map((id) => [id, middleOf(id)]));
  ids.sort((a, b) => (middles.get(a) ?? 0) - (middles.get(b) ?? 0));
  for (const [index, id] of ids.entries()) positions.set(id, index / ids.length);
}
