// What stands behind a node of the chain: the edges that it hangs on, and its signed statement.
import type { ProvenanceGraph, ProvenanceNode } from "../../../../schemas/provenance.ts";
import { Badge } from "../../../halo/badge.tsx";
import { Digest } from "../../../halo/digest.tsx";
import { Drawer } from "../../../halo/drawer.tsx";
import { apiPath, askApi } from "../../data/api-client.ts";
import { useProject } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { routes } from "../../routes.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { ViewLink } from "../../shell/view-link.tsx";
import type { ProjectKeys } from "../mesh/project-trust.ts";
import { findStatements } from "./find-statement.ts";
import { describeKind, describeMeaning, describeNode } from "./node-words.ts";
import { StatementDetails } from "./statement-details.tsx";

type NodeDrawerProps = {
  readonly graph: ProvenanceGraph;
  readonly node: ProvenanceNode | null;
  readonly onClose: () => void;
};

export function NodeDrawer({ graph, node, onClose }: NodeDrawerProps) {
  return (
    <Drawer
      isOpen={node !== null}
      onClose={onClose}
      title={node === null ? "" : `${describeKind(node)}: ${describeNode(node)}`}
    >
      {node === null ? null : <Details key={node.id} graph={graph} node={node} />}
    </Drawer>
  );
}

function Details({ graph, node }: { readonly graph: ProvenanceGraph; readonly node: ProvenanceNode }) {
  const { projectId } = graph;
  const statements = useResource(`statements of ${node.id}`, (signal) => findStatements(node, graph, signal));
  const keys = useResource(`keys ${projectId}`, (signal) =>
    askApi<ProjectKeys>(apiPath`/api/projects/${projectId}/keys`, { signal }),
  );
  const { value } = statements;
  const known = keys.value;
  return (
    <div class="node-details">
      {node.digest === null ? null : <Digest value={node.digest} of={describeKind(node).toLowerCase()} />}
      <Room node={node} />
      <Edges graph={graph} node={node} />
      <ProblemNote error={statements.error} retry={statements.reload} />
      <ProblemNote error={keys.error} retry={keys.reload} />
      {value === undefined || known === undefined ? (
        statements.error === undefined && keys.error === undefined ? (
          <p role="status" class="muted">
            Reading the statement …
          </p>
        ) : null
      ) : value.length === 0 ? (
        <p>Nothing signed stands behind this node.</p>
      ) : (
        value.map((stored) => <StatementDetails key={stored.envelopeSha256} stored={stored} keys={known} />)
      )}
    </div>
  );
}

/** Where else in the Studio it is. */
function Room({ node }: { readonly node: ProvenanceNode }) {
  const { label } = useProject();
  if (node.kind === "simulation") {
    return <a href={routes.simulation(label, node.id.replace("simulation:", ""))}>Watch this rehearsal</a>;
  }
  if (node.kind === "capsule" && node.digest !== null) {
    return (
      <ViewLink view="capsules" href={routes.capsule(label, node.digest)}>
        Look at this capsule
      </ViewLink>
    );
  }
  return null;
}

function Edges({ graph, node }: { readonly graph: ProvenanceGraph; readonly node: ProvenanceNode }) {
  const nameOf = (id: string): string => {
    const found = graph.nodes.find((one) => one.id === id);
    return found === undefined ? id : `${describeKind(found)} ${describeNode(found)}`;
  };
  const own = graph.edges.filter(({ from, to }) => from === node.id || to === node.id);
  return (
    <ul class="node-details__edges" aria-label="What was checked">
      {own.map((edge) => (
        <li key={`${edge.from} ${edge.to} ${edge.means}`}>
          <Badge tone={edge.holds ? "good" : "bad"} icon={edge.holds ? "check" : "alert"}>
            {edge.holds ? "holds" : "does not hold"}
          </Badge>
          <span>
            {edge.means === "derived-from"
              ? `${nameOf(edge.from)} derives from ${nameOf(edge.to)}`
              : `${nameOf(edge.from)} ${describeMeaning(edge)} ${nameOf(edge.to)}`}
            {edge.problem === null ? "" : `: ${edge.problem}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
