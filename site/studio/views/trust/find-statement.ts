// Which signed statement stands behind a node, and where it is had.
import type * as z from "zod";
import type { statementListSchema } from "../../../../schemas/api/capsules.ts";
import type { TimelinePage } from "../../../../schemas/api/history.ts";
import type { ProvenanceGraph, ProvenanceNode } from "../../../../schemas/provenance.ts";
import { PREDICATE_PROVENANCE } from "../../../../schemas/statement.ts";
import { apiPath, askApi } from "../../data/api-client.ts";

export type StoredEnvelope = z.infer<typeof statementListSchema>["items"][number];

/** The statements that a node opens; the first is its own. */
export async function findStatements(
  node: ProvenanceNode,
  graph: ProvenanceGraph,
  signal: AbortSignal,
): Promise<readonly StoredEnvelope[]> {
  const { projectId } = graph;
  const name = await nameStatement(node, graph, signal);
  if (name === null) return [];
  const { items } = await askApi<z.infer<typeof statementListSchema>>(
    apiPath`/api/capsules/${name.capsuleDigest}/statements`,
    { query: { projectId }, signal },
  );
  return items.filter(({ envelopeSha256, predicateType }) =>
    name.envelopeSha256 === null
      ? predicateType === PREDICATE_PROVENANCE
      : envelopeSha256 === name.envelopeSha256,
  );
}

type StatementName = {
  readonly capsuleDigest: string;
  /** Null: what its builders have stated. */
  readonly envelopeSha256: string | null;
};

/** Null where nothing was signed: a gate that asks for nothing signs nothing. */
async function nameStatement(
  node: ProvenanceNode,
  graph: ProvenanceGraph,
  signal: AbortSignal,
): Promise<StatementName | null> {
  switch (node.kind) {
    case "capsule":
      return node.digest === null ? null : { capsuleDigest: node.digest, envelopeSha256: null };
    case "statement":
    case "simulation":
      return byEdge(graph, node.id, ["stated-by", "rehearsed-by"]);
    case "deploy":
      return byEdge(graph, node.id, ["deployed-as"]);
    case "environment": {
      const live = graph.edges.find(({ to, means }) => to === node.id && means === "live-in");
      return live === undefined ? null : byEdge(graph, live.from, ["deployed-as"]);
    }
    case "decision":
      return await nameDecision(Number(node.id.replace("decision:", "")), graph.projectId, signal);
  }
}

/** The edge from its capsule has checked the digest of the envelope. */
function byEdge(
  { nodes, edges }: ProvenanceGraph,
  id: string,
  meanings: readonly string[],
): StatementName | null {
  const edge = edges.find(({ to, means }) => to === id && meanings.includes(means));
  const capsule = nodes.find((node) => node.id === edge?.from);
  if (edge === undefined || capsule === undefined || capsule.digest === null) return null;
  return { capsuleDigest: capsule.digest, envelopeSha256: edge.digest.replace(/^sha256:/, "") };
}

/** A refusal is an event of its own; what was allowed stands in the activation's event. */
async function nameDecision(
  seq: number,
  projectId: string,
  signal: AbortSignal,
): Promise<StatementName | null> {
  const { items } = await askApi<TimelinePage>(apiPath`/api/projects/${projectId}/timeline`, {
    query: { since: seq - 1, limit: 1 },
    signal,
  });
  const data = items[0]?.data as Readonly<Record<string, unknown>> | null | undefined;
  const decision = (data?.gate ?? data) as Readonly<Record<string, unknown>> | null | undefined;
  const { capsuleDigest, statement } = decision ?? {};
  if (typeof capsuleDigest !== "string" || typeof statement !== "string") return null;
  return { capsuleDigest, envelopeSha256: statement };
}
