// Links do what their parameters say (MESH.md §2): statistics over large samples with fixed seeds. Tolerances are at least
// four standard errors, so that only a defect fails them. In Node only: expected-hashes.test.ts shows that the others agree.
import { describe, expect, it } from "vitest";
import { Link, type LinkParameters, type Passage } from "./link.ts";
import { makeParameters } from "./mesh-fixture.ts";

const PACKETS = 200_000;
const MILLISECOND = 1_000;
/** Far enough apart that no packet waits for another. */
const EVERY = 1_000_000;

describe("[M2] latency", () => {
  it("uniform: mean, deviation and quantiles", () => {
    const values = latencies({ distribution: "uniform", latencyMs: [50, 150] });
    expect(mean(values)).toBeCloseTo(100, 0);
    expect(deviation(values)).toBeCloseTo(100 / Math.sqrt(12), 0);
    for (const percent of [1, 10, 50, 90, 99])
      expect(Math.abs(quantile(values, percent) - (50 + percent))).toBeLessThan(0.5);
  });

  it("normal: mean, deviation and quantiles of a bell cut at three deviations", () => {
    const values = latencies({ distribution: "normal", latencyMs: [40, 100] });
    expect(mean(values)).toBeCloseTo(70, 0);
    // A bell cut at ±3 has 0.9866 of its deviation, which is a sixth of the range.
    expect(Math.abs(deviation(values) - 9.866)).toBeLessThan(0.1);
    for (const [percent, expected] of [
      [2.275, 50],
      [15.87, 60],
      [50, 70],
      [84.13, 80],
      [97.725, 90],
    ] as const)
      expect(Math.abs(quantile(values, percent) - expected)).toBeLessThan(0.4);
    expect([Math.min(...values.slice(0, 50_000)) >= 40, Math.max(...values.slice(0, 50_000)) <= 100]).toEqual(
      [true, true],
    );
  });

  it("pareto: most packets near the minimum, a heavy tail up to the maximum", () => {
    const values = latencies({ distribution: "pareto", latencyMs: [20, 170] });
    // Bounded Pareto of shape 3/2 on [1, 16]: the mean is 16/7, so the excess is 9/7 of 15.
    expect(Math.abs(mean(values) - (20 + (150 * 9) / 7 / 15))).toBeLessThan(0.4);
    for (const percent of [10, 50, 90, 99]) {
      const expected = 20 + 10 * ((1 - (percent / 100) * (63 / 64)) ** (-2 / 3) - 1);
      expect(Math.abs(quantile(values, percent) / expected - 1)).toBeLessThan(0.05);
    }
  });

  it("jitter: even, to both sides, and never before the packet was sent", () => {
    const values = latencies({ latencyMs: [50, 50], jitterMs: 20 });
    expect(mean(values)).toBeCloseTo(50, 0);
    expect(deviation(values)).toBeCloseTo(40 / Math.sqrt(12), 0);
    expect([quantile(values, 0) >= 30, quantile(values, 100) <= 70]).toEqual([true, true]);
    expect(quantile(latencies({ latencyMs: [5, 5], jitterMs: 20 }), 0)).toBe(0);
  });
});

describe("[M2] loss", () => {
  it.each([0, 0.5, 5, 40, 100])("random: %d percent, each packet for itself", (packetLoss) => {
    const fates = pass({ packetLoss }).map(({ fate }) => fate === "lost");
    expect(Math.abs(shareOf(fates) - packetLoss)).toBeLessThan(0.5);
    if (packetLoss > 0 && packetLoss < 100)
      expect(Math.abs(meanBurst(fates) - 1 / (1 - packetLoss / 100))).toBeLessThan(0.1);
  });

  it.each([0, 0.5, 5, 40, 100])("gilbert-elliott: %d percent, in bursts of five", (packetLoss) => {
    const fates = pass({ packetLoss, loss: "gilbert-elliott" }).map(({ fate }) => fate === "lost");
    // Bursts make the samples dependent: nine times the variance.
    expect(Math.abs(shareOf(fates) - packetLoss)).toBeLessThan(1.5);
    if (packetLoss > 0 && packetLoss < 100) expect(Math.abs(meanBurst(fates) - 5)).toBeLessThan(0.6);
  });

  it("gilbert-elliott: beyond five in six the bursts are longer, and the share is kept", () => {
    const fates = pass({ packetLoss: 95, loss: "gilbert-elliott" }).map(({ fate }) => fate === "lost");
    expect(Math.abs(shareOf(fates) - 95)).toBeLessThan(0.5);
    expect(Math.abs(meanBurst(fates) - 19)).toBeLessThan(1);
  });
});

describe("[M2] what else befalls a packet", () => {
  it.each([0, 3, 50, 100])("duplicate: %d percent of those that get through come twice", (duplicate) => {
    const passages = pass({ duplicate, packetLoss: 20 });
    const through = passages.filter(({ fate }) => fate === "sent");
    expect(Math.abs(shareOf(through.map(({ copyArrives }) => copyArrives >= 0)) - duplicate)).toBeLessThan(
      0.6,
    );
    expect(passages.some(({ fate, copyArrives }) => fate === "lost" && copyArrives >= 0)).toBe(false);
  });

  it.each([0, 3, 50, 100])(
    "reorder: %d percent are held back by a longest latency, and overtaken",
    (reorder) => {
      const values = latencies({ reorder, latencyMs: [10, 20] });
      const heldBack = Array.from(values, (value) => value > 20);
      expect(Math.abs(shareOf(heldBack) - reorder)).toBeLessThan(0.6);
      expect(values.every((value) => value <= 40 && value >= 10)).toBe(true);
      const close = pass({ reorder, latencyMs: [10, 10] }, MILLISECOND).map(({ arrives }) => arrives);
      const overtaken = close.map((arrives, index) => arrives > (close[index + 1] ?? arrives));
      const expected = reorder - (reorder * reorder) / 100;
      expect(Math.abs(shareOf(overtaken) - expected)).toBeLessThan(0.6);
    },
  );

  it.each([0, 3, 50, 100])(
    "corrupt: %d percent, of which one in sixteen passes the frame's checksum",
    (corrupt) => {
      const passages = pass({ corrupt });
      expect(Math.abs(shareOf(passages.map(({ isCorrupt }) => isCorrupt)) - corrupt)).toBeLessThan(0.6);
      const slipped = passages.filter(({ isCorrupt, isFrameBroken }) => isCorrupt && !isFrameBroken);
      expect(Math.abs((slipped.length / PACKETS) * 100 - corrupt / 16)).toBeLessThan(0.3);
      expect(passages.some(({ isCorrupt, isFrameBroken }) => !isCorrupt && isFrameBroken)).toBe(false);
    },
  );

  it("rateKbps: packets follow each other at the rate, and what would wait too long is dropped", () => {
    const link = open({ rateKbps: 1_000, latencyMs: [10, 10] });
    // 1,000 bytes at 1,000 kbit/s take 8 ms.
    const arrivals = Array.from({ length: 5 }, () => link.pass(0, 1_000).arrives);
    expect(arrivals).toEqual([18_000, 26_000, 34_000, 42_000, 50_000]);
    expect(link.pass(1_000_000, 1_000).arrives).toBe(1_018_000);
    const fates = Array.from({ length: 2_000 }, () => link.pass(2_000_000, 1_000).fate);
    // Ten seconds of waiting hold 1,250 packets behind the first.
    expect(fates.indexOf("full")).toBe(1_251);
    expect(new Set(fates.slice(1_251))).toEqual(new Set(["full"]));
  });

  it("changing one share changes nothing in what the others decide", () => {
    const plain = pass({ packetLoss: 10, corrupt: 10 });
    const more = pass({ packetLoss: 10, corrupt: 10, duplicate: 50, reorder: 0, jitterMs: 0 });
    expect(more.map(({ fate, isCorrupt, arrives }) => ({ fate, isCorrupt, arrives }))).toEqual(
      plain.map(({ fate, isCorrupt, arrives }) => ({ fate, isCorrupt, arrives })),
    );
  });
});

function open(some: Partial<LinkParameters>): Link {
  return new Link(42, "link node-1>node-2", makeParameters({ latencyMs: [10, 20], ...some }));
}

function pass(some: Partial<LinkParameters>, every = EVERY): Passage[] {
  const link = open(some);
  return Array.from({ length: PACKETS }, (_, index) => ({ ...link.pass(index * every, 100) }));
}

/** In milliseconds. */
function latencies(some: Partial<LinkParameters>): Float64Array {
  return Float64Array.from(pass(some), ({ arrives }, index) => (arrives - index * EVERY) / MILLISECOND);
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: Float64Array): number {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / values.length);
}

function quantile(values: Float64Array, percent: number): number {
  const sorted = values.toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0;
}

function shareOf(facts: ArrayLike<boolean>): number {
  return (Array.from(facts).filter(Boolean).length * 100) / facts.length;
}

/** How many packets are lost one after another, on average. */
function meanBurst(fates: readonly boolean[]): number {
  const bursts = fates.filter((isLost, index) => isLost && fates[index - 1] !== true).length;
  return fates.filter(Boolean).length / bursts;
}
