// Named random substreams (MESH.md M2): each link and each node draws from its own, so that one more of them does not
// shift the others. The generator is sfc32 (Doty-Humphrey's small fast counter, from PractRand), in integers only.

const WARM_UP_ROUNDS = 15;
const TWO_TO_16 = 65_536;
/** Odd constants of four lanes: the fractional bits of square roots, as SHA-256 takes them. */
const LANES = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53b] as const;

export class RandomStream {
  readonly #words = new Int32Array(4);

  /** The substream of this name under a seed of 32 bits. */
  constructor(seed: number, name: string) {
    for (let lane = 0; lane < LANES.length; lane++) this.#words[lane] = mixName(seed, name, LANES[lane] ?? 0);
    for (let round = 0; round < WARM_UP_ROUNDS; round++) this.next();
  }

  /** An unsigned integer of 32 bits. */
  next(): number {
    const words = this.#words;
    const { 0: a = 0, 1: b = 0, 2: c = 0, 3: counter = 0 } = words;
    const drawn = (a + b + counter) | 0;
    words[0] = b ^ (b >>> 9);
    words[1] = (c + (c << 3)) | 0;
    words[2] = (((c << 21) | (c >>> 11)) + drawn) | 0;
    words[3] = (counter + 1) | 0;
    return drawn >>> 0;
  }

  /** An integer from 0 to `bound` − 1, for a bound of at most 2^36. */
  below(bound: number): number {
    return scale(this.next(), bound);
  }

  /** An integer from the first to the second, both included. */
  between([lowest, highest]: readonly [number, number]): number {
    return lowest + this.below(highest - lowest + 1);
  }
}

/**
 * The high part of a product of 32 by at most 36 bits, exactly: what a draw becomes below a bound. No value is likelier
 * than another by more than one in 2^32.
 */
export function scale(drawn: number, bound: number): number {
  const high = drawn >>> 16;
  const low = drawn & 0xffff;
  return Math.floor((high * bound + Math.floor((low * bound) / TWO_TO_16)) / TWO_TO_16);
}

/** Seed and name into 32 bits: one multiplication a character, and MurmurHash3's last mix. */
function mixName(seed: number, name: string, lane: number): number {
  let mixed = mixBits(seed ^ lane);
  for (let index = 0; index < name.length; index++) {
    mixed = Math.imul(mixed ^ name.charCodeAt(index), 0x01000193 ^ (lane & 0xfffe));
    mixed ^= mixed >>> 15;
  }
  return mixBits(mixed ^ name.length);
}

function mixBits(bits: number): number {
  let mixed = bits;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
