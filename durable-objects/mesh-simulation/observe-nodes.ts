// Phase one of a simulation (MESH.md M1): every node takes the capsule in, verifies it, and starts it once for each life
// that the simulation may ask about. What they saw is a table; what was measured stands beside it.
import { chaosOf } from "../../core/mesh/chaos.ts";
import { nodeName } from "../../core/mesh/mesh-node.ts";
import type { MeshEvent } from "../../schemas/mesh-event.ts";
import type { MeshObservation } from "../../schemas/mesh-result.ts";
import type { MeshNodeObject } from "../mesh-node/mesh-node-object.ts";
import type { NodeAssignment, NodeHealth, NodeReceipt } from "../mesh-node/node-assignment.ts";
import type { ObservedTable, SimulationPlan } from "./simulation-plan.ts";

export type NodeStub = Pick<DurableObjectStub<MeshNodeObject>, "receive" | "start">;

/** A request may have six connections open at once (production). */
const NODES_AT_ONCE = 5;

type Seen = {
  readonly observations: readonly MeshObservation[];
  readonly latenciesMs: readonly number[];
  readonly errorCount: number;
};

/** @param tell is given each step of each node as it happens */
export async function observeNodes(
  plan: SimulationPlan,
  openNode: (node: string) => NodeStub,
  tell: (event: MeshEvent) => void,
): Promise<ObservedTable> {
  const startedAt = Date.now();
  const nodes = Array.from({ length: plan.params.nodes }, (_, index) => nodeName(index));
  const restarted = findRestarted(plan);
  const seen: Seen[] = [];
  for (let first = 0; first < nodes.length; first += NODES_AT_ONCE) {
    const turn = nodes.slice(first, first + NODES_AT_ONCE);
    seen.push(
      ...(await Promise.all(
        turn.map((node) => observeNode(plan, node, openNode(node), restarted.has(node), tell)),
      )),
    );
  }
  const latenciesMs = seen.flatMap((one) => one.latenciesMs).sort((one, other) => one - other);
  return {
    observations: seen.flatMap((one) => one.observations),
    measured: {
      observeMs: Date.now() - startedAt,
      healthCheckMs: {
        p50: rank(latenciesMs, 50),
        p95: rank(latenciesMs, 95),
        p99: rank(latenciesMs, 99),
      },
      healthCheckErrors: seen.reduce((sum, { errorCount }) => sum + errorCount, 0),
    },
  };
}

/** Nodes that some seed restarts: their second life is observed as well. Every later one takes that one's verdicts. */
function findRestarted({ params }: SimulationPlan): ReadonlySet<string> {
  const faults = params.chaosMode ? params.seeds.flatMap((seed) => chaosOf(params, seed)) : params.chaos;
  return new Set(faults.filter(({ action }) => action !== "pause").map(({ node }) => node));
}

async function observeNode(
  plan: SimulationPlan,
  node: string,
  stub: NodeStub,
  isRestarted: boolean,
  tell: (event: MeshEvent) => void,
): Promise<Seen> {
  const say = (phase: MeshEvent["phase"], status: string, details: Readonly<Record<string, unknown>>) =>
    tell({ nodeId: node, phase, status, details: { ts: Date.now(), ...details } });
  const assignment = assign(plan, node);
  say("boot", "ok", { incarnation: 1 });
  say("receive", "running", { incarnation: 1 });
  const receipt = await stub.receive(assignment);
  const { bytesReceived, fileCount, elapsedMs } = receipt;
  say("receive", "ok", { incarnation: 1, bytesReceived, fileCount, elapsedMs });
  const mismatch = findMismatch(receipt, plan.params.verifySignatures);
  say("verify", mismatch === null ? "ok" : "error", { incarnation: 1, ...describe(mismatch) });
  if (mismatch !== null) {
    say("halted", "error", { incarnation: 1, reason: mismatch });
    const observations = tabulate(node, receipt, [{ healthy: false, reason: mismatch }]);
    return { observations, latenciesMs: [], errorCount: 0 };
  }
  const lives: NodeHealth[] = [];
  for (let incarnation = 1; incarnation <= (isRestarted ? 2 : 1); incarnation += 1) {
    say("start", "running", { incarnation });
    const health = await stub.start(assignment, incarnation);
    lives.push(health);
    say(health.healthy ? "healthy" : "halted", health.healthy ? "ok" : "error", {
      incarnation,
      healthCheckMs: [...health.latenciesMs],
      ...describe(health.reason),
    });
  }
  return {
    observations: tabulate(node, receipt, lives),
    latenciesMs: lives.flatMap(({ latenciesMs }) => latenciesMs),
    errorCount: lives.reduce((sum, { errorCount }) => sum + errorCount, 0),
  };
}

/** The services' digests as this node is told them: drift overrides some (M8). */
function assign(plan: SimulationPlan, node: string): NodeAssignment {
  const { simId, organizationId, projectId, capsule, artifactDigest, configurationDigest } = plan;
  const { secretsRevision, envelopes, receipts, trust, params } = plan;
  const services = capsule.services.map(({ name, digest }) => {
    const drift = params.drift.find((one) => one.node === node && one.service === name);
    return { name, digest: drift?.digest ?? digest };
  });
  return {
    simId,
    node,
    organizationId,
    projectId,
    capsuleDigest: capsule.digest,
    artifactDigest,
    configurationDigest,
    secretsRevision,
    envelopes,
    receipts,
    trust,
    services,
  };
}

function findMismatch({ services }: NodeReceipt, verifySignatures: boolean): string | null {
  const bad = services.find(({ digestOk, signatureOk }) => !digestOk || (verifySignatures && !signatureOk));
  return bad === undefined ? null : bad.reason;
}

/** All services of the app run in one isolate: its health is that of each. */
function tabulate(
  node: string,
  { services }: NodeReceipt,
  lives: readonly Pick<NodeHealth, "healthy" | "reason">[],
): MeshObservation[] {
  return lives.flatMap(({ healthy, reason }, index) =>
    services.map((check) => ({
      node,
      service: check.service,
      incarnation: index + 1,
      digestOk: check.digestOk,
      signatureOk: check.signatureOk,
      healthy,
      reason: check.reason ?? reason,
    })),
  );
}

function describe(reason: string | null): { readonly reason?: string } {
  return reason === null ? {} : { reason };
}

/** The nearest rank of sorted values; 0 of none. */
function rank(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0;
}
