/** Rounding adds up, amounts are read as people write them, and conversion is exact. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocate } from "../src/domain/allocate.ts";
import { changeMainCurrency } from "../src/domain/change-currencies.ts";
import { exampleTrip } from "../src/domain/example-trip.ts";
import { convertMinor, parseRate } from "../src/domain/exchange-rate.ts";
import { parseAmount } from "../src/domain/parse-amount.ts";
import { summarize } from "../src/domain/summarize.ts";

const seed = 20261120;

describe("allocate", () => {
  it("adds up to the total, each share within one unit of its ideal", () => {
    const weights = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 16 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000_000 }), weights, (total, some) => {
        fc.pre(some.some((weight) => weight > 0));
        const weightSum = some.reduce((sum, weight) => sum + weight, 0);
        const shares = allocate(total, some);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total);
        shares.forEach((share, index) => {
          const ideal = (total * (some[index] ?? 0)) / weightSum;
          expect(Math.abs(share - ideal)).toBeLessThanOrEqual(1.001);
        });
      }),
      { seed },
    );
  });

  it("gives nothing to a weight of zero and lets equal remainders take turns", () => {
    expect(allocate(100, [1, 0, 1])).toEqual([50, 0, 50]);
    expect(allocate(1000, [1, 1, 1])).toEqual([333, 334, 333]);
    expect(allocate(1001, [1, 1, 1])).toEqual([334, 333, 334]);
  });
});

describe("parseAmount", () => {
  it.each([
    ["12.5", ".", 1250],
    ["12,50", ".", 1250],
    ["1,234", ".", 123400],
    ["1.234", ",", 123400],
    ["1.234,50", ",", 123450],
    ["1'234.50", ".", 123450],
    ["1 234,5", ",", 123450],
    [".5", ".", 50],
  ] as const)("reads %s with decimal mark %s", (text, mark, amountMinor) => {
    expect(parseAmount(text, "EUR", mark)).toEqual({ ok: true, value: amountMinor });
  });

  it.each(["", "-5", "1e9", "12.345", "abc", "1,2,3", "1.234", ".", "١٢"])(
    "refuses %s in English",
    (text) => {
      expect(parseAmount(text, "EUR", ".").ok).toBe(false);
    },
  );

  it("knows currencies without and with three decimals", () => {
    expect(parseAmount("1200", "JPY", ".")).toEqual({ ok: true, value: 1200 });
    expect(parseAmount("12.5", "JPY", ".").ok).toBe(false);
    expect(parseAmount("1.234", "KWD", ".")).toEqual({ ok: true, value: 1234 });
  });
});

describe("currencies", () => {
  it("converts between different numbers of decimals", () => {
    expect(convertMinor(1000, "0.0061", "JPY", "EUR")).toBe(610);
    expect(convertMinor(1, "0.5", "USD", "EUR")).toBe(1);
  });

  it("refuses a rate of zero and keeps the rest as typed", () => {
    expect(parseRate("0.000").ok).toBe(false);
    expect(parseRate("0,920")).toEqual({ ok: true, value: "0.92" });
  });

  it("balances add up to zero before and after the main currency changes", () => {
    const book = exampleTrip("en");
    const changed = changeMainCurrency(book, "CHF");
    expect(changed.ok).toBe(true);
    for (const some of changed.ok ? [book, changed.value] : [book]) {
      expect(summarize(some).balances.reduce((sum, entry) => sum + entry.balanceMinor, 0)).toBe(0);
    }
  });
});
