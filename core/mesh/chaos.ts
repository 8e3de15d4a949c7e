// Crashes, restarts and pauses (MESH.md §2, M7): drawn from the seed, or as they are listed. What happens to a node then
// stands in node-faults.ts.
import type { MeshChaos, MeshParameters } from "../../schemas/mesh-parameters.ts";
import { FAULTS } from "./mesh-limits.ts";
import { type MeshNode, nodeIndex, nodeName } from "./mesh-node.ts";
import { RandomStream } from "./random-stream.ts";
import type { Simulation } from "./simulation.ts";

export const CHAOS_ACTIONS = ["crash", "restart", "pause"] as const;
const MICROS_PER_MS = 1_000;
const HOW_LONG: Readonly<Record<MeshChaos["action"], number>> = {
  crash: FAULTS.crashDown,
  restart: FAULTS.restartDown,
  pause: FAULTS.pause,
};

/** The chaos of this seed: what is listed, or with `chaosMode` one crash and its restart, as a list that says the same. */
export function chaosOf(parameters: MeshParameters, seed: number): readonly MeshChaos[] {
  if (!parameters.chaosMode) return parameters.chaos;
  const random = new RandomStream(seed, "chaos");
  const node = nodeName(random.below(parameters.nodes));
  const crashMs = Math.floor(random.between(FAULTS.drawnCrashAt) / MICROS_PER_MS);
  const downMs = Math.floor(random.between(FAULTS.drawnDown) / MICROS_PER_MS);
  return [
    { node, at: crashMs, action: "crash" },
    { node, at: crashMs + downMs, action: "restart" },
  ];
}

/** Enters what comes at a time, and remembers what waits for a phase. */
export function scheduleChaos(simulation: Simulation, seed: number): void {
  for (const fault of chaosOf(simulation.parameters, seed)) {
    const node = nodeIndex(fault.node);
    if (typeof fault.at === "number") addChaos(simulation, node, fault.action, fault.at * MICROS_PER_MS);
    else simulation.phaseChaos.push({ fault, node, hasFired: false });
  }
}

/** The node enters a phase for the first time: what waited for it strikes at the same moment, as an event of its own. */
export function fireChaosOfPhase(simulation: Simulation, node: MeshNode, phase: string): void {
  for (const waiting of simulation.phaseChaos) {
    if (waiting.hasFired || waiting.node !== node.index || waiting.fault.at !== phase) continue;
    waiting.hasFired = true;
    addChaos(simulation, node.index, waiting.fault.action, simulation.now);
  }
}

function addChaos(simulation: Simulation, node: number, action: MeshChaos["action"], at: number): void {
  const event = simulation.queue.add(at, "chaos", node, 0);
  event.item = CHAOS_ACTIONS.indexOf(action);
  simulation.faultsEnd = Math.max(simulation.faultsEnd, at + HOW_LONG[action]);
}
