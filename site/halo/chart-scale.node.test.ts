import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { linearScale, niceTicks, shortNumber } from "./chart-scale.ts";
import { HEAT_STEP_COUNT, heatStep } from "./heat-step.ts";

describe("ticks", () => {
  test.each([
    [0, 100, [0, 25, 50, 75, 100]],
    [0, 0.3, [0, 0.1, 0.2, 0.3]],
    [0, 178, [0, 50, 100, 150, 200]],
    [5, 5, [5, 6.25, 7.5, 8.75, 10]],
  ])("of %d to %d are round", (min, max, ticks) => {
    const found = niceTicks(min, max, 5);
    expect(found[0]).toBeLessThanOrEqual(min);
    expect(found.at(-1)).toBeGreaterThanOrEqual(max);
    if (min !== max) expect(found).toEqual(ticks);
  });

  test("lie around every value, rise, and are not many", () => {
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)];
        const ticks = niceTicks(min, max, 5);
        const slack = (ticks[1] ?? 0) - (ticks[0] ?? 0);
        expect(ticks[0]).toBeLessThanOrEqual(min + slack / 100);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(max - slack / 100);
        expect(ticks.length).toBeLessThanOrEqual(12);
        expect(ticks).toEqual([...ticks].sort((one, other) => one - other));
      }),
    );
  });

  test("of no values are there all the same", () => {
    expect(niceTicks(0, Number.NEGATIVE_INFINITY, 5)).toEqual([0, 1]);
  });
});

test("a scale puts its ends where they belong, and a single value in the middle", () => {
  const scale = linearScale(10, 20, 0, 100);
  expect([scale(10), scale(15), scale(20)]).toEqual([0, 50, 100]);
  expect(linearScale(3, 3, 0, 100)(3)).toBe(50);
});

test.each([
  [0.25, "0.25"],
  [1_234, "1,234"],
  [12_345, "12.35K"],
  [1_500_000, "1.5M"],
])("%d is told as %s", (value, told) => {
  expect(shortNumber(value)).toBe(told);
});

describe("heat", () => {
  test.each([
    [null, 0],
    [0, 1],
    [9.99, 1],
    [10, 2],
    [59.9, 6],
    [60, 6],
    [99, 6],
    [-1, 1],
  ])("%s of 0 to 60 is step %i", (value, step) => {
    expect(heatStep(value, 0, 60)).toBe(step);
  });

  test("values that are all alike are cool", () => {
    expect(heatStep(5, 5, 5)).toBe(1);
    expect(HEAT_STEP_COUNT).toBe(6);
  });
});
