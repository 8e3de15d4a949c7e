// One run: a pure function of capsule, parameters, seed and observations (MESH.md M2).
import { toHex } from "../capsule/bytes.ts";
import type { Hashing } from "../hashing.ts";
import { scheduleChaos } from "./chaos.ts";
import { areExpectationsMet } from "./expectations.ts";
import { handleEvent } from "./handle-event.ts";
import { findBrokenInvariant } from "./invariants.ts";
import { MESH_LIMITS, PROTOCOL, SIMULATOR_VERSION } from "./mesh-limits.ts";
import { boot } from "./node-phases.ts";
import { schedulePartitions } from "./partitions.ts";
import { type ProtocolDecisions, SOUND_DECISIONS } from "./protocol-decisions.ts";
import { codeOf, findLagging, findReasons } from "./run-outcome.ts";
import { measureLatencies, type RunReport, reportNodes, type Violation } from "./run-report.ts";
import { computeServiceLevels, judgeServiceLevels } from "./service-levels.ts";
import { Simulation, type SimulationInput } from "./simulation.ts";

export type RunOptions = {
  readonly hashing: Pick<Hashing, "createSha256">;
  /** Where the virtual clock begins: ms since the epoch. */
  readonly startedAtMs: number;
  /**
   * Is given the trace as it grows: whole lines of JSON, each with its newline. The bytes are used again afterwards; a
   * promise is waited for, which sets the pace and changes nothing else.
   */
  readonly onTrace?: ((lines: Uint8Array) => void | Promise<void>) | undefined;
  /** The protocol; tests put broken ones here. */
  readonly decisions?: ProtocolDecisions;
};

const MICROS_PER_MS = 1_000;

/** Simulates one seed to its end. The parameters and observations must have been checked. */
export async function simulateRun(input: SimulationInput, options: RunOptions): Promise<RunReport> {
  const { parameters, seed } = input;
  const decisions = options.decisions ?? SOUND_DECISIONS;
  const simulation = new Simulation(input, decisions, options.hashing.createSha256());
  begin(simulation, seed);
  const violation = await runToEnd(simulation, options.onTrace);
  const { trace, counts, nodes, now } = simulation;
  await trace.flush(options.onTrace);
  const endMs = now / MICROS_PER_MS;
  const timesToHealthyMs = nodes.map(
    ({ firstHealthyAt }) => (firstHealthyAt < 0 ? now : firstHealthyAt) / MICROS_PER_MS,
  );
  const reSyncs = nodes.reduce((sum, node) => sum + node.reSyncs, 0);
  const sli = computeServiceLevels(timesToHealthyMs, counts, reSyncs);
  const slo = judgeServiceLevels(parameters.slo, sli);
  const reasons = findReasons({ simulation, violation, slo, isTooLong: isTooLong(simulation) });
  const outcome = reasons.length === 0 ? "pass" : "fail";
  const finalStates = nodes.map(({ name, phase, haltReason }) => ({ node: name, phase, haltReason }));
  const ended = { outcome, codes: reasons.map(codeOf), finalStates } as const;
  return {
    seed,
    traceHash: toHex(await trace.finish()),
    traceLength: trace.length,
    outcome,
    reasons,
    violation: violation ?? describeLiveness(simulation),
    finalStates,
    nodeReports: reportNodes(simulation, options.startedAtMs),
    latencyMatrix: measureLatencies(simulation),
    counts,
    timesToHealthyMs,
    sli,
    slo,
    reSyncs,
    endMs,
    expectationsMet: areExpectationsMet(parameters.expect, ended),
  };
}

function begin(simulation: Simulation, seed: number): void {
  const { trace, capsule, nodes, queue } = simulation;
  trace.line({
    at: 0,
    capsule: capsule.digest,
    event: "begin",
    nodes: nodes.length,
    seed,
    simulatorVersion: SIMULATOR_VERSION,
  });
  schedulePartitions(simulation);
  scheduleChaos(simulation, seed);
  for (const node of nodes) boot(simulation, node);
  queue.add(PROTOCOL.probeEvery, "probe", 0, 0).item = 1;
}

/** Until nothing is left to happen, the healing phase is over, or an invariant is broken. Gives the first violation. */
async function runToEnd(simulation: Simulation, onTrace: RunOptions["onTrace"]): Promise<Violation | null> {
  const { queue, trace, parameters } = simulation;
  const healMicros = parameters.healMs * MICROS_PER_MS;
  let violation: Violation | null = null;
  for (;;) {
    const event = queue.take();
    if (event === null) break;
    if (event.time > simulation.faultsEnd + healMicros) {
      queue.postpone(event, event.time);
      simulation.now = simulation.faultsEnd + healMicros;
      break;
    }
    simulation.now = event.time;
    const linesBefore = trace.length;
    if (handleEvent(simulation, event)) queue.release(event);
    if (trace.length === linesBefore) continue;
    violation = findViolation(simulation, violation);
    if ((violation !== null && violation.kind !== "drift") || isTooLong(simulation)) break;
    if (trace.isFull) await trace.flush(onTrace);
  }
  end(simulation, violation);
  return violation;
}

/** A broken invariant, or the halt that drift has led to, whichever comes first; a broken invariant ends the run. */
function findViolation(simulation: Simulation, earlier: Violation | null): Violation | null {
  const { trace, now } = simulation;
  const broken = findBrokenInvariant(simulation);
  if (broken !== null)
    return { kind: broken.invariant, event: trace.length, atMicros: now, node: broken.node.name };
  if (earlier !== null || simulation.parameters.drift.length === 0) return earlier;
  const halted = simulation.nodes.find(({ phase }) => phase === "halted");
  return halted === undefined
    ? null
    : { kind: "drift", event: trace.length, atMicros: now, node: halted.name };
}

/** At the end of the healing phase every node is healthy that drift has not halted (MESH.md M9). */
function describeLiveness(simulation: Simulation): Violation | null {
  const { trace, now } = simulation;
  const lagging = findLagging(simulation)[0];
  if (lagging === undefined) return null;
  return { kind: "not-healthy", event: trace.length, atMicros: now, node: lagging.name };
}

/** What is still under way arrives nowhere: every packet was delivered or dropped. */
function end(simulation: Simulation, violation: Violation | null): void {
  const { queue, trace, counts, now } = simulation;
  for (const { kind } of queue.waiting()) if (kind === "packet") counts.dropped += 1;
  trace.line({ at: now, counts: { ...counts }, event: "end", violation: violation?.kind ?? null });
}

function isTooLong({ trace, queue }: Simulation): boolean {
  return trace.length > MESH_LIMITS.traceLines || queue.hasOverflowed;
}
