// What a crash, a restart and a pause do to a node (MESH.md M7): what was not stored is lost, and the node comes back.
import type { MeshChaos } from "../../schemas/mesh-parameters.ts";
import { FAULTS } from "./mesh-limits.ts";
import type { MeshNode } from "./mesh-node.ts";
import { boot, enterPhase } from "./node-phases.ts";
import type { Simulation } from "./simulation.ts";

export function strike(simulation: Simulation, node: MeshNode, action: MeshChaos["action"]): void {
  simulation.trace.line({ action, at: simulation.now, event: "chaos", node: node.name });
  switch (action) {
    case "crash":
      crash(simulation, node, FAULTS.crashDown);
      break;
    case "restart":
      if (node.phase === "down") boot(simulation, node);
      else crash(simulation, node, FAULTS.restartDown);
      break;
    case "pause":
      node.pausedUntil = simulation.now + FAULTS.pause;
  }
}

/** The process is gone; it comes back by itself, unless a restart is sooner. */
function crash(simulation: Simulation, node: MeshNode, downMicros: number): void {
  if (node.phase === "down") return;
  node.pausedUntil = 0;
  enterPhase(simulation, node, "down");
  simulation.queue.add(simulation.now + downMicros, "restart", node.index, node.incarnation);
}

/** The timer of a crash: passes if something has restarted the node before. */
export function onRestart(simulation: Simulation, node: MeshNode): void {
  if (node.phase === "down") boot(simulation, node);
}
