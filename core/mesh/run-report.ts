// What one run of one seed gives.

import type { MeshCounts, MeshNodeReport, MeshSli, MeshSloVerdict } from "../../schemas/mesh-result.ts";
import type { Invariant } from "./invariants.ts";
import type { NodePhase, PhaseEntry } from "./mesh-node.ts";
import type { Simulation } from "./simulation.ts";

/** The earliest event after which something was wrong (MESH.md M12). */
export type Violation = {
  readonly kind: Invariant | "not-healthy" | "drift";
  /** The number of its line in the trace, from 1. */
  readonly event: number;
  readonly atMicros: number;
  readonly node: string;
};

/** Where a node stands when the run has ended. */
export type FinalState = {
  readonly node: string;
  readonly phase: NodePhase;
  readonly haltReason: string | null;
};

export type RunReport = {
  readonly seed: number;
  readonly traceHash: string;
  readonly traceLength: number;
  readonly outcome: "pass" | "fail";
  readonly reasons: readonly string[];
  readonly violation: Violation | null;
  readonly finalStates: readonly FinalState[];
  readonly nodeReports: readonly MeshNodeReport[];
  readonly latencyMatrix: readonly (readonly number[])[];
  readonly counts: MeshCounts;
  /** One for each node, in ms; a node that never was healthy counts with the whole run. */
  readonly timesToHealthyMs: readonly number[];
  readonly sli: MeshSli;
  readonly slo: MeshSloVerdict;
  readonly reSyncs: number;
  readonly endMs: number;
  /** Null when nothing was expected. */
  readonly expectationsMet: boolean | null;
};

const MICROS_PER_MS = 1_000;
const NO_PROBE = -1;

/** The nodes' phases on a clock that begins at `startedAtMs` (ms since the epoch). */
export function reportNodes({ nodes, now }: Simulation, startedAtMs: number): MeshNodeReport[] {
  const toTimestamp = (micros: number): string =>
    new Date(startedAtMs + Math.floor(micros / MICROS_PER_MS)).toISOString();
  return nodes.map((node) => ({
    nodeId: node.name,
    phases: node.phases.map(({ name, start, end, status, details }: PhaseEntry) => ({
      name,
      start: toTimestamp(start),
      end: toTimestamp(end < 0 ? now : end),
      status,
      ...(details === null ? {} : { details }),
    })),
    signatureVerified: node.signatureVerified,
    retries: node.retries,
    bytesReceived: node.bytesReceived,
  }));
}

/** The mean of the probes over each link, in ms with three decimals; −1 where none arrived. */
export function measureLatencies(simulation: Simulation): number[][] {
  return simulation.nodes.map((from) =>
    simulation.nodes.map((to) => {
      const { micros, count } = simulation.probe(from.index, to.index);
      if (from === to) return 0;
      return count === 0 ? NO_PROBE : Math.floor(micros / count) / MICROS_PER_MS;
    }),
  );
}
