// Asking peers for the manifest and for chunks (MESH.md M6): a window for each peer and one for all, bounded retry with
// back-off, and a peer that does not answer is left alone until it is heard of again.
import type { QueuedEvent } from "./event-queue.ts";
import { chunksOf } from "./mesh-capsule.ts";
import { PROTOCOL } from "./mesh-limits.ts";
import { CHUNK, type MeshNode, NOBODY, type PeerView } from "./mesh-node.ts";
import { BLOB, VERSION } from "./protocol-decisions.ts";
import { firstTimeout, measureRoundTrip } from "./round-trip.ts";
import { sendPacket } from "./send-packet.ts";
import type { Simulation } from "./simulation.ts";

const ASK_BYTES = 48;
export const MANIFEST_ITEM = 0;

/** Goes for the newer version that a peer has announced. */
export function askForManifest(simulation: Simulation, node: MeshNode, peer: number): void {
  if (node.manifestPeer !== NOBODY || !mayAsk(simulation, node)) return;
  node.manifestPeer = peer;
  sendManifestAsk(simulation, node, 1, firstTimeout(viewOf(node, peer)));
}

/** The manifest did not come: once more, of the next peer that has it; in the end, when one is heard of again. */
export function onManifestTimeout(
  simulation: Simulation,
  node: MeshNode,
  attempt: number,
  timeout: number,
): void {
  if (node.manifestPeer === NOBODY || attempt !== node.manifestAttempt) return;
  node.retries += 1;
  simulation.trace.item(simulation.now, "timeout", node.index, MANIFEST_ITEM);
  node.manifestPeer = otherHolder(node, node.manifestPeer);
  if (simulation.decisions.asksAgain(attempt)) {
    sendManifestAsk(simulation, node, attempt + 1, simulation.decisions.nextTimeout(timeout));
    return;
  }
  simulation.trace.item(simulation.now, "gave-up", node.index, MANIFEST_ITEM);
  node.manifestPeer = NOBODY;
}

/** Fills the windows of all peers, beginning with the one behind this. */
export function fillWindows(simulation: Simulation, node: MeshNode, behind: number): void {
  const count = simulation.nodes.length;
  for (let step = 1; step <= count; step++) fillWindow(simulation, node, (behind + step) % count);
}

/** Asks one peer for as much as the windows allow. */
export function fillWindow(simulation: Simulation, node: MeshNode, peer: number): void {
  const view = viewOf(node, peer);
  if (view.isQuiet || view.version !== VERSION.current || peer === node.index) return;
  if (!mayAsk(simulation, node) || node.accepted !== VERSION.current) return;
  const { decisions, layout } = simulation;
  const peerWindow = decisions.windowOf(layout.peerWindow);
  const nodeWindow = decisions.windowOf(layout.nodeWindow);
  while (view.inFlight < peerWindow && node.inFlight < nodeWindow) {
    const chunk = nextChunk(simulation, node, view, peer);
    if (chunk < 0) return;
    view.inFlight += 1;
    node.inFlight += 1;
    node.chunkState[chunk] = CHUNK.asked;
    node.chunkPeer[chunk] = peer;
    sendChunkAsk(simulation, node, view.openBlob, view.openPart - 1, 1, firstTimeout(view));
  }
}

/** A chunk did not come: once more, or its blob is asked of others; a peer that is silent altogether is left alone. */
export function onAskTimeout(
  simulation: Simulation,
  node: MeshNode,
  { peer, item: blob, part, attempt, ask }: QueuedEvent,
): void {
  const chunk = chunkOf(simulation, blob, part);
  if (node.chunkState[chunk] !== CHUNK.asked || node.chunkAsks[chunk] !== ask) return;
  node.retries += 1;
  simulation.trace.item(simulation.now, "timeout", node.index, blob + 1);
  if (node.phase !== "receive") return;
  if (simulation.decisions.asksAgain(attempt)) {
    const timeout = simulation.decisions.nextTimeout(node.chunkTimeout[chunk] ?? 0);
    sendChunkAsk(simulation, node, blob, part, attempt + 1, timeout);
    return;
  }
  simulation.trace.item(simulation.now, "gave-up", node.index, blob + 1);
  const view = viewOf(node, peer);
  view.isQuiet = simulation.now - view.heardAt > PROTOCOL.askTimeoutMax;
  if (view.isQuiet) leavePeer(simulation, node, peer);
  else leaveBlob(simulation, node, peer, blob);
  node.wantedEpoch += 1;
  fillWindows(simulation, node, peer);
}

/** A chunk is here: its place in the windows is free again. Gives the peer it was asked of, or NOBODY. */
export function settleAsk(
  simulation: Simulation,
  node: MeshNode,
  chunk: number,
  { peer: sender, attempt }: QueuedEvent,
): number {
  const peer = node.chunkPeer[chunk] ?? NOBODY;
  if (node.chunkState[chunk] !== CHUNK.asked || peer === NOBODY) return NOBODY;
  const view = viewOf(node, peer);
  view.inFlight -= 1;
  node.inFlight -= 1;
  node.chunkPeer[chunk] = NOBODY;
  if (sender === peer && attempt === node.chunkAttempt[chunk])
    measureRoundTrip(view, simulation.now - (node.chunkAskedAt[chunk] ?? 0));
  return peer;
}

/** The number of a blob's chunk among all. */
export function chunkOf(simulation: Simulation, blob: number, part: number): number {
  return (simulation.layout.firstChunk[blob] ?? 0) + part;
}

function mayAsk({ decisions }: Simulation, node: MeshNode): boolean {
  return node.phase === "receive" && decisions.resumesAsking(node.incarnation);
}

/** The next chunk to ask this peer for, or −1; afterwards `openPart` is one past it. */
function nextChunk(simulation: Simulation, node: MeshNode, view: PeerView, peer: number): number {
  for (;;) {
    while (view.openBlob !== NOBODY && view.openPart < chunksOf(simulation.layout, view.openBlob)) {
      const chunk = chunkOf(simulation, view.openBlob, view.openPart++);
      if (node.chunkState[chunk] === CHUNK.missing) return chunk;
    }
    view.openBlob = nextBlob(simulation, node, view, peer);
    view.openPart = 0;
    if (view.openBlob === NOBODY) return -1;
    node.blobState[view.openBlob] = BLOB.partial;
    node.wantedCount -= 1;
  }
}

/**
 * The next blob in the peer's list of offers that is still wanted. Each node begins at another place in a full list, so
 * that nodes have different blobs to give each other early.
 */
function nextBlob(simulation: Simulation, node: MeshNode, view: PeerView, peer: number): number {
  const offers = simulation.nodes[peer]?.offers;
  if (offers === undefined || node.wantedCount === 0 || view.emptyEpoch === node.wantedEpoch) return NOBODY;
  const { offered } = view;
  const shift = view.isComplete ? Math.floor((node.index * offered) / simulation.nodes.length) : 0;
  for (let pass = 0; pass < 2; pass++) {
    while (view.cursor < offered) {
      const blob = offers[(view.cursor++ + shift) % offered] ?? NOBODY;
      if (node.blobState[blob] === BLOB.wanted) return blob;
    }
    view.cursor = 0;
  }
  view.emptyEpoch = node.wantedEpoch;
  return NOBODY;
}

/** The next peer that has announced the manifest, round and round. */
function otherHolder({ peers }: MeshNode, peer: number): number {
  for (let step = 1; step < peers.length; step++) {
    const other = (peer + step) % peers.length;
    if (peers[other]?.version === VERSION.current) return other;
  }
  return peer;
}

function leavePeer(simulation: Simulation, node: MeshNode, peer: number): void {
  for (let blob = 0; blob < simulation.layout.blobCount; blob++) {
    if (node.blobState[blob] === BLOB.partial) leaveBlob(simulation, node, peer, blob);
  }
}

/** What is here of the blob stays; if this peer was asked for it, or would have been, it is wanted again. */
function leaveBlob(simulation: Simulation, node: MeshNode, peer: number, blob: number): void {
  const view = viewOf(node, peer);
  let isWanted = view.openBlob === blob;
  if (isWanted) view.openBlob = NOBODY;
  for (let part = 0; part < chunksOf(simulation.layout, blob); part++) {
    const chunk = chunkOf(simulation, blob, part);
    if (node.chunkState[chunk] !== CHUNK.asked || node.chunkPeer[chunk] !== peer) continue;
    node.chunkState[chunk] = CHUNK.missing;
    node.chunkPeer[chunk] = NOBODY;
    view.inFlight -= 1;
    node.inFlight -= 1;
    isWanted = true;
  }
  if (!isWanted) return;
  node.blobState[blob] = BLOB.wanted;
  node.wantedCount += 1;
}

function sendManifestAsk(simulation: Simulation, node: MeshNode, attempt: number, timeout: number): void {
  node.manifestAttempt = attempt;
  noteAttempt(node, attempt);
  sendAsk(simulation, node, node.manifestPeer, MANIFEST_ITEM, 0, attempt);
  const { queue, now } = simulation;
  const event = queue.add(now + timeout, "manifest-timeout", node.index, node.incarnation);
  event.attempt = attempt;
  event.timeout = timeout;
}

function sendChunkAsk(
  simulation: Simulation,
  node: MeshNode,
  blob: number,
  part: number,
  attempt: number,
  timeout: number,
): void {
  const chunk = chunkOf(simulation, blob, part);
  const peer = node.chunkPeer[chunk] ?? NOBODY;
  if (attempt > 1 && timeout < backedOff(node.chunkTimeout[chunk] ?? 0)) node.truth.hasHurried = true;
  const asks = (node.chunkAsks[chunk] ?? 0) + 1;
  node.chunkAsks[chunk] = asks;
  node.chunkAttempt[chunk] = attempt;
  node.chunkAskedAt[chunk] = simulation.now;
  node.chunkTimeout[chunk] = timeout;
  noteAttempt(node, attempt);
  sendAsk(simulation, node, peer, blob + 1, part, attempt);
  const event = simulation.queue.add(simulation.now + timeout, "ask-timeout", node.index, node.incarnation);
  event.peer = peer;
  event.item = blob;
  event.part = part;
  event.attempt = attempt;
  event.ask = asks;
}

function sendAsk(
  simulation: Simulation,
  node: MeshNode,
  peer: number,
  item: number,
  part: number,
  attempt: number,
): void {
  const packet = { packet: "ask", item, part, attempt, bytes: ASK_BYTES, isCorrupt: false } as const;
  sendPacket(simulation, node.index, peer, { ...packet });
}

/** The observer counts, whatever the node believes. */
function noteAttempt({ truth }: MeshNode, attempt: number): void {
  if (attempt > truth.mostAttempts) truth.mostAttempts = attempt;
}

function backedOff(timeout: number): number {
  return Math.min(2 * timeout, PROTOCOL.askTimeoutMax);
}

function viewOf(node: MeshNode, peer: number): PeerView {
  return node.peers[peer] as PeerView;
}
