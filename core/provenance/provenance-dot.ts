// The graph in Graphviz's language, for pictures.
import type { ProvenanceGraph, ProvenanceNode } from "../../schemas/provenance.ts";

const SHAPES: Readonly<Record<ProvenanceNode["kind"], string>> = {
  capsule: "box",
  statement: "note",
  simulation: "hexagon",
  decision: "diamond",
  deploy: "cds",
  environment: "house",
};
const SHORT_DIGEST = 12;

/** What does not hold is red and dashed, with its reason. */
export function provenanceDot({ nodes, edges }: ProvenanceGraph): string {
  const lines = nodes.map(({ id, kind, label, digest }) => {
    const short = digest === null ? "" : `\n${digest.replace("sha256:", "").slice(0, SHORT_DIGEST)}`;
    return `  ${quoted(id)} [shape=${SHAPES[kind]}, label=${quoted(`${label}${short}`)}];`;
  });
  const arrows = edges.map(({ from, to, means, holds, problem }) => {
    const style = holds ? "" : ", color=red, style=dashed";
    return `  ${quoted(from)} -> ${quoted(to)} [label=${quoted(problem ?? means)}${style}];`;
  });
  return ["digraph provenance {", "  rankdir=LR;", ...lines, ...arrows, "}", ""].join("\n");
}

function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
