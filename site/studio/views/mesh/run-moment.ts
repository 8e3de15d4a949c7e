// A run at one moment of its virtual clock: how each node stands, what is under way, what has happened so far.
import { PACKET_ENDS, type WatchedFault, type WatchedPhase, type WatchedRun } from "./watched-run.ts";

export type NodeState = {
  readonly name: string;
  /** Null before it has done anything. */
  readonly phase: WatchedPhase["phase"] | null;
  readonly reason: string | null;
  readonly isPaused: boolean;
};

export type SoFar = {
  /** Copies that links made are not among them. */
  readonly sent: number;
  readonly duplicated: number;
  readonly delivered: number;
  readonly dropped: number;
};

/** What is asked of a run again and again, computed once. */
export type RunIndex = {
  readonly run: WatchedRun;
  /** The longest way of any packet. */
  readonly longestMs: number;
  /** Nine in ten of what arrived took no longer. */
  readonly slowMs: number;
  readonly deliveredAtMs: Float64Array;
  readonly droppedAtMs: Float64Array;
  readonly copiedAtMs: Float64Array;
};

const ARRIVED = PACKET_ENDS.indexOf("arrived");
const SLOWEST_SHARE = 0.9;
const PAUSE_MS = 2_000;

export function indexRun(run: WatchedRun): RunIndex {
  const { sentMs, endMs, end, isCopy } = run.packets;
  const delivered: number[] = [];
  const dropped: number[] = [];
  const copied: number[] = [];
  const ways: number[] = [];
  let longestMs = 0;
  for (let index = 0; index < sentMs.length; index += 1) {
    const at = endMs[index] ?? 0;
    const tookMs = at - (sentMs[index] ?? 0);
    longestMs = Math.max(longestMs, tookMs);
    if (isCopy[index] === 1) copied.push(sentMs[index] ?? 0);
    if (end[index] === ARRIVED) {
      delivered.push(at);
      ways.push(tookMs);
    } else {
      dropped.push(at);
    }
  }
  const sortedWays = Float64Array.from(ways).sort();
  return {
    run,
    longestMs,
    slowMs: sortedWays[Math.floor(sortedWays.length * SLOWEST_SHARE)] ?? Number.POSITIVE_INFINITY,
    deliveredAtMs: Float64Array.from(delivered).sort(),
    droppedAtMs: Float64Array.from(dropped).sort(),
    copiedAtMs: Float64Array.from(copied).sort(),
  };
}

/** Every node's phase at that moment. */
export function nodesAt({ nodes, phases, faults }: WatchedRun, atMs: number): NodeState[] {
  const last = new Map<number, WatchedPhase>();
  for (const step of phases) {
    if (step.atMs > atMs) break;
    last.set(step.node, step);
  }
  return nodes.map((name, index) => {
    const step = last.get(index);
    const isPaused = faults.some(
      (fault) =>
        fault.kind === "chaos" &&
        fault.action === "pause" &&
        fault.node === index &&
        fault.atMs <= atMs &&
        atMs < fault.atMs + PAUSE_MS,
    );
    return { name, phase: step?.phase ?? null, reason: step?.reason ?? null, isPaused };
  });
}

/** The partitions (from 1) that cut at that moment. */
export function cutsAt({ faults }: WatchedRun, atMs: number): number[] {
  const cut = new Set<number>();
  for (const fault of faults) {
    if (fault.atMs > atMs) break;
    if (fault.kind === "cut") cut.add(fault.partition);
    if (fault.kind === "heal") cut.delete(fault.partition);
  }
  return [...cut];
}

/** How many packets had met which end by then; with `each` above 1 an estimate from the sample. */
export function countsAt(index: RunIndex, atMs: number): SoFar {
  const { run, deliveredAtMs, droppedAtMs, copiedAtMs } = index;
  const all = countUntil(run.packets.sentMs, atMs);
  const duplicated = countUntil(copiedAtMs, atMs);
  const { each } = run;
  return {
    sent: (all - duplicated) * each,
    duplicated: duplicated * each,
    delivered: countUntil(deliveredAtMs, atMs) * each,
    dropped: countUntil(droppedAtMs, atMs) * each,
  };
}

/** The places of the packets that are under way at that moment, and of those that ended at most `trailMs` before. */
export function packetsAt({ run, longestMs }: RunIndex, atMs: number, trailMs: number): number[] {
  const { sentMs, endMs } = run.packets;
  const found: number[] = [];
  const first = countUntil(sentMs, atMs - longestMs - trailMs);
  for (let index = first; index < sentMs.length && (sentMs[index] ?? 0) <= atMs; index += 1) {
    if ((endMs[index] ?? 0) + trailMs >= atMs) found.push(index);
  }
  return found;
}

/** Where something happens that one wants to jump to, in order and each moment once. */
export function momentsOf({ faults, phases, endMs }: WatchedRun): number[] {
  const turning = phases.filter(({ phase }) => phase === "healthy" || phase === "halted" || phase === "down");
  const all = [0, ...faults.map(({ atMs }) => atMs), ...turning.map(({ atMs }) => atMs), endMs];
  return [...new Set(all)].sort((one, other) => one - other);
}

/** What a fault is, in words. */
export function describeFault(fault: WatchedFault): string {
  switch (fault.kind) {
    case "cut":
      return `partition ${fault.partition} cuts`;
    case "heal":
      return `partition ${fault.partition} heals`;
    case "chaos":
      return `node-${fault.node + 1}: ${fault.action}`;
  }
}

/** How many of the ascending numbers are at most `limit`. */
function countUntil(ascending: Float64Array, limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
