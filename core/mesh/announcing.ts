// Telling the others what a node has (MESH.md M6): its version and how much of its list of offers. Until every peer is
// known to have all, it is told again, at growing distances; that is what finds nodes behind a partition that has healed.
import { PROTOCOL } from "./mesh-limits.ts";
import type { MeshNode } from "./mesh-node.ts";
import { VERSION } from "./protocol-decisions.ts";
import { sendPacket } from "./send-packet.ts";
import type { Simulation } from "./simulation.ts";

/** In the field `attempt`: an answer is never answered, so that two nodes do not greet each other for ever. */
const GREETING = 0;
const ANSWER = 1;
const BASE_BYTES = 128;
const BLOBS_PER_BYTE = 8;

/** A node that came up, went on or finished tells everyone. */
export function announceToAll(simulation: Simulation, node: MeshNode): void {
  for (let peer = 0; peer < simulation.nodes.length; peer++) {
    if (peer !== node.index) announce(simulation, node, peer, GREETING);
  }
  scheduleAnnouncement(simulation, node);
}

/** The timer: whoever is not known to have all is told again. */
export function announceAgain(simulation: Simulation, node: MeshNode): void {
  node.isAnnouncing = false;
  if (node.phase === "halted" || !simulation.decisions.announcesAgain()) return;
  for (let peer = 0; peer < simulation.nodes.length; peer++) {
    if (peer !== node.index && node.peers[peer]?.isComplete === false)
      announce(simulation, node, peer, GREETING);
  }
  node.announceWait = Math.min(2 * node.announceWait, PROTOCOL.announceMax);
  scheduleAnnouncement(simulation, node);
}

/** Takes a peer's announcement, and answers if there is something that the peer does not know. */
export function hearAnnouncement(
  simulation: Simulation,
  node: MeshNode,
  peer: number,
  version: number,
  offered: number,
  attempt: number,
): void {
  const view = node.peers[peer];
  if (view === undefined) return;
  const { blobCount } = simulation.layout;
  view.isQuiet = false;
  view.heardAt = simulation.now;
  view.version = Math.max(view.version, version);
  if (offered > view.offered) {
    view.offered = offered;
    view.emptyEpoch = -1;
    if (offered === blobCount) view.cursor = 0;
  }
  view.isComplete = view.version === VERSION.current && view.offered === blobCount;
  const isAhead = node.offerCount > offered || node.offerCount === blobCount;
  if (attempt === GREETING && isAhead && isOffering(node)) announce(simulation, node, peer, ANSWER);
}

function announce(simulation: Simulation, node: MeshNode, peer: number, attempt: number): void {
  sendPacket(simulation, node.index, peer, {
    packet: "announce",
    item: node.offerCount,
    part: node.accepted,
    attempt,
    bytes: BASE_BYTES + Math.ceil(simulation.layout.blobCount / BLOBS_PER_BYTE),
    isCorrupt: false,
  });
}

/** Only who has something to offer keeps announcing, and only while somebody may lack it. */
function scheduleAnnouncement(simulation: Simulation, node: MeshNode): void {
  if (node.isAnnouncing || !isOffering(node)) return;
  if (node.peers.every(({ isComplete }, peer) => isComplete || peer === node.index)) return;
  node.isAnnouncing = true;
  const wait = node.announceWait + node.random.below(node.announceWait >> 2);
  simulation.queue.add(simulation.now + wait, "announce", node.index, node.incarnation);
}

/** node-1 offers nothing before it has checked what it began with; the others have checked what they stored. */
function isOffering(node: MeshNode): boolean {
  return node.accepted === VERSION.current && node.isProved;
}
