// Which part of a project's chain of trust is looked at: what is live rests on this, or what came of one capsule, or all.
// What a simulation or a deploy has signed is opened from that node and has none of its own.

import type { ProvenanceEdge, ProvenanceGraph, ProvenanceNode } from "../../../../schemas/provenance.ts";
import { PREDICATE_RECEIPT } from "../../../../schemas/statement.ts";

/** `live`, `all`, or a capsule's digest. */
export type ChainFocus = string;

export type Chain = {
  readonly nodes: readonly ProvenanceNode[];
  readonly edges: readonly ProvenanceEdge[];
  /** How many statements there are for this choice, shown or not. */
  readonly statementCount: number;
};

export type ChainOptions = {
  readonly focus: ChainFocus;
  readonly hasStatements: boolean;
  readonly hasReceipts: boolean;
};

export function chooseChain(graph: ProvenanceGraph, options: ChainOptions): Chain {
  const folded = foldStatements(graph);
  const kept = keepFocus(folded, options.focus);
  const inFocus = folded.nodes.filter(({ id }) => kept.has(id));
  const shown = inFocus.filter((node) => isShown(node, options));
  const ids = new Set(shown.map(({ id }) => id));
  return {
    nodes: shown,
    edges: folded.edges.filter(({ from, to }) => ids.has(from) && ids.has(to)),
    statementCount: inFocus.filter(({ kind }) => kind === "statement").length,
  };
}

type Folded = Pick<ProvenanceGraph, "nodes" | "edges">;

/** Without the statements that another node stands for, and with parents before what was made of them. */
function foldStatements({ nodes, edges }: ProvenanceGraph): Folded {
  const spokenFor = new Set([
    ...nodes.flatMap(({ kind, digest }) => (kind === "simulation" && digest !== null ? [digest] : [])),
    ...edges.flatMap(({ means, digest }) => (means === "deployed-as" ? [digest] : [])),
  ]);
  const kept = nodes.filter(({ kind, digest }) => kind !== "statement" || !spokenFor.has(digest ?? ""));
  const ids = new Set(kept.map(({ id }) => id));
  return {
    nodes: kept,
    edges: edges
      .filter(({ from, to }) => ids.has(from) && ids.has(to))
      .map((edge) => (edge.means === "derived-from" ? { ...edge, from: edge.to, to: edge.from } : edge)),
  };
}

function keepFocus({ nodes, edges }: Folded, focus: ChainFocus): ReadonlySet<string> {
  if (focus === "all") return new Set(nodes.map(({ id }) => id));
  // Ancestors are another capsule's chain: they are shown beside, and not followed.
  const chain = edges.filter(({ means }) => means !== "derived-from");
  const reached =
    focus === "live"
      ? reach(
          nodes.filter(({ kind }) => kind === "environment").map(({ id }) => id),
          chain.map(({ from, to }) => [to, from] as const),
        )
      : reach(
          nodes.filter(({ kind, digest }) => kind === "capsule" && digest === focus).map(({ id }) => id),
          chain.map(({ from, to }) => [from, to] as const),
        );
  for (const { from, to, means } of edges) {
    if (means === "stated-by" && reached.has(from)) reached.add(to);
  }
  const parents = edges.filter(({ to, means }) => means === "derived-from" && reached.has(to));
  for (const { from } of parents) reached.add(from);
  return reached;
}

function reach(
  starts: readonly string[],
  steps: readonly (readonly [from: string, to: string])[],
): Set<string> {
  const reached = new Set(starts);
  const waiting = [...starts];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const [from, to] of steps) {
      if (from !== next || reached.has(to)) continue;
      reached.add(to);
      waiting.push(to);
    }
  }
  return reached;
}

function isShown({ kind, label }: ProvenanceNode, { hasStatements, hasReceipts }: ChainOptions): boolean {
  if (kind !== "statement") return true;
  return hasStatements && (hasReceipts || label !== PREDICATE_RECEIPT);
}
