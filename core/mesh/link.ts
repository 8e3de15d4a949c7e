// One direction between two nodes: latency, jitter, loss, duplication, reordering, corruption and rate (MESH.md §2).
import type { MeshParameters } from "../../schemas/mesh-parameters.ts";
import { drawLatency } from "./draw-latency.ts";
import { FAULTS, MESH_LIMITS } from "./mesh-limits.ts";
import { RandomStream, scale } from "./random-stream.ts";

export type LinkParameters = Pick<
  MeshParameters,
  | "latencyMs"
  | "distribution"
  | "packetLoss"
  | "loss"
  | "jitterMs"
  | "duplicate"
  | "reorder"
  | "corrupt"
  | "rateKbps"
>;

/** What the link does with one packet. The object is the link's own and changes with the next packet. */
export type Passage = {
  fate: "sent" | "lost" | "full";
  /** When it is there; of the copy, −1 if there is none. */
  arrives: number;
  copyArrives: number;
  isCorrupt: boolean;
  isFrameBroken: boolean;
};

const DRAW_VALUES = 4_294_967_296;
const HUNDREDTHS_OF_WHOLE = 10_000;
/** A burst of loss (Gilbert and Elliott) is five packets long on average. */
const BURST_PACKETS = 5;
const BITS_MICROS_PER_KBIT = 8_000;
const MICROS_PER_MS = 1_000;

export class Link {
  readonly #random: RandomStream;
  readonly #latency: readonly [number, number];
  readonly #distribution: MeshParameters["distribution"];
  readonly #jitter: number;
  readonly #rateKbps: number | null;
  readonly #isBursty: boolean;
  readonly #loses: number;
  readonly #burstBegins: number;
  readonly #burstEnds: number;
  readonly #duplicates: number;
  readonly #reorders: number;
  readonly #corrupts: number;
  readonly #passage: Passage = {
    fate: "sent",
    arrives: 0,
    copyArrives: -1,
    isCorrupt: false,
    isFrameBroken: false,
  };
  #isInBurst: boolean;
  /** Until when the packets before this one keep a slow link busy. */
  #busyUntil = 0;

  /** @param name the substream's name, such as `link node-1>node-2` */
  constructor(seed: number, name: string, parameters: LinkParameters) {
    const [lowest, highest] = parameters.latencyMs;
    this.#random = new RandomStream(seed, name);
    this.#latency = [lowest * MICROS_PER_MS, highest * MICROS_PER_MS];
    this.#distribution = parameters.distribution;
    this.#jitter = parameters.jitterMs * MICROS_PER_MS;
    this.#rateKbps = parameters.rateKbps;
    this.#isBursty = parameters.loss === "gilbert-elliott";
    this.#loses = toThreshold(parameters.packetLoss);
    [this.#burstBegins, this.#burstEnds] = burstThresholds(parameters.packetLoss);
    this.#duplicates = toThreshold(parameters.duplicate);
    this.#reorders = toThreshold(parameters.reorder);
    this.#corrupts = toThreshold(parameters.corrupt);
    this.#isInBurst = this.#random.next() < this.#loses;
  }

  /**
   * Takes one packet. Every packet takes the same number of draws, whatever the parameters are: changing one share
   * changes nothing in what the others decide.
   */
  pass(now: number, bytes: number): Passage {
    const random = this.#random;
    const burst = random.next();
    const loss = random.next();
    const delay = this.#delay(random.next(), random.next());
    const copyDelay = this.#delay(random.next(), random.next());
    const isCopied = random.next() < this.#duplicates;
    const isHeldBack = random.next() < this.#reorders;
    const isCorrupt = random.next() < this.#corrupts;
    const isFrameBroken = scale(random.next(), FAULTS.slipsOneOf) !== 0;
    const departs = this.#depart(now, bytes);
    const passage = this.#passage;
    passage.fate = departs < 0 ? "full" : this.#isLost(burst, loss) ? "lost" : "sent";
    // What is held back comes a whole longest latency later: all that is sent meanwhile can overtake it.
    const heldBack = isHeldBack ? Math.max(this.#latency[1] + this.#jitter, MICROS_PER_MS) : 0;
    passage.arrives = departs + delay + heldBack;
    passage.copyArrives = isCopied && passage.fate === "sent" ? departs + copyDelay : -1;
    passage.isCorrupt = isCorrupt;
    passage.isFrameBroken = isCorrupt && isFrameBroken;
    return passage;
  }

  #delay(latency: number, jitter: number): number {
    const drawn = drawLatency(this.#distribution, this.#latency[0], this.#latency[1], latency);
    const swing = this.#jitter === 0 ? 0 : scale(jitter, 2 * this.#jitter + 1) - this.#jitter;
    return Math.max(0, drawn + swing);
  }

  /** When the last bit is on its way; −1 when too much waits already. A lost packet has kept the link busy too. */
  #depart(now: number, bytes: number): number {
    if (this.#rateKbps === null) return now;
    const starts = Math.max(now, this.#busyUntil);
    if (starts - now > MESH_LIMITS.linkQueueMicros) return -1;
    this.#busyUntil = starts + Math.ceil((bytes * BITS_MICROS_PER_KBIT) / this.#rateKbps);
    return this.#busyUntil;
  }

  /** In a burst all is lost, outside none: the share of time in a burst is the share of loss. */
  #isLost(burst: number, loss: number): boolean {
    if (!this.#isBursty) return loss < this.#loses;
    const isLost = this.#isInBurst;
    this.#isInBurst = isLost ? burst >= this.#burstEnds : burst < this.#burstBegins;
    return isLost;
  }
}

/** Below this a 32-bit draw means yes: exact for 0 and 100 percent. */
function toThreshold(percent: number): number {
  return Math.floor((hundredths(percent) * DRAW_VALUES) / HUNDREDTHS_OF_WHOLE);
}

/** The chances to begin and to end a burst, so that the stationary loss is the one asked for. */
function burstThresholds(percent: number): readonly [number, number] {
  const lost = hundredths(percent);
  const kept = HUNDREDTHS_OF_WHOLE - lost;
  if (lost <= kept * BURST_PACKETS) {
    const begins = lost === 0 ? 0 : Math.floor((DRAW_VALUES * lost) / (kept * BURST_PACKETS));
    return [begins, Math.floor(DRAW_VALUES / BURST_PACKETS)];
  }
  // More than five packets in six: bursts follow each other at once and last longer.
  return [DRAW_VALUES, Math.floor((DRAW_VALUES * kept) / lost)];
}

function hundredths(percent: number): number {
  return Math.round(percent * 100);
}
