// The chain of trust: whole it holds, and each broken link is named where it breaks.
import { describe, expect, it } from "vitest";
import type { GateDecision } from "../../schemas/gate.ts";
import { provenanceSchema } from "../../schemas/provenance.ts";
import { fakeDigest } from "../mesh/mesh-fixture.ts";
import { buildProvenance, type ProvenanceInput, type StoredStatement } from "./build-provenance.ts";
import { provenanceDot } from "./provenance-dot.ts";

const OLD = fakeDigest("a");
const NEW = fakeDigest("b");
const ARTIFACT = fakeDigest("c");
const SIM = "1".repeat(64);
const DEPLOY = "2".repeat(64);
const BUILT = "3".repeat(64);

const DECISION: GateDecision = {
  isAllowed: true,
  basis: "evidence",
  message: "it passed",
  policyRevision: 1,
  capsuleDigest: NEW,
  artifactDigest: ARTIFACT,
  simId: "sim",
  evidenceSha256: SIM,
};

function statement(envelopeSha256: string, predicateType: string, predicate = {}): StoredStatement {
  return {
    capsuleDigest: NEW,
    envelopeSha256,
    actualSha256: envelopeSha256,
    predicateType,
    subjectSha256: NEW.slice(7),
    predicate,
  };
}

function whole(): ProvenanceInput {
  return {
    projectId: "prj_1",
    capsules: [
      { digest: OLD, actualDigest: OLD, label: "app 1.0.0", parents: [] },
      { digest: NEW, actualDigest: NEW, label: "app 1.1.0", parents: [OLD] },
    ],
    statements: [
      statement(BUILT, "provenance"),
      statement(SIM, "mesh-sim", { simId: "sim", capsuleHash: NEW, artifactDigest: ARTIFACT }),
      statement(DEPLOY, "deploy", { artifactDigest: ARTIFACT, env: "prod", revision: 4 }),
    ],
    simulations: [{ simId: "sim", capsuleDigest: NEW, kind: "gate", outcome: "pass", envelopeSha256: SIM }],
    deploys: [
      {
        seq: 9,
        env: "prod",
        revision: 4,
        capsuleDigest: NEW,
        artifactDigest: ARTIFACT,
        statement: DEPLOY,
        gate: DECISION,
      },
    ],
    refusals: [],
    live: [{ env: "prod", revision: 4, capsuleDigest: NEW, artifactDigest: ARTIFACT }],
    isPartial: false,
  };
}

/** The edges that do not hold, as `means: problem`. */
function broken(input: ProvenanceInput): string[] {
  const { edges, holds } = buildProvenance(input);
  const found = edges.flatMap(({ holds: isFine, means, problem }) =>
    isFine ? [] : [`${means}: ${problem}`],
  );
  expect(holds).toBe(found.length === 0);
  return found;
}

describe("the chain of trust", () => {
  it("leads from a capsule by statements, simulation, decision and deploy to what is live, and holds", () => {
    const graph = provenanceSchema.parse(buildProvenance(whole()));
    expect(graph.holds).toBe(true);
    const path = graph.edges.map(
      ({ from, to, means }) => `${from.split(":")[0]} ${means} ${to.split(":")[0]}`,
    );
    expect(path).toEqual([
      "capsule derived-from capsule",
      "capsule stated-by statement",
      "capsule stated-by statement",
      "capsule stated-by statement",
      "capsule rehearsed-by simulation",
      "capsule deployed-as deploy",
      "simulation decided-on decision",
      "decision allowed deploy",
      "deploy live-in environment",
    ]);
    expect(graph.edges.every(({ digest }) => /[0-9a-f]{64}$/.test(digest))).toBe(true);
  });

  it.each<[string, (input: ProvenanceInput) => ProvenanceInput, string]>([
    [
      "bytes of a manifest that are others",
      (input) => ({ ...input, capsules: input.capsules.map((one) => ({ ...one, actualDigest: ARTIFACT })) }),
      "derived-from: the manifest's bytes are others",
    ],
    [
      "a parent that is not there",
      (input) => ({ ...input, capsules: input.capsules.slice(1) }),
      "derived-from: the parent is not in this project",
    ],
    [
      "a statement whose bytes were changed",
      (input) => changeStatement(input, BUILT, { actualSha256: DEPLOY }),
      "stated-by: the statement's bytes are others",
    ],
    [
      "a statement that is gone",
      (input) => changeStatement(input, BUILT, { actualSha256: null }),
      "stated-by: the signed statement is missing",
    ],
    [
      "a result about another capsule",
      (input) =>
        changeStatement(input, SIM, {
          predicate: { simId: "sim", capsuleHash: OLD, artifactDigest: ARTIFACT },
        }),
      "rehearsed-by: the sealed result is about another capsule",
    ],
    [
      "a decision on an artifact that was not rehearsed",
      (input) => changeDeploy(input, { gate: { ...DECISION, artifactDigest: OLD } }),
      "decided-on: the decision is about another artifact than was rehearsed",
    ],
    [
      "an activation that the gate refused",
      (input) => changeDeploy(input, { gate: { ...DECISION, isAllowed: false, basis: "evidence-failed" } }),
      "allowed: it was activated though the gate said no",
    ],
    [
      "another artifact live than was activated",
      (input) => ({ ...input, live: input.live.map((one) => ({ ...one, artifactDigest: OLD })) }),
      "live-in: another artifact is live than was activated",
    ],
    [
      "a deploy signed for another revision",
      (input) =>
        changeStatement(input, DEPLOY, { predicate: { artifactDigest: ARTIFACT, env: "prod", revision: 3 } }),
      "deployed-as: the signed deploy is of another environment or revision",
    ],
  ])("names %s", (_what, change, problem) => {
    expect(broken(change(whole()))).toContain(problem);
  });

  it("a refusal stands beside its simulation, and breaks nothing", () => {
    const decision = { ...DECISION, isAllowed: false, basis: "evidence-failed" as const };
    const graph = buildProvenance({ ...whole(), refusals: [{ seq: 7, env: "prod", decision }] });
    expect(graph.holds).toBe(true);
    expect(graph.nodes.find(({ id }) => id === "decision:7")?.label).toBe("prod: refused (evidence-failed)");
  });

  it("is drawn for Graphviz, what is broken in red", () => {
    const dot = provenanceDot(buildProvenance({ ...whole(), live: [], capsules: whole().capsules.slice(1) }));
    expect(dot).toMatch(/^digraph provenance \{\n {2}rankdir=LR;\n/);
    expect(dot).toContain('[label="the parent is not in this project", color=red, style=dashed]');
    expect(dot).toContain('[shape=hexagon, label="gate pass\\n111111111111"]');
  });
});

function changeStatement(
  input: ProvenanceInput,
  name: string,
  change: Partial<StoredStatement>,
): ProvenanceInput {
  const changed = (one: StoredStatement) => (one.envelopeSha256 === name ? { ...one, ...change } : one);
  return { ...input, statements: input.statements.map(changed) };
}

function changeDeploy(
  input: ProvenanceInput,
  change: Partial<ProvenanceInput["deploys"][number]>,
): ProvenanceInput {
  return { ...input, deploys: input.deploys.map((one) => ({ ...one, ...change })) };
}
