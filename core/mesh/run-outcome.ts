// Pass or fail, and why (MESH.md M9, M11, M12).
import type { MeshSloVerdict } from "../../schemas/mesh-result.ts";
import { INVARIANTS } from "./invariants.ts";
import type { MeshNode } from "./mesh-node.ts";
import type { Violation } from "./run-report.ts";
import type { Simulation } from "./simulation.ts";

export type EndOfRun = {
  readonly simulation: Simulation;
  /** The first invariant that did not hold, or the first node that drift has halted, or null. */
  readonly violation: Violation | null;
  readonly slo: MeshSloVerdict;
  /** The run was ended because it wrote or queued more than it may. */
  readonly isTooLong: boolean;
};

const MICROS_PER_MS = 1_000;
const MISMATCHES: readonly (string | null)[] = ["digest-mismatch", "signature-mismatch"];

/** Every reason not to pass, the gravest first; none means pass. Each begins with its code. */
export function findReasons({ simulation, violation, slo, isTooLong }: EndOfRun): string[] {
  const { parameters } = simulation;
  const receivers = simulation.nodes.filter(({ isOrigin }) => !isOrigin);
  const starved = receivers.filter(({ bytesReceived }) => bytesReceived === 0);
  const isInconclusive = starved.length === receivers.length;
  const lagging = findLagging(simulation);
  return [
    ...(isInconclusive ? ["inconclusive: nothing was delivered"] : []),
    ...(violation === null ? [] : [describeViolation(violation)]),
    ...(isTooLong ? [`too-long: the run was ended at event ${simulation.trace.length}`] : []),
    ...(isSafetyViolation(violation) ? [] : lagging.map((node) => describeLagging(simulation, node))),
    ...(parameters.drift.length > 0 && violation?.kind !== "drift"
      ? ["drift: a service's digest is overridden"]
      : []),
    ...(parameters.verifySignatures ? [] : ["unverified: signatures were not checked"]),
    ...(isInconclusive ? [] : starved.map(({ name }) => `starved: nothing was delivered to ${name}`)),
    ...slo
      .filter(({ isMet }) => !isMet)
      .map(({ objective, limit, actual }) => `slo: ${objective} is ${limit}, but it was ${actual}`),
  ];
}

/** What is not healthy at the end of the healing phase and was not halted by drift (MESH.md M8, M9). */
export function findLagging({ nodes, parameters }: Simulation): readonly MeshNode[] {
  const drifted = new Set(parameters.drift.map(({ node }) => node));
  return nodes.filter(({ name, phase, haltReason }) => {
    const isHaltedByDrift = phase === "halted" && drifted.has(name) && MISMATCHES.includes(haltReason);
    return phase !== "healthy" && !isHaltedByDrift;
  });
}

/** The first word of a reason. */
export function codeOf(reason: string): string {
  return reason.slice(0, reason.indexOf(":"));
}

function isSafetyViolation(violation: Violation | null): boolean {
  return violation !== null && violation.kind in INVARIANTS;
}

function describeViolation({ kind, event, atMicros, node }: Violation): string {
  const where = `${node} at event ${event}, ${atMicros / MICROS_PER_MS} ms`;
  if (kind === "drift") return `drift: ${where}: halted, as a service's digest is overridden`;
  return kind === "not-healthy" ? `not-healthy: ${where}` : `${kind}: ${where}: ${INVARIANTS[kind]}`;
}

function describeLagging({ trace, now }: Simulation, { name, phase, haltReason }: MeshNode): string {
  const state = phase === "halted" ? `halted with ${haltReason}` : `in ${phase}`;
  return `not-healthy: ${name} at event ${trace.length}, ${now / MICROS_PER_MS} ms: ${state} when healing ends`;
}
