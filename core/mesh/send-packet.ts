// The way of a packet onto its link (MESH.md §2).
import type { PacketKind } from "./event-queue.ts";
import { PROTOCOL } from "./mesh-limits.ts";
import type { Simulation } from "./simulation.ts";

export type Packet = {
  packet: PacketKind;
  item: number;
  part: number;
  attempt: number;
  /** Without the header. */
  bytes: number;
  /** It is wrong already where it comes from. */
  isCorrupt: boolean;
};

/** Sends one packet; the link decides what becomes of it, and whether there will be two. */
export function sendPacket(simulation: Simulation, from: number, to: number, packet: Packet): void {
  const { now, trace, counts } = simulation;
  packet.bytes += PROTOCOL.packetHeaderBytes;
  counts.sent += 1;
  const passage = simulation.link(from, to).pass(now, packet.bytes);
  const isCut = simulation.isCut(from, to);
  if (isCut || passage.fate !== "sent") {
    counts.dropped += 1;
    trace.packet(now, isCut ? "cut" : passage.fate, from, to, packet, -1);
  } else {
    if (passage.isCorrupt) counts.corrupted += 1;
    trace.packet(now, "sent", from, to, packet, passage.arrives);
    enqueue(simulation, from, to, packet, passage.arrives, passage.isCorrupt, passage.isFrameBroken);
    if (passage.copyArrives < 0) return;
    counts.duplicated += 1;
    trace.packet(now, "copied", from, to, packet, passage.copyArrives);
    enqueue(simulation, from, to, packet, passage.copyArrives, false, false);
  }
}

function enqueue(
  simulation: Simulation,
  from: number,
  to: number,
  packet: Packet,
  arrives: number,
  isCorrupt: boolean,
  isFrameBroken: boolean,
): void {
  const event = simulation.queue.add(arrives, "packet", to, 0);
  event.packet = packet.packet;
  event.peer = from;
  event.item = packet.item;
  event.part = packet.part;
  event.attempt = packet.attempt;
  event.bytes = packet.bytes;
  event.sentAt = simulation.now;
  event.isCorrupt = isCorrupt || packet.isCorrupt;
  event.isFrameBroken = isFrameBroken;
}
