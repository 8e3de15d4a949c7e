// Partitions that cut nodes off from each other and heal again (MESH.md §2), both ways or one.
import type { MeshPartition } from "../../schemas/mesh-parameters.ts";
import { nodeIndex } from "./mesh-node.ts";
import type { Simulation } from "./simulation.ts";

const MICROS_PER_MS = 1_000;

export function schedulePartitions(simulation: Simulation): void {
  simulation.parameters.partitions.forEach((partition, index) => {
    const { atMs, healAtMs } = partition;
    simulation.queue.add(atMs * MICROS_PER_MS, "cut", 0, 0).item = index;
    simulation.queue.add(healAtMs * MICROS_PER_MS, "heal", 0, 0).item = index;
    simulation.faultsEnd = Math.max(simulation.faultsEnd, healAtMs * MICROS_PER_MS);
  });
}

/** Cuts every direction of the partition, or makes it whole again. What is under way across a cut is lost. */
export function changePartition(simulation: Simulation, index: number, event: "cut" | "heal"): void {
  const partition = simulation.parameters.partitions[index];
  if (partition === undefined) return;
  simulation.trace.line({ at: simulation.now, event, partition: index + 1 });
  for (const [from, to] of cutDirections(partition))
    simulation.changeCut(nodeIndex(from), nodeIndex(to), event === "cut" ? 1 : -1);
}

/** Every ordered pair of nodes that the partition cuts. */
export function cutDirections({ groups, oneWay }: MeshPartition): (readonly [string, string])[] {
  return groups.flatMap((group, index) =>
    groups
      .filter((_, other) => (oneWay === true ? other > index : other !== index))
      .flatMap((others) => group.flatMap((from) => others.map((to) => [from, to] as const))),
  );
}
