// From a run's trace (docs/mesh.md "Reading a trace") to what is watched: each packet's sending is brought together with
// what befell it at the other end.
import { FAULTS } from "../../../../core/mesh/mesh-limits.ts";
import { PacketColumns } from "./packet-columns.ts";
import {
  nodeNames,
  PACKET_KINDS,
  type PacketEnd,
  type WatchedFault,
  type WatchedPhase,
  type WatchedRun,
} from "./watched-run.ts";

type TraceLine = {
  readonly at: number;
  readonly event: string;
  readonly node?: string;
  readonly phase?: WatchedPhase["phase"];
  readonly reason?: string | null;
  readonly partition?: number;
  readonly action?: "crash" | "restart" | "pause";
  readonly from?: string;
  readonly to?: string;
  readonly kind?: string;
  readonly item?: number;
  readonly part?: number;
  readonly attempt?: number;
  readonly arrives?: number;
  readonly counts?: Readonly<Record<string, number>>;
};

type UnderWay = { readonly arrivesMicros: number; readonly packet: ReturnType<PacketColumns["add"]> };

const MICROS_PER_MS = 1_000;
const NEWLINE = 10;
/** More packets than this are thinned out: a screen could not show them apart. */
export const MAX_PACKETS = 200_000;

export class TraceReader {
  readonly #nodes: readonly string[];
  readonly #places: ReadonlyMap<string, number>;
  readonly #decoder = new TextDecoder();
  readonly #columns: PacketColumns;
  readonly #phases: WatchedPhase[] = [];
  readonly #faults: WatchedFault[] = [];
  /** By what names a packet on its link; the same may be under way more than once. */
  readonly #underWay = new Map<string, UnderWay[]>();
  /** When each node's last pause ends: what came meanwhile arrives then. */
  readonly #pausedUntil = new Map<number, number>();
  #endMicros = 0;

  constructor(nodeCount: number, packetCountMax = MAX_PACKETS) {
    this.#nodes = nodeNames(nodeCount);
    this.#places = new Map(this.#nodes.map((name, index) => [name, index]));
    this.#columns = new PacketColumns(packetCountMax);
  }

  /** Takes whole lines, as a run hands them on. */
  add(lines: Uint8Array): void {
    let start = 0;
    for (;;) {
      const end = lines.indexOf(NEWLINE, start);
      if (end < 0) return;
      this.#addLine(JSON.parse(this.#decoder.decode(lines.subarray(start, end))));
      start = end + 1;
    }
  }

  finish(): WatchedRun {
    const endMs = this.#endMicros / MICROS_PER_MS;
    for (const waiting of this.#underWay.values())
      for (const { packet } of waiting) Object.assign(packet, { end: "under-way", endMs });
    return {
      nodes: this.#nodes,
      endMs,
      packets: this.#columns.finish(),
      phases: this.#phases,
      faults: this.#faults,
      each: this.#columns.each,
    };
  }

  #addLine(line: TraceLine): void {
    this.#endMicros = Math.max(this.#endMicros, line.at);
    if (line.from !== undefined) this.#addPacketLine(line);
    else this.#addRareLine(line);
  }

  #addPacketLine(line: TraceLine): void {
    switch (line.event) {
      case "sent":
      case "copied":
        this.#setOut(line);
        break;
      case "lost":
      case "full":
        this.#columns.add({ ...this.#describe(line), end: line.event });
        break;
      case "cut": {
        const found = this.#takeUnderWay(line, false);
        if (found === null) this.#columns.add({ ...this.#describe(line), end: "cut" });
        else endPacket(found, "cut", line.at);
        break;
      }
      case "arrived":
      case "refused":
      case "broken": {
        const found = this.#takeUnderWay(line, true);
        if (found !== null) endPacket(found, line.event, line.at);
        break;
      }
    }
  }

  #setOut(line: TraceLine): void {
    const arrivesMicros = line.arrives ?? line.at;
    const packet = this.#columns.add({
      ...this.#describe(line),
      end: "under-way",
      endMs: arrivesMicros / MICROS_PER_MS,
      isCopy: line.event === "copied",
    });
    const key = packetKey(line);
    const waiting = this.#underWay.get(key);
    if (waiting === undefined) this.#underWay.set(key, [{ arrivesMicros, packet }]);
    else waiting.push({ arrivesMicros, packet });
  }

  /** What the line is the end of. `isArrival`: it certainly is one; a cut may as well have come before setting out. */
  #takeUnderWay(line: TraceLine, isArrival: boolean): UnderWay["packet"] | null {
    const key = packetKey(line);
    const waiting = this.#underWay.get(key);
    if (waiting === undefined) return null;
    let place = waiting.findIndex(({ arrivesMicros }) => arrivesMicros === line.at);
    const wasHeldUp = this.#pausedUntil.get(this.#placeOf(line.to)) === line.at;
    if (place < 0 && (isArrival || wasHeldUp))
      place = waiting.findIndex(({ arrivesMicros }) => arrivesMicros < line.at);
    const found = waiting[place];
    if (found === undefined) return null;
    if (waiting.length === 1) this.#underWay.delete(key);
    else waiting.splice(place, 1);
    return found.packet;
  }

  #addRareLine(line: TraceLine): void {
    const atMs = line.at / MICROS_PER_MS;
    const node = this.#placeOf(line.node);
    if (line.event === "phase" && line.phase !== undefined) {
      this.#phases.push({ atMs, node, phase: line.phase, reason: line.reason ?? null });
    } else if ((line.event === "cut" || line.event === "heal") && line.partition !== undefined) {
      this.#faults.push({ atMs, kind: line.event, partition: line.partition });
    } else if (line.event === "chaos" && line.action !== undefined) {
      if (line.action === "pause") this.#pausedUntil.set(node, line.at + FAULTS.pause);
      this.#faults.push({ atMs, kind: "chaos", node, action: line.action });
    }
  }

  #describe({ at, from, to, kind }: TraceLine) {
    const atMs = at / MICROS_PER_MS;
    return {
      sentMs: atMs,
      endMs: atMs,
      from: this.#placeOf(from),
      to: this.#placeOf(to),
      kind: PACKET_KINDS.find((known) => known === kind) ?? "chunk",
      isCopy: false,
    };
  }

  #placeOf(name: string | undefined): number {
    return this.#places.get(name ?? "") ?? 0;
  }
}

function packetKey({ from, to, kind, item, part, attempt }: TraceLine): string {
  return `${from}>${to} ${kind} ${item} ${part} ${attempt}`;
}

function endPacket(packet: UnderWay["packet"], end: PacketEnd, atMicros: number): void {
  packet.end = end;
  packet.endMs = atMicros / MICROS_PER_MS;
}
