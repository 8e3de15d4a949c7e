// The tables are what they say (MESH.md M2): held against quantiles that are computed in another way.
import { describe, expect, it } from "vitest";
import { drawLatency, TABLE_INTERVALS, TABLE_ONE } from "./draw-latency.ts";
import { NORMAL_TABLE } from "./normal-table.ts";
import { PARETO_TABLE } from "./pareto-table.ts";

const LARGEST_DRAW = 4_294_967_295;

describe("[M2] the tables of quantiles", () => {
  it.each([
    ["normal", NORMAL_TABLE, normalQuantile],
    ["pareto", PARETO_TABLE, paretoQuantile],
  ] as const)(
    "%s: each value is right to one unit, from 0 to one, and none falls",
    (_name, table, quantile) => {
      expect(table).toHaveLength(TABLE_INTERVALS + 1);
      expect([table[0], table.at(-1)]).toEqual([0, TABLE_ONE]);
      table.forEach((value, index) => {
        expect(Number.isInteger(value)).toBe(true);
        expect(Math.abs(value - quantile(index / TABLE_INTERVALS) * TABLE_ONE)).toBeLessThan(1);
        expect(value).toBeGreaterThanOrEqual(table[index - 1] ?? 0);
      });
    },
  );

  it.each(["uniform", "normal", "pareto"] as const)(
    "%s: a latency lies between its bounds, both reached",
    (distribution) => {
      expect(drawLatency(distribution, 50_000, 150_000, 0)).toBe(50_000);
      expect(drawLatency(distribution, 50_000, 150_000, LARGEST_DRAW)).toBeGreaterThanOrEqual(149_999);
      expect(drawLatency(distribution, 50_000, 150_000, LARGEST_DRAW)).toBeLessThanOrEqual(150_000);
      expect(drawLatency(distribution, 70, 70, 123_456_789)).toBe(70);
      expect(drawLatency(distribution, 0, 10_000_000, LARGEST_DRAW)).toBeLessThanOrEqual(10_000_000);
    },
  );
});

/** By bisection of the error function as Simpson's rule integrates it. */
function normalQuantile(share: number): number {
  const half = areaToZero(3);
  let [low, high] = [-3, 3];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    const area = (areaToZero(middle) + half) / (2 * half);
    if (area < share) low = middle;
    else high = middle;
  }
  return ((low + high) / 2 + 3) / 6;
}

function areaToZero(x: number): number {
  const steps = 200;
  const width = x / steps;
  let sum = 1 + Math.exp((-x * x) / 2);
  for (let step = 1; step < steps; step++)
    sum += (step % 2 === 0 ? 2 : 4) * Math.exp(-((step * width) ** 2) / 2);
  return (sum * width) / 3;
}

/** In closed form. */
function paretoQuantile(share: number): number {
  return ((1 - (share * 63) / 64) ** (-2 / 3) - 1) / 15;
}
