// Where the protocol of MESH.md §3 could go wrong, one decision each. The simulator asks these and nothing else; the
// tests swap one at a time for a broken one to see that the invariants bite.
import { PROTOCOL } from "./mesh-limits.ts";

/** How far a blob is on a node. */
export const BLOB = { wanted: 0, partial: 1, hashing: 2, storing: 3, stored: 4 } as const;

/** What a node has before it accepts, and runs: nothing, the capsule that ran first, the capsule under test. */
export const VERSION = { none: 0, previous: 1, current: 2 } as const;

export type ServiceVerdict = {
  readonly digestOk: boolean;
  readonly signatureOk: boolean;
  readonly healthy: boolean;
};

export type ProtocolDecisions = {
  /** M6: whether bytes with this frame are looked at at all. */
  takesFrame(isFrameBroken: boolean): boolean;
  /** M6: whether a manifest with this verdict of the signature check is kept. */
  keepsManifest(isAuthentic: boolean): boolean;
  /** M6: whether a blob with this verdict of the digest check is stored. */
  keepsBlob(isIntact: boolean): boolean;
  /** M6: whether others are told of a blob in this state, and given it. */
  offersBlob(state: number): boolean;
  /** M6: whether an ask may be sent once more after so many. */
  asksAgain(attempts: number): boolean;
  /** M6: how many asks may be under way, to one peer and to all, given the protocol's own window. */
  windowOf(own: number): number;
  /** M6: how long to wait for the answer to the next ask. */
  nextTimeout(timeout: number): number;
  /** M6: whether to announce again until the peer is known to have all. */
  announcesAgain(): boolean;
  /** M7: in which state a blob is after a crash. */
  afterCrash(state: number): number;
  /** M7: whether a node that came back asks for what it lacks. */
  resumesAsking(incarnation: number): boolean;
  /** M10: which of two versions a node goes for. */
  chooseVersion(announced: number, held: number): number;
  /** M5, M8: why this service may not start, or null. */
  refusal(verdict: ServiceVerdict, verifySignatures: boolean): string | null;
  /** M5: whether the services may be started in this phase of knowledge. */
  startsServices(storedCount: number, blobCount: number, isChecked: boolean): boolean;
  /** M5: whether a node with this health is ready. */
  isReady(healthy: boolean): boolean;
  /** M10: whether a halted node answers. */
  answersWhenHalted(): boolean;
  /** M10: which version a node runs that has become healthy. */
  runningVersion(accepted: number, hasPrevious: boolean): number;
};

export const SOUND_DECISIONS: ProtocolDecisions = {
  takesFrame: (isFrameBroken) => !isFrameBroken,
  keepsManifest: (isAuthentic) => isAuthentic,
  keepsBlob: (isIntact) => isIntact,
  offersBlob: (state) => state === BLOB.stored,
  asksAgain: (attempts) => attempts < PROTOCOL.askAttempts,
  windowOf: (own) => own,
  nextTimeout: (timeout) => Math.min(2 * timeout, PROTOCOL.askTimeoutMax),
  announcesAgain: () => true,
  afterCrash: (state) => (state === BLOB.stored ? BLOB.stored : BLOB.wanted),
  resumesAsking: () => true,
  chooseVersion: (announced, held) => Math.max(announced, held),
  refusal: ({ digestOk, signatureOk }, verifySignatures) => {
    if (!digestOk) return "digest-mismatch";
    return verifySignatures && !signatureOk ? "signature-mismatch" : null;
  },
  startsServices: (storedCount, blobCount, isChecked) => storedCount === blobCount && isChecked,
  isReady: (healthy) => healthy,
  answersWhenHalted: () => false,
  runningVersion: (accepted) => accepted,
};
