// The chain as a list: the same nodes, by what they are, each with what it rests on.
import type { ProvenanceNode } from "../../../../schemas/provenance.ts";
import { PROVENANCE_KINDS } from "../../../../schemas/provenance.ts";
import { Badge } from "../../../halo/badge.tsx";
import { Button } from "../../../halo/button.tsx";
import type { Chain } from "./choose-chain.ts";
import { describeKind, describeMeaning, describeNode, iconOf } from "./node-words.ts";

type ChainListProps = { readonly chain: Chain; readonly onOpen: (id: string) => void };

export function ChainList({ chain, onOpen }: ChainListProps) {
  const kinds = PROVENANCE_KINDS.filter((kind) => chain.nodes.some((node) => node.kind === kind));
  return (
    <ol class="chain-list">
      {kinds.map((kind) => {
        const nodes = chain.nodes.filter((node) => node.kind === kind);
        const first = nodes[0];
        return first === undefined ? null : (
          <li key={kind}>
            <h2>{describeKind(first)}</h2>
            <ul>
              {nodes.map((node) => (
                <li key={node.id} class="chain-list__node">
                  <Button kind="quiet" icon={iconOf(node)} onClick={() => onOpen(node.id)}>
                    {describeNode(node)}
                  </Button>
                  <RestsOn chain={chain} node={node} />
                </li>
              ))}
            </ul>
          </li>
        );
      })}
    </ol>
  );
}

function RestsOn({ chain, node }: { readonly chain: Chain; readonly node: ProvenanceNode }) {
  const links = chain.edges.filter(({ to }) => to === node.id);
  return (
    <>
      {links.map((edge) => {
        const from = chain.nodes.find(({ id }) => id === edge.from);
        return (
          <span key={`${edge.from} ${edge.means}`} class="muted">
            {from === undefined ? edge.from : describeNode(from)} {describeMeaning(edge)} this{" "}
            {edge.holds ? null : <Badge tone="bad">{edge.problem ?? "does not hold"}</Badge>}
          </span>
        );
      })}
    </>
  );
}
