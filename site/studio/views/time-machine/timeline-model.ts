// A history as columns of numbers: what a frame looks at stands side by side in memory, and a frame makes no objects.
import type { TimelineEvent } from "../../../../schemas/event.ts";
import { type LaneName, laneOf, SHAPES, shapeOf, TONES, toneOf } from "./event-lane.ts";

/** A branch that began at a moment of another one. */
export type Fork = {
  readonly lane: number;
  readonly parentLane: number;
  /** The moment that it began from, and the event that began it. */
  readonly fromSeq: number;
  readonly seq: number;
};

/** A restore: a branch went back to what it was at an earlier event. */
export type Jump = { readonly lane: number; readonly fromSeq: number; readonly seq: number };

const FIRST_CAPACITY = 1_024;

/**
 * The events of one log without a gap, in order. `sync` takes what LiveTimeline holds: what only grew at its end is
 * appended, everything else is read anew.
 */
export class TimelineModel {
  count = 0;
  firstSeq = 1;
  /** Goes up with each change: who has drawn another version draws again. */
  version = 0;
  /** Milliseconds since the epoch, never going back: a clock that was set back must not fold the axis. */
  times = new Float64Array(FIRST_CAPACITY);
  lanes = new Uint8Array(FIRST_CAPACITY);
  shapes = new Uint8Array(FIRST_CAPACITY);
  tones = new Uint8Array(FIRST_CAPACITY);
  laneNames: LaneName[] = [];
  /** By lane: the first and the last event on it. */
  laneStarts: number[] = [];
  laneEnds: number[] = [];
  forks: Fork[] = [];
  jumps: Jump[] = [];
  #events: readonly TimelineEvent[] = [];
  #laneIds = new Map<string, number>();

  get lastSeq(): number {
    return this.firstSeq + this.count - 1;
  }

  /** The event; undefined when it is not here (yet). */
  at(seq: number): TimelineEvent | undefined {
    return this.#events[seq - this.firstSeq];
  }

  get events(): readonly TimelineEvent[] {
    return this.#events;
  }

  /** Takes the events over; false when nothing has changed. */
  sync(events: readonly TimelineEvent[]): boolean {
    if (events === this.#events) return false;
    const isSameStart = this.count > 0 && events[0] === this.#events[0] && events.length >= this.count;
    // A log that was made anew may begin alike: the last known event must stand where it stood.
    const isGrown = isSameStart && events[this.count - 1] === this.#events[this.count - 1];
    if (!isGrown) this.#clear(events[0]?.seq ?? 1);
    this.#events = events;
    this.#reserve(events.length);
    for (let index = this.count; index < events.length; index++) {
      const event = events[index];
      if (event !== undefined) this.#append(event, index);
    }
    this.count = events.length;
    this.version += 1;
    return true;
  }

  #clear(firstSeq: number): void {
    this.count = 0;
    this.firstSeq = firstSeq;
    this.laneNames = [];
    this.laneStarts = [];
    this.laneEnds = [];
    this.forks = [];
    this.jumps = [];
    this.#laneIds = new Map();
  }

  #append(event: TimelineEvent, index: number): void {
    const lane = this.#laneId(laneOf(event), event.seq);
    this.times[index] = Math.max(event.ts, index === 0 ? event.ts : (this.times[index - 1] ?? event.ts));
    this.lanes[index] = lane;
    this.shapes[index] = SHAPES.indexOf(shapeOf(event));
    this.tones[index] = TONES.indexOf(toneOf(event));
    this.laneEnds[lane] = event.seq;
    if (event.data === null) return;
    const { from, at } = event.data;
    if (event.type === "branch.created" && typeof from === "string" && typeof at === "number") {
      const parentLane = this.#laneId({ kind: "branch", name: from }, at);
      this.forks.push({ lane, parentLane, fromSeq: at, seq: event.seq });
    }
    const restored = event.data.restoredSeq;
    if (event.type === "branch.restored" && typeof restored === "number") {
      this.jumps.push({ lane, fromSeq: restored, seq: event.seq });
    }
  }

  #laneId(name: LaneName, seq: number): number {
    const key = `${name.kind} ${name.name}`;
    const known = this.#laneIds.get(key);
    if (known !== undefined) return known;
    // The column has a byte for it; a project with more branches shows the last of them on one row.
    const lane = Math.min(this.laneNames.length, MAX_LANES - 1);
    this.#laneIds.set(key, lane);
    if (lane === this.laneNames.length) {
      this.laneNames.push(name);
      this.laneStarts.push(seq);
      this.laneEnds.push(seq);
    }
    return lane;
  }

  #reserve(length: number): void {
    if (length <= this.times.length) return;
    const capacity = 2 ** Math.ceil(Math.log2(length));
    this.times = grow(new Float64Array(capacity), this.times, this.count);
    this.lanes = grow(new Uint8Array(capacity), this.lanes, this.count);
    this.shapes = grow(new Uint8Array(capacity), this.shapes, this.count);
    this.tones = grow(new Uint8Array(capacity), this.tones, this.count);
  }
}

const MAX_LANES = 255;

function grow<Column extends Float64Array | Uint8Array>(into: Column, from: Column, count: number): Column {
  into.set(from.subarray(0, count));
  return into;
}
