// What a node does with what arrives (MESH.md M6): it hears announcements, answers asks, and verifies manifest and blobs
// before it stores them.
import { announceToAll, hearAnnouncement } from "./announcing.ts";
import { askForManifest, chunkOf, fillWindow, fillWindows, MANIFEST_ITEM, settleAsk } from "./asking.ts";
import type { QueuedEvent } from "./event-queue.ts";
import { type BlobLayout, chunkSize, chunksOf } from "./mesh-capsule.ts";
import { PROTOCOL, WORK } from "./mesh-limits.ts";
import { CHUNK, type MeshNode, NOBODY } from "./mesh-node.ts";
import { advance, halt } from "./node-phases.ts";
import { BLOB, VERSION } from "./protocol-decisions.ts";
import { sendPacket } from "./send-packet.ts";
import type { Simulation } from "./simulation.ts";

/** A packet is here and its frame is whole. What was forged shows in its signature or digest. */
export function receivePacket(simulation: Simulation, node: MeshNode, event: QueuedEvent): void {
  const { packet, peer, item, part, attempt, isCorrupt } = event;
  switch (packet) {
    case "chunk":
      takeChunk(simulation, node, event);
      break;
    case "manifest":
      takeManifest(simulation, node, event);
      break;
    case "probe":
      takeProbe(simulation, node, event);
      break;
    case "announce":
      if (dropsForged(simulation, node, isCorrupt)) break;
      hearAnnouncement(simulation, node, peer, part, item, attempt);
      goFor(simulation, node, peer, part);
      break;
    case "ask":
      if (dropsForged(simulation, node, isCorrupt)) break;
      answer(simulation, node, event);
      break;
  }
}

/** The manifest's signature and digest are checked. */
export function onManifestChecked(simulation: Simulation, node: MeshNode, isCorrupt: boolean): void {
  if (node.accepted === VERSION.current || dropsForged(simulation, node, isCorrupt)) return;
  simulation.trace.item(simulation.now, "checked", node.index, MANIFEST_ITEM);
  if (isCorrupt) node.truth.hasAcceptedForged = true;
  node.accepted = VERSION.current;
  node.manifestPeer = NOBODY;
  fillWindows(simulation, node, node.index);
  advance(simulation, node);
}

/** A blob's digest is known: it is stored, or dropped and asked for again. */
export function onBlobHashed(simulation: Simulation, node: MeshNode, blob: number): void {
  const { decisions, queue, now, trace } = simulation;
  if (node.blobState[blob] !== BLOB.hashing) return;
  if (decisions.keepsBlob(isBlobIntact(simulation, node, blob))) {
    trace.item(now, "hashed", node.index, blob + 1);
    setBlobState(simulation, node, blob, BLOB.storing);
    queue.add(now + node.random.between(WORK.store), "blob-stored", node.index, node.incarnation).item = blob;
    return;
  }
  trace.item(now, "forged", node.index, blob + 1);
  node.retries += 1;
  dropBlob(simulation, node, blob);
  const attempts = (node.blobAttempts[blob] ?? 0) + 1;
  node.blobAttempts[blob] = attempts;
  if (attempts >= PROTOCOL.blobAttempts) halt(simulation, node, "blob-unverifiable");
  else fillWindows(simulation, node, node.index);
}

/** A blob survives a crash from here on, and the others may have it. */
export function onBlobStored(simulation: Simulation, node: MeshNode, blob: number): void {
  if (node.blobState[blob] !== BLOB.storing) return;
  const { truth } = node;
  truth.isStored[blob] = 1;
  truth.storedCount += 1;
  if (!isBlobIntact(simulation, node, blob)) truth.hasStoredCorrupt = true;
  node.storedCount += 1;
  simulation.trace.item(simulation.now, "stored", node.index, blob + 1);
  setBlobState(simulation, node, blob, BLOB.stored);
  if (isProgressStep(node.storedCount, simulation.layout)) announceToAll(simulation, node);
  advance(simulation, node);
}

function takeProbe(simulation: Simulation, node: MeshNode, event: QueuedEvent): void {
  const sum = simulation.probe(event.peer, node.index);
  sum.micros += simulation.now - event.sentAt;
  sum.count += 1;
}

/** Whatever is not what was signed is dropped, and counted by its line in the trace. */
function dropsForged(simulation: Simulation, node: MeshNode, isCorrupt: boolean): boolean {
  if (simulation.decisions.keepsManifest(!isCorrupt)) return false;
  simulation.trace.item(simulation.now, "forged", node.index, MANIFEST_ITEM);
  return true;
}

function goFor(simulation: Simulation, node: MeshNode, peer: number, announced: number): void {
  const chosen = simulation.decisions.chooseVersion(announced, node.accepted);
  if (chosen < node.accepted) node.accepted = chosen;
  if (chosen > node.accepted && chosen === VERSION.current) askForManifest(simulation, node, peer);
  else fillWindow(simulation, node, peer);
}

function takeManifest(simulation: Simulation, node: MeshNode, event: QueuedEvent): void {
  if (node.accepted === VERSION.current || node.phase !== "receive") return;
  node.bytesReceived += event.bytes;
  const { queue, now } = simulation;
  const timer = queue.add(now + WORK.check, "manifest-checked", node.index, node.incarnation);
  timer.isCorrupt = event.isCorrupt;
}

function takeChunk(simulation: Simulation, node: MeshNode, event: QueuedEvent): void {
  const view = node.peers[event.peer];
  if (view !== undefined) view.heardAt = simulation.now;
  const blob = event.item - 1;
  const chunk = chunkOf(simulation, blob, event.part);
  const state = node.blobState[blob];
  const isOfUse = state === BLOB.partial || state === BLOB.wanted;
  if (node.phase !== "receive" || !isOfUse || node.chunkState[chunk] === CHUNK.here) return;
  const asked = settleAsk(simulation, node, chunk, event);
  node.chunkState[chunk] = CHUNK.here;
  node.chunkIsCorrupt[chunk] = event.isCorrupt ? 1 : 0;
  node.bytesReceived += event.bytes;
  const missing = (node.partsMissing[blob] ?? 0) - 1;
  node.partsMissing[blob] = missing;
  if (missing === 0) hashBlob(simulation, node, blob);
  fillWindow(simulation, node, asked === NOBODY ? event.peer : asked);
  if (node.wantedCount > 0 && node.inFlight < simulation.layout.nodeWindow)
    fillWindows(simulation, node, event.peer);
}

function hashBlob(simulation: Simulation, node: MeshNode, blob: number): void {
  const { queue, now, layout } = simulation;
  if (node.blobState[blob] === BLOB.wanted) node.wantedCount -= 1;
  setBlobState(simulation, node, blob, BLOB.hashing);
  const micros = WORK.check + Math.ceil((layout.blobBytes[blob] ?? 0) / WORK.hashBytesPerMicro);
  queue.add(now + micros, "blob-hashed", node.index, node.incarnation).item = blob;
}

/** Gives what was asked for, if this node offers it. */
function answer(simulation: Simulation, node: MeshNode, event: QueuedEvent): void {
  const { peer, item, part, attempt } = event;
  if (!node.isProved) return;
  if (item === MANIFEST_ITEM) {
    if (node.accepted !== VERSION.current) return;
    noteAnswer(node, true);
    const bytes = PROTOCOL.manifestBytes;
    const packet = { packet: "manifest", item, part, attempt, bytes, isCorrupt: false } as const;
    sendPacket(simulation, node.index, peer, { ...packet });
    return;
  }
  const blob = item - 1;
  if (!simulation.decisions.offersBlob(node.blobState[blob] ?? BLOB.wanted)) return;
  noteAnswer(node, node.truth.isStored[blob] === 1);
  const bytes = chunkSize(simulation.layout, blob, part);
  const isCorrupt = node.chunkIsCorrupt[chunkOf(simulation, blob, part)] === 1;
  sendPacket(simulation, node.index, peer, { packet: "chunk", item, part, attempt, bytes, isCorrupt });
}

/** The observer looks whether a node gives what it may. */
function noteAnswer(node: MeshNode, isVerified: boolean): void {
  if (node.phase === "halted") node.truth.hasServedHalted = true;
  if (!isVerified) node.truth.hasServedUnverified = true;
}

/** The first time that a blob may be offered it goes to the end of the list. */
function setBlobState(simulation: Simulation, node: MeshNode, blob: number, state: number): void {
  node.blobState[blob] = state;
  if (node.isOffered[blob] === 1 || !simulation.decisions.offersBlob(state)) return;
  node.isOffered[blob] = 1;
  node.offers[node.offerCount++] = blob;
}

function dropBlob(simulation: Simulation, node: MeshNode, blob: number): void {
  const { layout } = simulation;
  const parts = chunksOf(layout, blob);
  for (let part = 0; part < parts; part++) {
    const chunk = chunkOf(simulation, blob, part);
    node.chunkState[chunk] = CHUNK.missing;
    node.chunkIsCorrupt[chunk] = 0;
  }
  for (const view of node.peers) if (view.openBlob === blob) view.openBlob = NOBODY;
  node.partsMissing[blob] = parts;
  node.blobState[blob] = BLOB.wanted;
  node.wantedCount += 1;
  node.wantedEpoch += 1;
}

function isBlobIntact(simulation: Simulation, node: MeshNode, blob: number): boolean {
  for (let part = 0; part < chunksOf(simulation.layout, blob); part++) {
    if (node.chunkIsCorrupt[chunkOf(simulation, blob, part)] === 1) return false;
  }
  return true;
}

/** A node tells of each step, and of all of it. */
function isProgressStep(storedCount: number, { blobCount, progressSteps: steps }: BlobLayout): boolean {
  return Math.floor((storedCount * steps) / blobCount) > Math.floor(((storedCount - 1) * steps) / blobCount);
}
