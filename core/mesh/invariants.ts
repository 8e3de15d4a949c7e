// What must hold after every event (MESH.md M10, and what M5 to M8 demand of the protocol). The observer knows which bytes
// are wrong and what is really stored; nothing here trusts what a node believes of itself.
import type { BlobLayout } from "./mesh-capsule.ts";
import { PROTOCOL } from "./mesh-limits.ts";
import type { MeshNode } from "./mesh-node.ts";
import { VERSION } from "./protocol-decisions.ts";
import type { Simulation } from "./simulation.ts";

/** Each with its rule, and what is wrong when it does not hold. */
export const INVARIANTS = {
  "unverified-start": "M10: an artifact was started that was not stored and verified as a whole",
  "version-went-back": "M10: a node went back to an older version",
  "two-digests": "M10: healthy nodes hold different digests",
  "served-halted": "M10: a halted node answered",
  "forwarded-unverified": "M6: a node gave others what it had not verified and stored",
  "stored-corrupt": "M6: a node stored a blob whose digest does not match",
  "accepted-forged": "M6: a node accepted a manifest whose signature does not match",
  "retry-unbounded": "M6: a node asked for the same more often than it may",
  "no-back-off": "M6: a node asked again sooner than its back-off allows",
  "window-exceeded": "M6: a node has more asks under way than its window",
  "phase-skipped": "M5: a node's phases came in another order",
  "ready-unhealthy": "M5: a node is ready whose health check failed",
} as const;

export type Invariant = keyof typeof INVARIANTS;
export type BrokenInvariant = { readonly invariant: Invariant; readonly node: MeshNode };

/** The first invariant that does not hold, or null. */
export function findBrokenInvariant({ nodes, layout }: Simulation): BrokenInvariant | null {
  let healthyVersion: number = VERSION.none;
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index] as MeshNode;
    const invariant = checkNode(node, layout);
    if (invariant !== null) return { invariant, node };
    if (node.phase !== "healthy") continue;
    if (healthyVersion === VERSION.none) healthyVersion = node.running;
    if (node.running !== healthyVersion || node.running !== node.accepted)
      return { invariant: "two-digests", node };
  }
  return null;
}

function checkNode(node: MeshNode, layout: BlobLayout): Invariant | null {
  const { truth, phase } = node;
  if (node.accepted < truth.highestAccepted) return "version-went-back";
  truth.highestAccepted = node.accepted;
  if (phase === "start" || phase === "healthy") {
    const isVerified = node.isChecked && truth.mayStart && truth.storedCount === layout.blobCount;
    if (!isVerified) return "unverified-start";
    if (phase === "healthy" && !truth.isHealthy) return "ready-unhealthy";
  }
  return checkDeeds(node) ?? checkWindows(node, layout);
}

function checkDeeds({ truth }: MeshNode): Invariant | null {
  if (truth.hasServedHalted) return "served-halted";
  if (truth.hasServedUnverified) return "forwarded-unverified";
  if (truth.hasStoredCorrupt) return "stored-corrupt";
  if (truth.hasAcceptedForged) return "accepted-forged";
  if (truth.mostAttempts > PROTOCOL.askAttempts) return "retry-unbounded";
  if (truth.hasHurried) return "no-back-off";
  return truth.hasSkippedPhase ? "phase-skipped" : null;
}

function checkWindows(
  { inFlight, peers }: MeshNode,
  { peerWindow, nodeWindow }: BlobLayout,
): Invariant | null {
  if (inFlight > nodeWindow) return "window-exceeded";
  for (let peer = 0; peer < peers.length; peer++) {
    if ((peers[peer]?.inFlight ?? 0) > peerWindow) return "window-exceeded";
  }
  return null;
}
