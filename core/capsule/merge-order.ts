// Three-way merge of the order of named things.

/** The state that two come from, and the two. */
export type Sides<Side> = { readonly base: Side; readonly ours: Side; readonly theirs: Side };

type Position = ReadonlyMap<string, number>;

/**
 * Every name of either side, once, so that each two stand as the side that moved them put them; what nothing orders is
 * ordered by name. Null when the two sides contradict each other. Takes the cube of the number of names: for short
 * lists (a manifest has at most 100 services and as many seeds).
 */
export function mergeOrder({ base, ours, theirs }: Sides<readonly string[]>): string[] | null {
  const sides = { base: positionsOf(base), ours: positionsOf(ours), theirs: positionsOf(theirs) };
  const waiting = new Set([...ours, ...theirs].sort());
  const order: string[] = [];
  while (waiting.size > 0) {
    const next = [...waiting].find((name) => [...waiting].every((other) => !comesBefore(other, name, sides)));
    if (next === undefined) return null;
    waiting.delete(next);
    order.push(next);
  }
  return order;
}

function positionsOf(names: readonly string[]): Position {
  return new Map(names.map((name, index) => [name, index]));
}

function comesBefore(first: string, second: string, { base, ours, theirs }: Sides<Position>): boolean {
  if (first === second) return false;
  const inOurs = compareIn(ours, first, second);
  const inTheirs = compareIn(theirs, first, second);
  if (inOurs === null || inTheirs === null || inOurs === inTheirs) return (inOurs ?? inTheirs ?? 1) < 0;
  // One side moved them. Two new names that the sides order differently come before each other: a contradiction.
  const inBase = compareIn(base, first, second);
  return inBase === null || inBase > 0;
}

/** -1 when the first stands in front, 1 when behind, null when they do not stand there both. */
function compareIn(position: Position, first: string, second: string): number | null {
  const firstIndex = position.get(first);
  const secondIndex = position.get(second);
  if (firstIndex === undefined || secondIndex === undefined) return null;
  return firstIndex < secondIndex ? -1 : 1;
}
