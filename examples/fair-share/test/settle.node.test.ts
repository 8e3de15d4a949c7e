/** The payments: they settle everything, and there are never more than needed. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { settle } from "../src/domain/settle.ts";

const seed = 20261120;

function applyPayments(balances: readonly number[]): readonly number[] {
  const left = [...balances];
  for (const { from, to, amountMinor } of settle(balances)) {
    left[from] = (left[from] ?? 0) + amountMinor;
    left[to] = (left[to] ?? 0) - amountMinor;
  }
  return left;
}

describe("settle", () => {
  it("asks for no payment when everyone is even", () => {
    expect(settle([0, 0, 0])).toEqual([]);
    expect(settle([])).toEqual([]);
  });

  it("finds groups that a greedy order would miss", () => {
    // Largest debt to largest credit needs five payments; the groups (5,-1,-4) and (6,-3,-3) need four.
    expect(settle([5, 6, -1, -4, -3, -3])).toHaveLength(4);
  });

  it("brings every balance to zero with fewer payments than people", () => {
    const balances = fc.array(fc.integer({ min: -5000, max: 5000 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(balances, (some) => {
        const all = [...some, -some.reduce((sum, balance) => sum + balance, 0)];
        expect(applyPayments(all).every((balance) => balance === 0)).toBe(true);
        expect(settle(all).length).toBeLessThanOrEqual(Math.max(0, all.filter(Boolean).length - 1));
        expect(settle(all).every((payment) => payment.amountMinor > 0)).toBe(true);
      }),
      { seed },
    );
  });

  it("stays exact at the limit of sixteen people", () => {
    const pairs = Array.from({ length: 8 }, (_, index) => [index + 100, -(index + 100)]).flat();
    expect(settle(pairs)).toHaveLength(8);
  });

  it("rejects balances that do not add up to zero", () => {
    expect(() => settle([1, 2])).toThrow(RangeError);
  });
});
