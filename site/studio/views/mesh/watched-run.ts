// One run of one seed as it is watched: every packet with its way and its end, every phase, every fault. Plain data, so that
// a Web Worker can hand it over.
import type { MeshEvent } from "../../../../schemas/mesh-event.ts";

/** How a packet ended. The names are those of the trace; `under-way` had not arrived when the run was over. */
export const PACKET_ENDS = ["arrived", "lost", "cut", "full", "refused", "broken", "under-way"] as const;
export type PacketEnd = (typeof PACKET_ENDS)[number];

export const PACKET_KINDS = ["probe", "announce", "ask", "manifest", "chunk"] as const;

/** Columns of one length, in the order of sending. Times are in ms of the virtual clock. */
export type WatchedPackets = {
  readonly sentMs: Float64Array;
  /** When it was there, or was dropped on arriving; that of sending where it never set out. */
  readonly endMs: Float64Array;
  /** Places in `nodes`. */
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  /** Places in PACKET_ENDS and PACKET_KINDS. */
  readonly end: Uint8Array;
  readonly kind: Uint8Array;
  /** 1 where the link has made a second one of it. */
  readonly isCopy: Uint8Array;
};

export type WatchedPhase = {
  readonly atMs: number;
  readonly node: number;
  readonly phase: Extract<
    MeshEvent["phase"],
    "boot" | "receive" | "verify" | "start" | "healthy" | "halted" | "down"
  >;
  readonly reason: string | null;
};

export type WatchedFault =
  | { readonly atMs: number; readonly kind: "cut" | "heal"; readonly partition: number }
  | {
      readonly atMs: number;
      readonly kind: "chaos";
      readonly node: number;
      readonly action: "crash" | "restart" | "pause";
    };

export type WatchedRun = {
  readonly nodes: readonly string[];
  readonly endMs: number;
  readonly packets: WatchedPackets;
  readonly phases: readonly WatchedPhase[];
  readonly faults: readonly WatchedFault[];
  /** Each packet stands for so many: 1 when all are here. */
  readonly each: number;
};

/** The nodes of a mesh of that size, by name. */
export function nodeNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `node-${index + 1}`);
}
