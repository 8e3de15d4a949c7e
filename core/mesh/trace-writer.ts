// The trace: one JCS line (RFC 8785) for each thing that happens, hashed as it is written (MESH.md M2). The lines that
// come by the hundred thousand are put together byte by byte, with their keys in order; a test holds every one of them
// against the canonicaliser.
import { canonicalBytes } from "../capsule/canonical-json.ts";
import type { StreamingHash } from "../hashing.ts";
import type { PacketKind } from "./event-queue.ts";
import { MESH_LIMITS } from "./mesh-limits.ts";

/** What befell a packet. `lost` by the link, `cut` by a partition, `full` before a slow link, `refused` by its receiver. */
export type PacketFate =
  | "sent"
  | "copied"
  | "lost"
  | "cut"
  | "full"
  | "arrived"
  | "refused"
  | "broken"
  | "repeated";

/** What a node did with an item: 0 is the manifest, the others are blobs. */
export type ItemEvent = "checked" | "forged" | "hashed" | "stored" | "timeout" | "gave-up";

export type PacketLine = {
  readonly packet: PacketKind;
  readonly bytes: number;
  readonly item: number;
  readonly part: number;
  readonly attempt: number;
};

/** Past this the lines are hashed and handed on. */
const FLUSH_BYTES = 65_536;
/** One event writes far less than the rest of the buffer: no more than a window of asks and an announcement to each. */
const BUFFER_BYTES = 4 * FLUSH_BYTES;
const NEWLINE = 10;
const ZERO = 48;
const DIGITS_MAX = 16;

const encoder = new TextEncoder();
const text = (words: string): Uint8Array => encoder.encode(words);

const ARRIVES = text('{"arrives":');
const AT_AFTER = text(',"at":');
const AT_FIRST = text('{"at":');
const ATTEMPT = text(',"attempt":');
const BYTES = text(',"bytes":');
const PART = text(',"part":');
const ITEM = text(',"item":');
const SEQUENCE = text(',"sequence":');
const END = text("}\n");
const FATES: Readonly<Record<PacketFate, Uint8Array>> = {
  sent: text(',"event":"sent"'),
  copied: text(',"event":"copied"'),
  lost: text(',"event":"lost"'),
  cut: text(',"event":"cut"'),
  full: text(',"event":"full"'),
  arrived: text(',"event":"arrived"'),
  refused: text(',"event":"refused"'),
  broken: text(',"event":"broken"'),
  repeated: text(',"event":"repeated"'),
};
const ITEM_EVENTS: Readonly<Record<ItemEvent, Uint8Array>> = {
  checked: text(',"event":"checked"'),
  forged: text(',"event":"forged"'),
  hashed: text(',"event":"hashed"'),
  stored: text(',"event":"stored"'),
  timeout: text(',"event":"timeout"'),
  "gave-up": text(',"event":"gave-up"'),
};
const KINDS: Readonly<Record<PacketKind, Uint8Array>> = {
  probe: text(',"kind":"probe"'),
  announce: text(',"kind":"announce"'),
  ask: text(',"kind":"ask"'),
  manifest: text(',"kind":"manifest"'),
  chunk: text(',"kind":"chunk"'),
};
const nodeFragments = (key: string): readonly Uint8Array[] =>
  Array.from({ length: MESH_LIMITS.nodes }, (_, index) => text(`,"${key}":"node-${index + 1}"`));
const FROM = nodeFragments("from");
const TO = nodeFragments("to");
const NODE = nodeFragments("node");
const NOTHING = new Uint8Array(0);

export class TraceWriter {
  readonly #hash: StreamingHash;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  readonly #digits = new Uint8Array(DIGITS_MAX);
  #used = 0;
  /** How many lines there are: the number of the last one. */
  length = 0;

  constructor(hash: StreamingHash) {
    this.#hash = hash;
  }

  /** Whether `flush` is due, which must come before the next event. */
  get isFull(): boolean {
    return this.#used >= FLUSH_BYTES;
  }

  /** One packet's fate. `arrives` is when a sent one will be there, or −1. */
  packet(at: number, fate: PacketFate, from: number, to: number, line: PacketLine, arrives: number): void {
    if (arrives >= 0) {
      this.#put(ARRIVES);
      this.#number(arrives);
      this.#put(AT_AFTER);
    } else {
      this.#put(AT_FIRST);
    }
    this.#number(at);
    this.#put(ATTEMPT);
    this.#number(line.attempt);
    this.#put(BYTES);
    this.#number(line.bytes);
    this.#put(FATES[fate]);
    this.#put(FROM[from] ?? NOTHING);
    this.#put(ITEM);
    this.#number(line.item);
    this.#put(KINDS[line.packet]);
    this.#put(PART);
    this.#number(line.part);
    this.#sequence();
    this.#put(TO[to] ?? NOTHING);
    this.#put(END);
  }

  /** What a node did with an item. */
  item(at: number, event: ItemEvent, node: number, item: number): void {
    this.#put(AT_FIRST);
    this.#number(at);
    this.#put(ITEM_EVENTS[event]);
    this.#put(ITEM);
    this.#number(item);
    this.#put(NODE[node] ?? NOTHING);
    this.#sequence();
    this.#put(END);
  }

  /** Anything that happens rarely; `sequence` is added. */
  line(fields: Readonly<Record<string, unknown>>): void {
    this.length += 1;
    const bytes = canonicalBytes({ ...fields, sequence: this.length });
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
    this.#buffer[this.#used++] = NEWLINE;
  }

  /** Hashes what was written since and hands it on; the same bytes are written over afterwards. */
  async flush(onLines: ((lines: Uint8Array) => void | Promise<void>) | undefined): Promise<void> {
    if (this.#used === 0) return;
    if (this.#used > BUFFER_BYTES) throw new RangeError("one event wrote more lines than the buffer holds");
    const lines = this.#buffer.subarray(0, this.#used);
    this.#used = 0;
    await this.#hash.update(lines);
    await onLines?.(lines);
  }

  /** The SHA-256 over all lines, each with its newline, as 32 bytes. */
  finish(): Promise<Uint8Array> {
    return this.#hash.finish();
  }

  #sequence(): void {
    this.length += 1;
    this.#put(SEQUENCE);
    this.#number(this.length);
  }

  #put(bytes: Uint8Array): void {
    const buffer = this.#buffer;
    let used = this.#used;
    for (let index = 0; index < bytes.length; index++) buffer[used++] = bytes[index] as number;
    this.#used = used;
  }

  /** An integer from 0 to 2^53 − 1, in decimal. */
  #number(value: number): void {
    let rest = value;
    let start = DIGITS_MAX;
    while (rest >= 10) {
      const tens = rest < 1_073_741_824 ? (rest / 10) | 0 : Math.floor(rest / 10);
      this.#digits[--start] = ZERO + (rest - tens * 10);
      rest = tens;
    }
    this.#buffer[this.#used++] = ZERO + rest;
    while (start < DIGITS_MAX) this.#buffer[this.#used++] = this.#digits[start++] as number;
  }
}
