// Phase two of a simulation (MESH.md M2), a slice at a time: each seed's report is stored as it comes, others have their
// turn in between, and an invocation ends long before the runtime's limit.
import { workerdHashing } from "../../adapters/hashing/workerd-hashing.ts";
import { countSeed, endIfDue, isRehearsalEnded, type Rehearsal } from "../../core/mesh/rehearsal.ts";
import type { RunReport } from "../../core/mesh/run-report.ts";
import { simulateRun } from "../../core/mesh/simulate-run.ts";
import { keepWhatIsShown } from "../../core/mesh/simulate-seeds.ts";
import { WatchedTrace } from "../../core/mesh/watched-trace.ts";
import type { MeshEvent } from "../../schemas/mesh-event.ts";
import type { ObservedTable, SimulationPlan } from "./simulation-plan.ts";

/** Packets of the watched run; more cannot be looked at. */
const MAX_WATCHED_PACKETS = 2_000;
/** How often the progress is told over a whole simulation. */
const PROGRESS_STEPS = 50;
/** The trace comes in pieces of 64 KiB; after so many of them others have their turn: some 20 ms. */
const PIECES_PER_TURN = 32;
/** The same in lines, for seeds of which each takes less. */
const LINES_PER_TURN = 16_000;
/** Lines of trace in one invocation: some seconds of work. */
const LINES_PER_INVOCATION = 2_000_000;

export type SliceOptions = {
  readonly plan: SimulationPlan;
  readonly observed: ObservedTable;
  /** As it stands now: somebody may have asked to stop. */
  readonly current: () => Rehearsal;
  readonly storedRuns: () => RunReport[];
  /** Stores a seed's report together with the new count. */
  readonly saveRun: (place: number, report: RunReport, rehearsal: Rehearsal) => void;
  readonly tell: (events: readonly MeshEvent[]) => void;
};

/** `paused`: more seeds are left for the next invocation. */
export async function simulateSlice(options: SliceOptions): Promise<"done" | "paused"> {
  const { plan, current, tell } = options;
  const { seeds } = plan.params;
  const runs = options.storedRuns();
  const progressEach = Math.ceil(seeds.length / PROGRESS_STEPS);
  let lines = 0;
  let linesBeforeTurn = 0;
  for (let place = runs.length; place < seeds.length; place += 1) {
    if (isRehearsalEnded(endIfDue(current(), Date.now()))) return "paused";
    if (lines > LINES_PER_INVOCATION) return "paused";
    const watched = place === 0 ? new WatchedTrace(MAX_WATCHED_PACKETS) : null;
    const report = keepWhatIsShown(await runSeed(options, seeds[place] ?? 0, watched), runs);
    runs.push(report);
    lines += report.traceLength;
    options.saveRun(place, report, countSeed(current()));
    if (watched !== null) tell(toEvents(watched));
    if ((place + 1) % progressEach === 0 || place + 1 === seeds.length) {
      tell([describeProgress(place + 1, seeds.length, report)]);
    }
    if (lines - linesBeforeTurn < LINES_PER_TURN) continue;
    linesBeforeTurn = lines;
    await scheduler.wait(0);
  }
  return "done";
}

async function runSeed(
  { plan, observed }: SliceOptions,
  seed: number,
  watched: WatchedTrace | null,
): Promise<RunReport> {
  const { capsule, params } = plan;
  let pieces = 0;
  return await simulateRun(
    { capsule, parameters: params, seed, observations: observed.observations },
    {
      hashing: workerdHashing,
      startedAtMs: plan.startedAt,
      async onTrace(piece) {
        watched?.add(piece);
        pieces += 1;
        if (pieces % PIECES_PER_TURN === 0) await scheduler.wait(0);
      },
    },
  );
}

function toEvents(watched: WatchedTrace): MeshEvent[] {
  const ts = Date.now();
  return watched.finish().map((step) => ({ ...step, details: { ts, ...step.details } }));
}

function describeProgress(done: number, total: number, { seed, outcome, traceHash }: RunReport): MeshEvent {
  const status = done === total ? "ok" : "running";
  const details = { ts: Date.now(), done, total, seed, outcome, traceHash };
  return { nodeId: null, phase: "simulate", status, details };
}
