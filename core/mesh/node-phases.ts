// The phases of a node (MESH.md M5): boot → receive → verify → start → healthy, or halted with a reason.
import { announceToAll } from "./announcing.ts";
import { fireChaosOfPhase } from "./chaos.ts";
import { WORK } from "./mesh-limits.ts";
import type { MeshNode, NodePhase } from "./mesh-node.ts";
import type { Simulation } from "./simulation.ts";

/** What may follow what; a crash may come at any time, and so may `halted` once something was looked at. */
const NEXT_PHASES: Readonly<Record<NodePhase, readonly NodePhase[]>> = {
  down: ["boot"],
  boot: ["receive", "down"],
  receive: ["verify", "halted", "down"],
  verify: ["start", "halted", "down"],
  start: ["healthy", "halted", "down"],
  healthy: ["down"],
  halted: ["down"],
};

/** A new life, with what was stored. */
export function boot(simulation: Simulation, node: MeshNode): void {
  node.beginLife(simulation.nodes.length, simulation.layout, simulation.decisions.afterCrash);
  enterPhase(simulation, node, "boot");
  simulation.queue.add(
    simulation.now + node.random.between(WORK.boot),
    "booted",
    node.index,
    node.incarnation,
  );
}

/** Up: says what it has, and goes on from there. */
export function onBooted(simulation: Simulation, node: MeshNode): void {
  enterPhase(simulation, node, "receive");
  if (node.incarnation > 1) node.reSyncs += 1;
  announceToAll(simulation, node);
  advance(simulation, node);
}

/** Goes on to verify when all is stored, and to start when all is checked. */
export function advance(simulation: Simulation, node: MeshNode): void {
  const { blobCount, blobBytes } = simulation.layout;
  if (simulation.decisions.startsServices(node.storedCount, blobCount, node.isChecked)) {
    startServices(simulation, node);
  } else if (node.phase === "receive" && node.storedCount === blobCount) {
    enterPhase(simulation, node, "verify");
    const bytes = blobBytes.reduce((sum, sizeBytes) => sum + sizeBytes, 0);
    const checks = WORK.check * (1 + simulation.capsule.services.length);
    const micros = checks + Math.ceil(bytes / WORK.hashBytesPerMicro);
    simulation.queue.add(simulation.now + micros, "services-checked", node.index, node.incarnation);
  }
}

/** Signature and digest of every service are known. */
export function onServicesChecked(simulation: Simulation, node: MeshNode): void {
  const { decisions, parameters, verdicts } = simulation;
  if (node.phase !== "verify") return;
  for (const verdict of verdicts.of(node.index, node.incarnation)) {
    const reason = decisions.refusal(verdict, parameters.verifySignatures);
    if (reason !== null) {
      halt(simulation, node, reason);
      return;
    }
  }
  node.isChecked = true;
  node.signatureVerified = parameters.verifySignatures;
  if (!node.isProved) offerEverything(simulation, node);
  advance(simulation, node);
}

/** The services run; their health paths were asked. */
export function onServicesStarted(simulation: Simulation, node: MeshNode): void {
  const isHealthy = simulation.verdicts.of(node.index, node.incarnation).every(({ healthy }) => healthy);
  if (!simulation.decisions.isReady(isHealthy)) {
    halt(simulation, node, "health-check-failed");
    return;
  }
  enterPhase(simulation, node, "healthy");
  const previous = simulation.parameters.previous;
  node.running = simulation.decisions.runningVersion(node.accepted, previous !== null);
  if (node.firstHealthyAt < 0) node.firstHealthyAt = simulation.now;
}

/** The node stops for good, until something restarts it. */
export function halt(simulation: Simulation, node: MeshNode, reason: string): void {
  node.haltReason = reason;
  enterPhase(simulation, node, "halted");
}

/** Ends the phase before, writes the line, and lets chaos strike that waited for this phase. */
export function enterPhase(simulation: Simulation, node: MeshNode, phase: NodePhase): void {
  const { now, trace } = simulation;
  if (!NEXT_PHASES[node.phase].includes(phase)) node.truth.hasSkippedPhase = true;
  const before = node.phases.at(-1);
  if (before !== undefined && before.end < 0) endPhase(before, now, phase, node.haltReason);
  const reason = phase === "halted" ? node.haltReason : null;
  node.phases.push({
    name: phase,
    start: now,
    end: -1,
    status: phase === "halted" || phase === "down" ? "error" : "ok",
    details: reason,
  });
  node.phase = phase;
  trace.line({ at: now, event: "phase", incarnation: node.incarnation, node: node.name, phase, reason });
  if (phase === "down" || phase === "halted" || node.phasesEntered.has(phase)) return;
  node.phasesEntered.add(phase);
  fireChaosOfPhase(simulation, node, phase);
}

function endPhase(
  entry: MeshNode["phases"][number],
  now: number,
  next: NodePhase,
  haltReason: string | null,
): void {
  entry.end = now;
  if (next === "halted") {
    entry.status = "error";
    entry.details = haltReason;
  } else if (next === "down" && entry.name !== "halted") {
    entry.details = "ended by a crash";
    if (entry.name !== "healthy") entry.status = "error";
  }
}

function startServices(simulation: Simulation, node: MeshNode): void {
  if (node.phase !== "receive" && node.phase !== "verify") return;
  const { parameters, verdicts } = simulation;
  const all = verdicts.of(node.index, node.incarnation);
  node.truth.mayStart = all.every(
    ({ digestOk, signatureOk }) => digestOk && (signatureOk || !parameters.verifySignatures),
  );
  node.truth.isHealthy = all.every(({ healthy }) => healthy);
  enterPhase(simulation, node, "start");
  let micros = 0;
  for (let service = 0; service < all.length; service++) micros += node.random.between(WORK.startService);
  simulation.queue.add(simulation.now + micros, "services-started", node.index, node.incarnation);
}

/** node-1 has checked what it began with: now the others may have it. */
function offerEverything(simulation: Simulation, node: MeshNode): void {
  node.isProved = true;
  for (let blob = 0; blob < simulation.layout.blobCount; blob++) {
    node.isOffered[blob] = 1;
    node.offers[node.offerCount++] = blob;
  }
  announceToAll(simulation, node);
}
