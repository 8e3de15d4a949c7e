// The chain of trust: capsule → parents, statements, simulations → gate decisions → deploys → live environments. Each edge
// compares what two ends say of one digest; the digests of stored bytes were computed anew by the caller.
import type { GateDecision } from "../../schemas/gate.ts";
import type { ProvenanceEdge, ProvenanceGraph, ProvenanceNode } from "../../schemas/provenance.ts";
import { digestHex } from "../capsule/digest.ts";

/** An envelope as it is stored. Null where it cannot be read: then nothing about it holds. */
export type StoredStatement = {
  readonly capsuleDigest: string;
  /** The name that it is stored under. */
  readonly envelopeSha256: string;
  /** The SHA-256 of the bytes that are there. */
  readonly actualSha256: string | null;
  readonly predicateType: string;
  /** Of the capsule that the statement is about, bare hex. */
  readonly subjectSha256: string | null;
  readonly predicate: Readonly<Record<string, unknown>> | null;
};

export type ProvenanceInput = {
  readonly projectId: string;
  readonly capsules: readonly {
    readonly digest: string;
    /** Of the stored manifest's bytes. */
    readonly actualDigest: string | null;
    readonly label: string;
    readonly parents: readonly string[];
  }[];
  readonly statements: readonly StoredStatement[];
  readonly simulations: readonly {
    readonly simId: string;
    readonly capsuleDigest: string;
    readonly kind: string;
    readonly outcome: string | null;
    readonly envelopeSha256: string | null;
  }[];
  readonly deploys: readonly {
    readonly seq: number;
    readonly env: string;
    readonly revision: number;
    readonly capsuleDigest: string;
    readonly artifactDigest: string;
    /** SHA-256 of the signed deploy statement. */
    readonly statement: string | null;
    readonly gate: GateDecision | null;
  }[];
  /** Decisions that led to no activation. */
  readonly refusals: readonly {
    readonly seq: number;
    readonly env: string;
    readonly decision: GateDecision;
  }[];
  readonly live: readonly {
    readonly env: string;
    readonly revision: number;
    readonly capsuleDigest: string;
    readonly artifactDigest: string;
  }[];
  readonly isPartial: boolean;
};

/** Nodes and edges in the order of time; an end that is not in the input gets a node of its own, and does not hold. */
export function buildProvenance(input: ProvenanceInput): ProvenanceGraph {
  const graph = new Graph();
  const statements = new Map(input.statements.map((one) => [one.envelopeSha256, one]));
  for (const { digest, label } of input.capsules) graph.node(capsuleNode(digest, label));
  addParents(graph, input);
  for (const statement of input.statements) addStatement(graph, statement);
  for (const simulation of input.simulations) addSimulation(graph, simulation, statements);
  for (const { seq, env, decision } of input.refusals)
    addDecision(graph, `decision:${seq}`, env, decision, input);
  for (const deploy of input.deploys) addDeploy(graph, deploy, statements, input);
  for (const live of input.live) addLive(graph, live, input);
  const { nodes, edges } = graph;
  return {
    projectId: input.projectId,
    nodes,
    edges,
    holds: edges.every(({ holds }) => holds),
    isPartial: input.isPartial,
  };
}

class Graph {
  readonly #nodes = new Map<string, ProvenanceNode>();
  readonly edges: ProvenanceEdge[] = [];

  get nodes(): ProvenanceNode[] {
    return [...this.#nodes.values()];
  }

  node(node: ProvenanceNode): string {
    if (!this.#nodes.has(node.id)) this.#nodes.set(node.id, node);
    return node.id;
  }

  /** The first problem speaks; none, and the edge holds. */
  edge(
    edge: Pick<ProvenanceEdge, "from" | "to" | "means" | "digest">,
    problems: readonly (string | null)[],
  ): void {
    const problem = problems.find((one) => one !== null) ?? null;
    this.edges.push({ ...edge, holds: problem === null, problem });
  }
}

function addParents(graph: Graph, { capsules, isPartial }: ProvenanceInput): void {
  const known = new Map(capsules.map((capsule) => [capsule.digest, capsule]));
  for (const { digest, parents, actualDigest } of capsules) {
    for (const parent of parents) {
      const found = known.get(parent);
      const missing = isPartial
        ? "the parent is not among what was looked at"
        : "the parent is not in this project";
      graph.edge(
        {
          from: capsuleId(digest),
          to: graph.node(capsuleNode(parent, "elsewhere")),
          means: "derived-from",
          digest: parent,
        },
        [
          unless(actualDigest === digest, "the manifest's bytes are others"),
          unless(found !== undefined, missing),
          unless(found?.actualDigest === parent, "the parent's bytes are others"),
        ],
      );
    }
  }
}

function addStatement(graph: Graph, statement: StoredStatement): void {
  const { capsuleDigest, envelopeSha256, predicateType } = statement;
  const to = graph.node(statementNode(envelopeSha256, predicateType));
  const from = graph.node(capsuleNode(capsuleDigest, "elsewhere"));
  graph.edge({ from, to, means: "stated-by", digest: envelopeSha256 }, problemsOf(statement, capsuleDigest));
}

function addSimulation(
  graph: Graph,
  { simId, capsuleDigest, kind, outcome, envelopeSha256 }: ProvenanceInput["simulations"][number],
  statements: ReadonlyMap<string, StoredStatement>,
): void {
  // Without a sealed result there is nothing to check, and nothing that could count.
  if (envelopeSha256 === null) return;
  const label = `${kind} ${outcome ?? ""}`.trim();
  const to = graph.node({ id: `simulation:${simId}`, kind: "simulation", label, digest: envelopeSha256 });
  const statement = statements.get(envelopeSha256);
  graph.edge(
    {
      from: graph.node(capsuleNode(capsuleDigest, "elsewhere")),
      to,
      means: "rehearsed-by",
      digest: envelopeSha256,
    },
    [
      ...problemsOf(statement, capsuleDigest),
      unless(statement?.predicate?.simId === simId, "the sealed result is of another simulation"),
      unless(
        statement?.predicate?.capsuleHash === capsuleDigest,
        "the sealed result is about another capsule",
      ),
    ],
  );
}

function addDecision(
  graph: Graph,
  id: string,
  env: string,
  decision: GateDecision,
  { simulations, statements }: ProvenanceInput,
): string {
  const { isAllowed, basis, simId, evidenceSha256, capsuleDigest, artifactDigest } = decision;
  const label = `${env}: ${isAllowed ? "allowed" : "refused"} (${basis})`;
  graph.node({ id, kind: "decision", label, digest: null });
  if (simId === null || evidenceSha256 === null) {
    const from = graph.node(capsuleNode(capsuleDigest, "elsewhere"));
    graph.edge({ from, to: id, means: "decided-on", digest: capsuleDigest }, []);
    return id;
  }
  const simulation = simulations.find((one) => one.simId === simId);
  const sealed = statements.find((one) => one.envelopeSha256 === evidenceSha256)?.predicate;
  const from = graph.node({
    id: `simulation:${simId}`,
    kind: "simulation",
    label: "elsewhere",
    digest: evidenceSha256,
  });
  graph.edge({ from, to: id, means: "decided-on", digest: evidenceSha256 }, [
    unless(simulation !== undefined, "the simulation is not among what was looked at"),
    unless(simulation?.envelopeSha256 === evidenceSha256, "the decision rests on another envelope"),
    unless(simulation?.capsuleDigest === capsuleDigest, "the decision is about another capsule"),
    unless(
      artifactDigest === null || sealed?.artifactDigest === artifactDigest,
      "the decision is about another artifact than was rehearsed",
    ),
  ]);
  return id;
}

function addDeploy(
  graph: Graph,
  deploy: ProvenanceInput["deploys"][number],
  statements: ReadonlyMap<string, StoredStatement>,
  input: ProvenanceInput,
): void {
  const { seq, env, revision, capsuleDigest, artifactDigest, statement, gate } = deploy;
  const id = deployId(env, revision);
  graph.node({ id, kind: "deploy", label: `${env} revision ${revision}`, digest: artifactDigest });
  const signed = statement === null ? undefined : statements.get(statement);
  graph.edge(
    {
      from: graph.node(capsuleNode(capsuleDigest, "elsewhere")),
      to: id,
      means: "deployed-as",
      digest: statement ?? artifactDigest,
    },
    [
      ...problemsOf(signed, capsuleDigest),
      unless(
        signed?.predicate?.artifactDigest === artifactDigest,
        "the signed deploy is of another artifact",
      ),
      unless(
        signed?.predicate?.env === env && signed.predicate.revision === revision,
        "the signed deploy is of another environment or revision",
      ),
    ],
  );
  if (gate === null) return;
  const from = addDecision(graph, `decision:${seq}`, env, gate, input);
  graph.edge({ from, to: id, means: "allowed", digest: artifactDigest }, [
    unless(gate.isAllowed, "it was activated though the gate said no"),
    unless(gate.capsuleDigest === capsuleDigest, "the gate decided about another capsule"),
    unless(gate.artifactDigest === artifactDigest, "the gate decided about another artifact"),
  ]);
}

function addLive(
  graph: Graph,
  { env, revision, capsuleDigest, artifactDigest }: ProvenanceInput["live"][number],
  { deploys }: ProvenanceInput,
): void {
  const to = graph.node({
    id: `environment:${env}`,
    kind: "environment",
    label: env,
    digest: artifactDigest,
  });
  const deploy = deploys.find((one) => one.env === env && one.revision === revision);
  const label = `${env} revision ${revision}`;
  const from = graph.node({ id: deployId(env, revision), kind: "deploy", label, digest: artifactDigest });
  graph.edge({ from, to, means: "live-in", digest: artifactDigest }, [
    unless(deploy !== undefined, "its activation is not among what was looked at"),
    unless(deploy?.artifactDigest === artifactDigest, "another artifact is live than was activated"),
    unless(deploy?.capsuleDigest === capsuleDigest, "another capsule is live than was activated"),
  ]);
}

/** The bytes are those of its name, and it is about this capsule. */
function problemsOf(statement: StoredStatement | undefined, capsuleDigest: string): (string | null)[] {
  return [
    unless(
      statement?.actualSha256 !== undefined && statement.actualSha256 !== null,
      "the signed statement is missing",
    ),
    unless(statement?.actualSha256 === statement?.envelopeSha256, "the statement's bytes are others"),
    unless(statement?.subjectSha256 === digestHex(capsuleDigest), "the statement is about another capsule"),
  ];
}

function unless(isFine: boolean, problem: string): string | null {
  return isFine ? null : problem;
}

function capsuleNode(digest: string, label: string): ProvenanceNode {
  return { id: capsuleId(digest), kind: "capsule", label, digest };
}

function statementNode(envelopeSha256: string, predicateType: string): ProvenanceNode {
  return {
    id: `statement:${envelopeSha256}`,
    kind: "statement",
    label: predicateType,
    digest: envelopeSha256,
  };
}

function capsuleId(digest: string): string {
  return `capsule:${digest}`;
}

function deployId(env: string, revision: number): string {
  return `deploy:${env}:${revision}`;
}
