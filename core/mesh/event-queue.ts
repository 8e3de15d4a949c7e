// What is to happen, in a total order: by virtual time, then by the order in which it was entered (MESH.md M2).
import { MESH_LIMITS } from "./mesh-limits.ts";

/** `packet` arrives; the others are timers of a node or of the world. */
export type QueuedKind =
  | "packet"
  | "booted"
  | "manifest-timeout"
  | "manifest-checked"
  | "ask-timeout"
  | "blob-hashed"
  | "blob-stored"
  | "announce"
  | "probe"
  | "services-checked"
  | "services-started"
  | "restart"
  | "resume"
  | "cut"
  | "heal"
  | "chaos";

export type PacketKind = "probe" | "announce" | "ask" | "manifest" | "chunk";

/** One entry; taken out and put back in a pool, so it is valid only until the next `take`. */
export type QueuedEvent = {
  time: number;
  sequence: number;
  kind: QueuedKind;
  /** Whom it happens to, counted from 0; the receiver of a packet. */
  node: number;
  /** The life of the node that set a timer: a later life lets it pass. */
  incarnation: number;
  packet: PacketKind;
  /** The sender of a packet, or the peer that a timer is about. */
  peer: number;
  item: number;
  part: number;
  attempt: number;
  bytes: number;
  sentAt: number;
  /** Of a timer: how long it was set for, and the number of the ask. */
  timeout: number;
  ask: number;
  /** The bytes are not what was sent. Only checking them tells the receiver. */
  isCorrupt: boolean;
  /** The frame's checksum shows it. */
  isFrameBroken: boolean;
};

/** A binary heap over pooled entries. */
export class EventQueue {
  readonly #heap: QueuedEvent[] = [];
  readonly #pool: QueuedEvent[] = [];
  #sequence = 0;
  /** Something was left out because the queue was full. */
  hasOverflowed = false;

  get size(): number {
    return this.#heap.length;
  }

  /** A fresh entry at this time, already in order; the caller fills in the rest before the next call. */
  add(time: number, kind: QueuedKind, node: number, incarnation: number): QueuedEvent {
    const event = this.#pool.pop() ?? makeEvent();
    event.time = time;
    event.sequence = this.#sequence++;
    event.kind = kind;
    event.node = node;
    event.incarnation = incarnation;
    if (this.#heap.length >= MESH_LIMITS.queuedEvents) this.hasOverflowed = true;
    else this.#rise(event);
    return event;
  }

  /** The earliest entry, or null; give it back with `release` once it is handled. */
  take(): QueuedEvent | null {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return null;
    if (this.#heap.length > 0) this.#sink(last);
    return first;
  }

  /** Puts an entry that was taken back for later, behind all that waits for that time. */
  postpone(event: QueuedEvent, time: number): void {
    event.time = time;
    event.sequence = this.#sequence++;
    this.#rise(event);
  }

  release(event: QueuedEvent): void {
    this.#pool.push(event);
  }

  /** Every entry that still waits, in no order. */
  waiting(): Iterable<QueuedEvent> {
    return this.#heap;
  }

  /** From the end up: a child moves down where its parent stood, until a parent is earlier. */
  #rise(event: QueuedEvent): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above] as QueuedEvent;
      if (!isEarlier(event, parent)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = event;
  }

  #sink(event: QueuedEvent): void {
    const heap = this.#heap;
    const count = heap.length;
    let index = 0;
    for (let below = 1; below < count; below = 2 * index + 1) {
      const right = below + 1;
      if (right < count && isEarlier(heap[right] as QueuedEvent, heap[below] as QueuedEvent)) below = right;
      const child = heap[below] as QueuedEvent;
      if (!isEarlier(child, event)) break;
      heap[index] = child;
      index = below;
    }
    heap[index] = event;
  }
}

function isEarlier(one: QueuedEvent, other: QueuedEvent): boolean {
  return one.time < other.time || (one.time === other.time && one.sequence < other.sequence);
}

function makeEvent(): QueuedEvent {
  return {
    time: 0.5,
    sequence: 0,
    kind: "packet",
    node: 0,
    incarnation: 0,
    packet: "probe",
    peer: 0,
    item: 0,
    part: 0,
    attempt: 0,
    bytes: 0,
    sentAt: 0.5,
    timeout: 0.5,
    ask: 0,
    isCorrupt: false,
    isFrameBroken: false,
  };
}
