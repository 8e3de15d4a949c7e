// Packets gathered into columns that grow; too many, and each second one goes, evenly over the run.
import type { PACKET_KINDS, PacketEnd, WatchedPackets } from "./watched-run.ts";
import { PACKET_KINDS as KINDS, PACKET_ENDS } from "./watched-run.ts";

export type NewPacket = {
  readonly sentMs: number;
  readonly endMs: number;
  readonly from: number;
  readonly to: number;
  readonly end: PacketEnd;
  readonly kind: (typeof PACKET_KINDS)[number];
  readonly isCopy: boolean;
};

type MutablePacket = { -readonly [Name in keyof NewPacket]: NewPacket[Name] };

export class PacketColumns {
  readonly #countMax: number;
  #packets: MutablePacket[] = [];
  #seenCount = 0;
  each = 1;

  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  /** Gives what can be ended later; it is kept only if its turn has come. */
  add(packet: NewPacket): MutablePacket {
    const added: MutablePacket = { ...packet };
    this.#seenCount += 1;
    if (this.#seenCount % this.each !== 0) return added;
    this.#packets.push(added);
    if (this.#packets.length > this.#countMax) {
      this.each *= 2;
      this.#packets = this.#packets.filter((_, index) => index % 2 === 1);
    }
    return added;
  }

  finish(): WatchedPackets {
    const all = this.#packets;
    return {
      sentMs: Float64Array.from(all, ({ sentMs }) => sentMs),
      endMs: Float64Array.from(all, ({ endMs }) => endMs),
      from: Uint8Array.from(all, ({ from }) => from),
      to: Uint8Array.from(all, ({ to }) => to),
      end: Uint8Array.from(all, ({ end }) => PACKET_ENDS.indexOf(end)),
      kind: Uint8Array.from(all, ({ kind }) => KINDS.indexOf(kind)),
      isCopy: Uint8Array.from(all, ({ isCopy }) => Number(isCopy)),
    };
  }
}
