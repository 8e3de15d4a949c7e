// What is shown of a chain of trust is a part of it, whole where it matters.
import { describe, expect, it } from "vitest";
import type { ProvenanceEdge, ProvenanceGraph, ProvenanceNode } from "../../../../schemas/provenance.ts";
import { PREDICATE_DEPLOY, PREDICATE_PROVENANCE, PREDICATE_RECEIPT } from "../../../../schemas/statement.ts";
import { type ChainOptions, chooseChain } from "./choose-chain.ts";
import { toneOf } from "./node-words.ts";

const node = (
  id: string,
  kind: ProvenanceNode["kind"],
  digest: string | null,
  label = id,
): ProvenanceNode => {
  return { id, kind, label, digest };
};
const edge = (from: string, to: string, means: ProvenanceEdge["means"], digest = "d"): ProvenanceEdge => {
  return { from, to, means, digest, holds: true, problem: null };
};

const GRAPH: ProvenanceGraph = {
  projectId: "prj_1",
  nodes: [
    node("old", "capsule", "sha256:old"),
    node("new", "capsule", "sha256:new"),
    node("other", "capsule", "sha256:other"),
    node("built", "statement", "built", PREDICATE_PROVENANCE),
    node("logged", "statement", "logged", PREDICATE_RECEIPT),
    node("sealed", "statement", "sealed", "sim"),
    node("signed", "statement", "signed", PREDICATE_DEPLOY),
    node("sim", "simulation", "sealed", "gate pass"),
    node("gate", "decision", null, "prod: allowed (evidence)"),
    node("deploy", "deploy", "artifact"),
    node("prod", "environment", "artifact"),
    node("explored", "simulation", "elsewhere", "explore fail"),
  ],
  edges: [
    edge("new", "old", "derived-from"),
    edge("new", "built", "stated-by"),
    edge("new", "logged", "stated-by"),
    edge("new", "sealed", "stated-by"),
    edge("new", "signed", "stated-by"),
    edge("new", "sim", "rehearsed-by", "sealed"),
    edge("new", "deploy", "deployed-as", "signed"),
    edge("sim", "gate", "decided-on"),
    edge("gate", "deploy", "allowed"),
    edge("deploy", "prod", "live-in"),
    edge("other", "explored", "rehearsed-by"),
  ],
  holds: true,
  isPartial: false,
};

function shown(options: Partial<ChainOptions>): string[] {
  const all = { focus: "live", hasStatements: false, hasReceipts: false, ...options };
  return chooseChain(GRAPH, all).nodes.map(({ id }) => id);
}

describe("a chain", () => {
  it("of what is live leads from its capsule to the environment, with the parent beside", () => {
    expect(shown({})).toEqual(["old", "new", "sim", "gate", "deploy", "prod"]);
  });

  it("of one capsule holds what came of it and nothing else", () => {
    expect(shown({ focus: "sha256:other" })).toEqual(["other", "explored"]);
    expect(shown({ focus: "sha256:new" })).toEqual(["old", "new", "sim", "gate", "deploy", "prod"]);
    expect(shown({ focus: "sha256:nobody" })).toEqual([]);
  });

  it("what rehearsal and deploy have signed is no node of its own; other statements come when they are asked for", () => {
    const { statementCount } = chooseChain(GRAPH, {
      focus: "live",
      hasStatements: false,
      hasReceipts: false,
    });
    expect(statementCount).toBe(2);
    expect(shown({ hasStatements: true })).toContain("built");
    expect(shown({ hasStatements: true })).not.toContain("logged");
    expect(shown({ hasStatements: true, hasReceipts: true })).toContain("logged");
    for (const id of ["sealed", "signed"])
      expect(shown({ focus: "all", hasStatements: true })).not.toContain(id);
  });

  it("goes from parents to what was made of them, and joins only what is shown", () => {
    const { nodes, edges } = chooseChain(GRAPH, { focus: "all", hasStatements: false, hasReceipts: false });
    expect(edges).toContainEqual(expect.objectContaining({ from: "old", to: "new", means: "derived-from" }));
    const ids = new Set(nodes.map(({ id }) => id));
    expect(edges.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true);
    expect(nodes).toHaveLength(8);
  });
});

it("a node is bad when something that it rests on does not hold", () => {
  const [, , , , , , , sim] = GRAPH.nodes;
  if (sim === undefined) throw new Error("no simulation");
  expect(toneOf(sim, GRAPH.edges)).toBe("good");
  const broken = GRAPH.edges.map((one) => (one.to === "sim" ? { ...one, holds: false } : one));
  expect(toneOf(sim, broken)).toBe("bad");
});
