// /studio/p/:id/trust: the chain of trust, from a capsule to what is live; each node opens what was signed.
import { useState } from "preact/hooks";
import type { ProvenanceGraph } from "../../../../schemas/provenance.ts";
import { Badge } from "../../../halo/badge.tsx";
import { EmptyState } from "../../../halo/empty-state.tsx";
import { Graph } from "../../../halo/graph.tsx";
import { SegmentedControl } from "../../../halo/segmented-control.tsx";
import { SelectField } from "../../../halo/select-field.tsx";
import { Switch } from "../../../halo/switch.tsx";
import { apiPath, askApi } from "../../data/api-client.ts";
import { useProject, useReloadOn } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { ViewHeading } from "../../shell/view-heading.tsx";
import { useQueryState } from "../mesh/use-query-state.ts";
import { ChainList } from "./chain-list.tsx";
import { type Chain, chooseChain } from "./choose-chain.ts";
import { NodeDrawer } from "./node-drawer.tsx";
import { describeKind, describeMeaning, describeNode, iconOf, toneOf } from "./node-words.ts";
import { ZoomRoom } from "./zoom-room.tsx";
import "./trust-view.css";

export function TrustView() {
  const { projectId } = useProject();
  const graph = useResource(`provenance ${projectId}`, (signal) =>
    askApi<ProvenanceGraph>(apiPath`/api/projects/${projectId}/provenance`, { signal }),
  );
  useReloadOn(
    ["capsule.accepted", "statement.added", "mesh.sealed", "gate.decided", "environment.activated"],
    graph.reload,
  );
  const { value } = graph;
  return (
    <section class="view">
      <ViewHeading title="Chain of trust" eyebrow="Capsule, rehearsal, gate, deploy, live" />
      <ProblemNote error={graph.error} retry={graph.reload} />
      {value === undefined ? (
        graph.error === undefined ? (
          <p role="status" class="muted">
            Reading and hashing what is stored …
          </p>
        ) : null
      ) : value.nodes.length === 0 ? (
        <EmptyState icon="shield" title="No chain yet">
          <p>It begins with the first capsule that is pushed to this project.</p>
        </EmptyState>
      ) : (
        <OpenedChain graph={value} />
      )}
    </section>
  );
}

function OpenedChain({ graph }: { readonly graph: ProvenanceGraph }) {
  const [capsule, chooseCapsule] = useQueryState("capsule");
  const [nodeId, openNode] = useQueryState("node");
  const [wanted, chooseWay] = useQueryState("as");
  // A graph is read across; a phone gets the list unless it asks for the graph.
  const [usual] = useState(() => (matchMedia("(max-width: 40rem)").matches ? "list" : "graph"));
  const way = (wanted ?? usual) === "list" ? "list" : "graph";
  const [hasStatements, setHasStatements] = useState(false);
  const [hasReceipts, setHasReceipts] = useState(false);
  const hasLive = graph.nodes.some(({ kind }) => kind === "environment");
  const focus = capsule ?? (hasLive ? "live" : "all");
  const chain = chooseChain(graph, { focus, hasStatements, hasReceipts });
  const capsules = graph.nodes.filter(({ kind, digest }) => kind === "capsule" && digest !== null);
  const node = graph.nodes.find(({ id }) => id === nodeId) ?? null;
  return (
    <>
      <Verdict graph={graph} />
      <div class="trust__choices">
        <SelectField
          label="Chain of"
          options={[
            ...(hasLive ? [{ value: "live", label: "what is live" }] : []),
            { value: "all", label: "everything in the project" },
            ...capsules.map((one) => ({
              value: one.digest ?? "",
              label: `${describeNode(one)}, ${one.digest?.slice(7, 15)}`,
            })),
          ]}
          value={focus}
          onChange={chooseCapsule}
        />
        <SegmentedControl
          label="Show as"
          segments={[
            { value: "graph", label: "Graph" },
            { value: "list", label: "List" },
          ]}
          value={way}
          onChange={chooseWay}
        />
        <div class="trust__switches">
          <Switch
            label={`Other statements (${chain.statementCount})`}
            isOn={hasStatements}
            onChange={setHasStatements}
          />
          {hasStatements ? <Switch label="Receipts" isOn={hasReceipts} onChange={setHasReceipts} /> : null}
        </div>
      </div>
      {chain.nodes.length === 0 ? (
        <EmptyState icon="shield" title="Nothing here">
          <p>This capsule is not among what was looked at.</p>
        </EmptyState>
      ) : way === "list" ? (
        <ChainList chain={chain} onOpen={openNode} />
      ) : (
        <ChainGraph chain={chain} selected={nodeId ?? null} onOpen={openNode} />
      )}
      <NodeDrawer graph={graph} node={node} onClose={() => openNode(undefined)} />
    </>
  );
}

function Verdict({ graph }: { readonly graph: ProvenanceGraph }) {
  const broken = graph.edges.filter(({ holds }) => !holds).length;
  return (
    <p role="status">
      {graph.holds ? (
        <Badge tone="good" icon="check">
          The chain holds
        </Badge>
      ) : (
        <Badge tone="bad" icon="alert">
          {`${broken} of ${graph.edges.length} links do not hold`}
        </Badge>
      )}{" "}
      {graph.edges.length} links; every stored byte was hashed as you opened this.
      {graph.isPartial ? " Only the newest were looked at; something older was left out." : ""}
    </p>
  );
}

type ChainGraphProps = {
  readonly chain: Chain;
  readonly selected: string | null;
  readonly onOpen: (id: string) => void;
};

function ChainGraph({ chain, selected, onOpen }: ChainGraphProps) {
  return (
    <ZoomRoom label="The chain, to be moved and scaled">
      <Graph
        label="Chain of trust"
        nodes={chain.nodes.map((node) => ({
          id: node.id,
          label: describeNode(node),
          kind: describeKind(node),
          icon: iconOf(node),
          tone: toneOf(node, chain.edges),
        }))}
        edges={chain.edges.map((edge) => ({
          from: edge.from,
          to: edge.to,
          meaning:
            edge.problem === null ? describeMeaning(edge) : `${describeMeaning(edge)}: ${edge.problem}`,
          tone: edge.holds ? "good" : "bad",
        }))}
        selected={selected}
        onSelect={onOpen}
      />
    </ZoomRoom>
  );
}
