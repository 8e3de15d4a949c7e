// One event: whom it happens to, whether it still counts, and what it does.
import { announceAgain } from "./announcing.ts";
import { onAskTimeout, onManifestTimeout } from "./asking.ts";
import { CHAOS_ACTIONS } from "./chaos.ts";
import type { QueuedEvent } from "./event-queue.ts";
import { PROTOCOL } from "./mesh-limits.ts";
import type { MeshNode } from "./mesh-node.ts";
import { onRestart, strike } from "./node-faults.ts";
import { onBooted, onServicesChecked, onServicesStarted } from "./node-phases.ts";
import { changePartition } from "./partitions.ts";
import { onBlobHashed, onBlobStored, onManifestChecked, receivePacket } from "./receiving.ts";
import { sendPacket } from "./send-packet.ts";
import type { Simulation } from "./simulation.ts";
import type { PacketFate } from "./trace-writer.ts";

/** Gives whether the event is done with; one of a paused node is put off until the pause ends. */
export function handleEvent(simulation: Simulation, event: QueuedEvent): boolean {
  const node = simulation.nodes[event.node] as MeshNode;
  switch (event.kind) {
    case "cut":
    case "heal":
      changePartition(simulation, event.item, event.kind);
      return true;
    case "chaos":
      strike(simulation, node, CHAOS_ACTIONS[event.item] ?? "crash");
      return true;
    case "probe":
      sendProbes(simulation, event.item);
      return true;
    case "restart":
      if (event.incarnation === node.incarnation) onRestart(simulation, node);
      return true;
    default:
      if (node.pausedUntil > simulation.now) {
        simulation.queue.postpone(event, node.pausedUntil);
        return false;
      }
      if (event.kind === "packet") deliver(simulation, node, event);
      else if (event.incarnation === node.incarnation && node.phase !== "down")
        onTimer(simulation, node, event);
      return true;
  }
}

/** Sends one probe over every link, and plans the next round: what the latency matrix is made of. */
function sendProbes(simulation: Simulation, round: number): void {
  const count = simulation.nodes.length;
  for (let from = 0; from < count; from++) {
    for (let to = 0; to < count; to++) {
      if (from === to || simulation.nodes[from]?.isRunning !== true) continue;
      const packet = {
        packet: "probe",
        item: 0,
        part: round,
        attempt: 0,
        bytes: 0,
        isCorrupt: false,
      } as const;
      sendPacket(simulation, from, to, { ...packet });
    }
  }
  if (round >= PROTOCOL.probesOfLink) return;
  simulation.queue.add(simulation.now + PROTOCOL.probeEvery, "probe", 0, 0).item = round + 1;
}

/** A packet at the end of its link: cut, refused by who is not there, broken, or taken. */
function deliver(simulation: Simulation, node: MeshNode, event: QueuedEvent): void {
  const fate = fateOf(simulation, node, event);
  simulation.trace.packet(simulation.now, fate, event.peer, event.node, event, -1);
  if (fate !== "arrived") {
    simulation.counts.dropped += 1;
    return;
  }
  simulation.counts.delivered += 1;
  receivePacket(simulation, node, event);
}

function fateOf(simulation: Simulation, node: MeshNode, event: QueuedEvent): PacketFate {
  if (simulation.isCut(event.peer, event.node)) return "cut";
  if (!node.isUp) return "refused";
  if (node.phase === "halted" && !simulation.decisions.answersWhenHalted()) return "refused";
  return simulation.decisions.takesFrame(event.isFrameBroken) ? "arrived" : "broken";
}

function onTimer(simulation: Simulation, node: MeshNode, event: QueuedEvent): void {
  switch (event.kind) {
    case "booted":
      onBooted(simulation, node);
      break;
    case "announce":
      announceAgain(simulation, node);
      break;
    case "manifest-timeout":
      onManifestTimeout(simulation, node, event.attempt, event.timeout);
      break;
    case "manifest-checked":
      onManifestChecked(simulation, node, event.isCorrupt);
      break;
    case "ask-timeout":
      onAskTimeout(simulation, node, event);
      break;
    case "blob-hashed":
      onBlobHashed(simulation, node, event.item);
      break;
    case "blob-stored":
      onBlobStored(simulation, node, event.item);
      break;
    case "services-checked":
      onServicesChecked(simulation, node);
      break;
    case "services-started":
      onServicesStarted(simulation, node);
      break;
  }
}
