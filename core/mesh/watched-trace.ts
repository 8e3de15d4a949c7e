// What people watch of a run (MESH.md M2, §7): its phases, and of its packets as many as can be looked at. Reads the trace
// that the run writes, and changes nothing in it.
import type { MeshEvent } from "../../schemas/mesh-event.ts";

/** A step of the trace for watchers, without the time at which it is written down. */
export type WatchedStep = Omit<MeshEvent, "details"> & {
  readonly details: { readonly virtualMs: number; readonly sequence: number } & Readonly<
    Record<string, unknown>
  >;
};

type TraceLine = {
  readonly at: number;
  readonly event: string;
  readonly sequence: number;
  readonly node?: string;
  readonly phase?: WatchedStep["phase"];
  readonly reason?: string | null;
  readonly incarnation?: number;
  readonly from?: string;
  readonly to?: string;
  readonly kind?: string;
  readonly bytes?: number;
  readonly arrives?: number;
};

const MICROS_PER_MS = 1_000;
/** What befell a packet where it set out; its arrival is told with it. */
const FATES: ReadonlySet<string> = new Set(["sent", "copied", "lost", "cut", "full"]);
const NEWLINE = 10;
/** Every line with a packet's fate has it, and no phase's. */
const PACKET_MARK = '"arrives"';

export class WatchedTrace {
  readonly #packetCountMax: number;
  readonly #phases: WatchedStep[] = [];
  #packets: WatchedStep[] = [];
  /** Only each so many-th packet is kept; it doubles whenever too many have gathered. */
  #stride = 1;
  #seen = 0;

  constructor(packetCountMax: number) {
    this.#packetCountMax = packetCountMax;
  }

  /** Takes whole lines, as a run hands them on. */
  add(lines: Uint8Array): void {
    const decoder = new TextDecoder();
    let start = 0;
    for (;;) {
      const end = lines.indexOf(NEWLINE, start);
      if (end < 0) return;
      this.#addLine(decoder.decode(lines.subarray(start, end)));
      start = end + 1;
    }
  }

  /** All phases and the packets that were kept, in the order of the trace; `each` says of how many a packet is one. */
  finish(): WatchedStep[] {
    const packets = this.#packets.map((step) => ({
      ...step,
      details: { ...step.details, each: this.#stride },
    }));
    return [...this.#phases, ...packets].sort((one, other) => one.details.sequence - other.details.sequence);
  }

  #addLine(text: string): void {
    if (text.startsWith(`{${PACKET_MARK}`) || text.includes('"from"')) this.#addPacket(text);
    else if (text.includes('"event":"phase"')) this.#addPhase(JSON.parse(text));
  }

  #addPhase({ at, sequence, node, phase, reason, incarnation }: TraceLine): void {
    if (node === undefined || phase === undefined) return;
    this.#phases.push({
      nodeId: node,
      phase,
      status: phase === "halted" || phase === "down" ? "error" : "ok",
      details: { virtualMs: at / MICROS_PER_MS, sequence, incarnation, ...(reason ? { reason } : {}) },
    });
  }

  #addPacket(text: string): void {
    const fate = /"event":"([a-z]+)"/.exec(text)?.[1] ?? "";
    if (!FATES.has(fate)) return;
    this.#seen += 1;
    if (this.#seen % this.#stride !== 0) return;
    const { at, sequence, from, to, kind, bytes, arrives }: TraceLine = JSON.parse(text);
    if (from === undefined) return;
    this.#packets.push({
      nodeId: from,
      phase: "packet",
      status: fate,
      details: {
        virtualMs: at / MICROS_PER_MS,
        sequence,
        to,
        kind,
        bytes,
        ...(arrives === undefined ? {} : { arrivesMs: arrives / MICROS_PER_MS }),
      },
    });
    if (this.#packets.length <= this.#packetCountMax) return;
    this.#stride *= 2;
    this.#packets = this.#packets.filter((_, index) => index % 2 === 1);
  }
}
