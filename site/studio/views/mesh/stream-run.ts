// From what the platform streams of a simulation (docs/mesh-on-the-platform.md "Watching") to what is watched: its packets
// are an even sample, and there is nothing of faults in it.
import type { MeshEvent } from "../../../../schemas/mesh-event.ts";
import { PacketColumns } from "./packet-columns.ts";
import { MAX_PACKETS } from "./trace-reader.ts";
import { nodeNames, PACKET_KINDS, type WatchedPhase, type WatchedRun } from "./watched-run.ts";

const NODE_PHASES = ["boot", "receive", "verify", "start", "healthy", "halted", "down"] as const;

/** What has been streamed so far; null while nothing of the virtual clock has come. */
export function readStream(events: readonly MeshEvent[]): WatchedRun | null {
  const nodes = nodeNames(countNodes(events));
  const columns = new PacketColumns(MAX_PACKETS);
  const phases: WatchedPhase[] = [];
  let endMs = -1;
  let each = 1;
  for (const { nodeId, phase, status, details } of events) {
    const atMs = details.virtualMs;
    const node = nodes.indexOf(nodeId ?? "");
    if (atMs === undefined || node < 0) continue;
    endMs = Math.max(endMs, atMs);
    const known = NODE_PHASES.find((name) => name === phase);
    if (known !== undefined) {
      const reason = typeof details.reason === "string" ? details.reason : null;
      phases.push({ atMs, node, phase: known, reason });
      continue;
    }
    if (phase !== "packet") continue;
    if (typeof details.each === "number") each = details.each;
    const isSent = status === "sent" || status === "copied";
    columns.add({
      sentMs: atMs,
      endMs: typeof details.arrivesMs === "number" ? details.arrivesMs : atMs,
      from: node,
      to: Math.max(0, nodes.indexOf(String(details.to))),
      end: isSent ? "arrived" : status === "cut" || status === "full" ? status : "lost",
      kind: PACKET_KINDS.find((kind) => kind === details.kind) ?? "chunk",
      isCopy: status === "copied",
    });
  }
  if (endMs < 0) return null;
  return { nodes, endMs, packets: columns.finish(), phases, faults: [], each };
}

/** The real nodes are told of before the virtual clock begins, so that the highest number is how many there are. */
function countNodes(events: readonly MeshEvent[]): number {
  return events.reduce((most, { nodeId }) => Math.max(most, Number(nodeId?.replace("node-", "") ?? 0)), 0);
}
