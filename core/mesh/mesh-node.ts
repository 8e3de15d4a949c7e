// One node: what it has stored, what its process knows, and what the observer knows better than the node does.
import type { MeshPhase } from "../../schemas/mesh-parameters.ts";
import { type BlobLayout, chunksOf } from "./mesh-capsule.ts";
import { PROTOCOL } from "./mesh-limits.ts";
import { BLOB, VERSION } from "./protocol-decisions.ts";
import { RandomStream } from "./random-stream.ts";

export type NodePhase = MeshPhase | "halted" | "down";

/** `end` is −1 while the phase lasts. */
export type PhaseEntry = {
  readonly name: NodePhase;
  readonly start: number;
  end: number;
  status: "ok" | "error";
  details: string | null;
};

export const CHUNK = { missing: 0, asked: 1, here: 2 } as const;
/** No peer: the chunk is not asked of anybody. */
export const NOBODY = -1;

/** What a process believes of one peer; lost in a crash. */
export class PeerView {
  version: number = VERSION.none;
  /** How many entries of the peer's list of offers were announced; the list only grows. */
  offered = 0;
  isComplete = false;
  /** It left asks unanswered, and is left alone until it is heard of again. */
  isQuiet = false;
  inFlight = 0;
  /** When anything last came from it. */
  heardAt = 0;
  /** Where to look on in its offers. */
  cursor = 0;
  /** The node's `wantedEpoch` when nothing was found here. */
  emptyEpoch = -1;
  openBlob = NOBODY;
  openPart = 0;
  /** Smoothed round trip and its variation (RFC 6298), in microseconds; 0 before the first sample. */
  roundTrip = 0;
  roundTripVariation = 0;
}

/** What really is, which no node may look at: the invariants are about this. */
export class NodeTruth {
  readonly isStored: Uint8Array;
  storedCount = 0;
  hasStoredCorrupt = false;
  hasAcceptedForged = false;
  hasServedUnverified = false;
  hasServedHalted = false;
  hasSkippedPhase = false;
  mostAttempts = 0;
  hasHurried = false;
  highestAccepted = 0;
  /** The verdicts of this life's services, once they count. */
  mayStart = false;
  isHealthy = false;

  constructor(blobCount: number) {
    this.isStored = new Uint8Array(blobCount);
  }
}

export class MeshNode {
  readonly index: number;
  readonly name: string;
  readonly random: RandomStream;
  readonly isOrigin: boolean;
  readonly truth: NodeTruth;

  // What survives a crash: the accepted version and the blobs that are stored, in the order in which they were.
  accepted: number;
  readonly blobState: Uint8Array;
  readonly offers: Int32Array;
  readonly isOffered: Uint8Array;
  offerCount = 0;
  /** What it offers was checked here: true from the beginning where all came over the network. */
  isProved: boolean;

  // The process.
  phase: NodePhase = "down";
  incarnation = 0;
  pausedUntil = 0;
  haltReason: string | null = null;
  peers: readonly PeerView[] = [];
  storedCount = 0;
  wantedCount = 0;
  wantedEpoch = 0;
  inFlight = 0;
  readonly chunkState: Uint8Array;
  readonly chunkIsCorrupt: Uint8Array;
  readonly chunkPeer: Int8Array;
  readonly chunkAttempt: Uint16Array;
  /** How many asks there were for each chunk: the timer of an earlier one passes. */
  readonly chunkAsks: Uint32Array;
  readonly chunkAskedAt: Float64Array;
  readonly chunkTimeout: Float64Array;
  readonly partsMissing: Int32Array;
  readonly blobAttempts: Uint8Array;
  manifestPeer = NOBODY;
  manifestAttempt = 0;
  announceWait: number = PROTOCOL.announceMin;
  isAnnouncing = false;
  isChecked = false;
  running: number = VERSION.none;

  // What the report tells.
  readonly phases: PhaseEntry[] = [];
  readonly phasesEntered = new Set<NodePhase>();
  signatureVerified = false;
  retries = 0;
  bytesReceived = 0;
  reSyncs = 0;
  firstHealthyAt = -1;

  constructor(index: number, seed: number, hasPrevious: boolean, layout: BlobLayout) {
    const { blobCount, chunkCount } = layout;
    this.index = index;
    this.name = nodeName(index);
    this.random = new RandomStream(seed, `node ${this.name}`);
    this.isOrigin = index === 0;
    this.isProved = !this.isOrigin;
    this.truth = new NodeTruth(blobCount);
    this.accepted = this.isOrigin ? VERSION.current : hasPrevious ? VERSION.previous : VERSION.none;
    this.blobState = new Uint8Array(blobCount);
    this.offers = new Int32Array(blobCount);
    this.isOffered = new Uint8Array(blobCount);
    this.chunkState = new Uint8Array(chunkCount);
    this.chunkIsCorrupt = new Uint8Array(chunkCount);
    this.chunkPeer = new Int8Array(chunkCount);
    this.chunkAttempt = new Uint16Array(chunkCount);
    this.chunkAsks = new Uint32Array(chunkCount);
    this.chunkAskedAt = new Float64Array(chunkCount);
    this.chunkTimeout = new Float64Array(chunkCount);
    this.partsMissing = new Int32Array(blobCount);
    this.blobAttempts = new Uint8Array(blobCount);
    if (this.isOrigin) {
      this.blobState.fill(BLOB.stored);
      this.truth.isStored.fill(1);
      this.truth.storedCount = blobCount;
    }
  }

  /** A new life: everything that was not stored is gone; `afterCrash` says what the process makes of each blob. */
  beginLife(nodeCount: number, layout: BlobLayout, afterCrash: (state: number) => number): void {
    this.incarnation += 1;
    this.haltReason = null;
    this.peers = Array.from({ length: nodeCount }, () => new PeerView());
    this.inFlight = 0;
    this.manifestPeer = NOBODY;
    this.announceWait = PROTOCOL.announceMin;
    this.isAnnouncing = false;
    this.isChecked = false;
    this.running = VERSION.none;
    this.truth.mayStart = false;
    this.truth.isHealthy = false;
    this.chunkState.fill(CHUNK.missing);
    this.chunkIsCorrupt.fill(0);
    this.chunkPeer.fill(NOBODY);
    this.blobAttempts.fill(0);
    this.storedCount = 0;
    for (let blob = 0; blob < layout.blobCount; blob++) {
      const state = afterCrash(this.blobState[blob] ?? BLOB.wanted);
      this.blobState[blob] = state;
      this.partsMissing[blob] = chunksOf(layout, blob);
      if (state === BLOB.stored) this.storedCount += 1;
    }
    this.wantedCount = layout.blobCount - this.storedCount;
    this.wantedEpoch += 1;
  }

  /** Whether there is a process that could answer. */
  get isUp(): boolean {
    return this.phase !== "down" && this.phase !== "boot";
  }

  /** Whether it does. */
  get isRunning(): boolean {
    return this.isUp && this.phase !== "halted";
  }
}

/** Node 0 is `node-1`. */
export function nodeName(index: number): string {
  return `node-${index + 1}`;
}

/** `node-1` is node 0. */
export function nodeIndex(name: string): number {
  return Number(name.slice("node-".length)) - 1;
}
