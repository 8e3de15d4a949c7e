// Substreams (MESH.md M2): integers only, the same everywhere, and one more of them shifts no other.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawSeed } from "../../test/random/seeded-random.ts";
import { webHashing } from "../capsule/web-hashing.ts";
import { makeRun } from "./mesh-fixture.ts";
import { SOUND_DECISIONS } from "./protocol-decisions.ts";
import { RandomStream, scale } from "./random-stream.ts";
import { Simulation } from "./simulation.ts";

const KNOWN = [1_476_468_616, 2_756_622_360, 3_511_873_629, 1_458_476_786];
const SAMPLES = 200_000;
const SEED = fc.integer({ min: 0, max: 4_294_967_295 });
const RUNS = { numRuns: 60 };

describe("[M2] a named substream", () => {
  it("gives the numbers that are written down", () => {
    const stream = new RandomStream(2026, "link node-1>node-2");
    const drawn = Array.from({ length: 4 }, () => stream.next());
    expect(drawn).toEqual(KNOWN);
    expect(new RandomStream(2026, "link node-1>node-2").below(1_000_000)).toBe(
      scale(KNOWN[0] ?? 0, 1_000_000),
    );
  });

  it("is not that of another name or seed", () => {
    const first = (seed: number, name: string) => new RandomStream(seed, name).next();
    const all = [
      first(1, "node node-1"),
      first(1, "node node-2"),
      first(1, "link node-1>node-2"),
      first(1, "link node-2>node-1"),
      first(2, "node node-1"),
      first(0, "node node-1"),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it("spreads its draws evenly, and neighbours are not alike", () => {
    // Chi-square over 256 cells has 255 degrees of freedom: above 350 comes once in 20,000 times. The seeds are fixed.
    for (const name of ["node node-1", "link node-1>node-2", "link node-10>node-9"]) {
      const cells = new Float64Array(256);
      const stream = new RandomStream(7, name);
      for (let sample = 0; sample < SAMPLES; sample++) {
        const cell = stream.below(256);
        cells[cell] = (cells[cell] ?? 0) + 1;
      }
      const expected = SAMPLES / 256;
      const chiSquare = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      expect(chiSquare).toBeLessThan(350);
      expect(chiSquare).toBeGreaterThan(170);
    }
    expect(Math.abs(correlation(7, "link node-1>node-2", "link node-2>node-1"))).toBeLessThan(0.01);
    expect(Math.abs(correlation(7, "node node-1", "node node-2"))).toBeLessThan(0.01);
  });

  it("stays below any bound, and reaches both ends", () => {
    expect(scale(0, 68_719_476_736)).toBe(0);
    expect(scale(4_294_967_295, 68_719_476_736)).toBe(68_719_476_720);
    fc.assert(
      fc.property(SEED, fc.integer({ min: 1, max: 2 ** 36 }), (drawn, bound) => {
        const exact = (BigInt(drawn) * BigInt(bound)) >> 32n;
        expect(scale(drawn, bound)).toBe(Number(exact));
      }),
      { seed: drawSeed("scale"), numRuns: 2_000 },
    );
  });
});

describe("[M2] one more node or link", () => {
  it("changes nothing in what the others draw", () => {
    const property = fc.property(SEED, fc.integer({ min: 2, max: 9 }), (seed, nodes) => {
      const fewer = open(seed, nodes);
      const more = open(seed, nodes + 1);
      for (let from = 0; from < nodes; from++) {
        expect(draw(fewer.nodes[from]?.random)).toEqual(draw(more.nodes[from]?.random));
        for (let to = 0; to < nodes; to++) expect(pass(fewer, from, to)).toEqual(pass(more, from, to));
      }
    });
    fc.assert(property, { ...RUNS, seed: drawSeed("one more node") });
  });

  it("and neither does any use that is made of another link", () => {
    const property = fc.property(SEED, fc.integer({ min: 1, max: 50 }), (seed, packets) => {
      const [idle, busy] = [open(seed, 3), open(seed, 3)];
      for (let packet = 0; packet < packets; packet++) busy.link(0, 1).pass(packet, 100);
      expect(pass(idle, 1, 0)).toEqual(pass(busy, 1, 0));
      expect(pass(idle, 0, 2)).toEqual(pass(busy, 0, 2));
    });
    fc.assert(property, { ...RUNS, seed: drawSeed("another link") });
  });
});

function open(seed: number, nodes: number): Simulation {
  const input = makeRun({ nodes, seeds: [seed], packetLoss: 20, corrupt: 10, jitterMs: 9, duplicate: 10 });
  return new Simulation(input, SOUND_DECISIONS, webHashing.createSha256());
}

function draw(stream: RandomStream | undefined): (number | undefined)[] {
  return Array.from({ length: 20 }, () => stream?.next());
}

function pass(simulation: Simulation, from: number, to: number): unknown[] {
  return Array.from({ length: 20 }, (_, index) => ({ ...simulation.link(from, to).pass(index, 500) }));
}

function correlation(seed: number, one: string, other: string): number {
  const [left, right] = [new RandomStream(seed, one), new RandomStream(seed, other)];
  let sum = 0;
  for (let sample = 0; sample < SAMPLES; sample++) {
    sum += (left.next() / 2 ** 32 - 0.5) * (right.next() / 2 ** 32 - 0.5);
  }
  return (12 * sum) / SAMPLES;
}
