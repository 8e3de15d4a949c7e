// The bucket's laws, with a clock that is told.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseQuotaPolicies, QUOTA_NAMES } from "./quota-policies.ts";
import { type QuotaState, takeQuota } from "./take-quota.ts";

const START = 1_790_000_000_000;
const policy = { limit: 7, windowSeconds: 60 };

function takeMany(count: number, now: number, state: QuotaState | null = null) {
  const taken = [];
  let before = state;
  for (let index = 0; index < count; index++) {
    const { verdict, state: after } = takeQuota(policy, before, now);
    taken.push(verdict);
    before = after;
  }
  return { taken, state: before };
}

describe("a quota", () => {
  test("takes its limit at once and refuses the next, saying when it takes one again", () => {
    const { taken } = takeMany(8, START);
    expect(taken.map(({ isAllowed }) => isAllowed)).toEqual([
      true,
      true,
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(taken.map(({ remaining }) => remaining)).toEqual([6, 5, 4, 3, 2, 1, 0, 0]);
    expect(taken[7]).toEqual({ isAllowed: false, remaining: 0, resetSeconds: 60, retryAfterSeconds: 9 });
  });

  test("takes one more in the very millisecond it named, and none before", () => {
    const { state } = takeMany(7, START);
    const waitMs = Math.ceil(60_000 / 7);
    expect(takeQuota(policy, state, START + waitMs - 1).verdict.isAllowed).toBe(false);
    expect(takeQuota(policy, state, START + waitMs).verdict.isAllowed).toBe(true);
  });

  test("is whole again after its window, whatever was asked meanwhile and refused", () => {
    const { state } = takeMany(50, START);
    expect(takeMany(8, START + 60_000, state).taken.filter(({ isAllowed }) => isAllowed)).toHaveLength(7);
  });

  test("gives nothing back when the clock goes backwards", () => {
    const { state } = takeMany(7, START);
    expect(takeQuota(policy, state, START - 3_600_000).verdict.isAllowed).toBe(false);
  });

  test("never takes more than its limit and what ran out meanwhile, at any times", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 1, max: 86_400 }),
        fc.array(fc.integer({ min: 0, max: 90_000_000 }), { maxLength: 60 }),
        (limit, windowSeconds, steps) => {
          let state: QuotaState | null = null;
          let now = START;
          let count = 0;
          for (const step of steps) {
            now += step;
            const { verdict, state: after } = takeQuota({ limit, windowSeconds }, state, now);
            expect(Number.isSafeInteger(after.level)).toBe(true);
            if (verdict.isAllowed) count += 1;
            else expect(verdict.retryAfterSeconds).toBeGreaterThan(0);
            state = after;
          }
          expect(count).toBeLessThanOrEqual(limit + ((now - START) * limit) / (windowSeconds * 1_000));
        },
      ),
    );
  });
});

describe("the variable", () => {
  test("changes what it names and leaves the rest", () => {
    const given = parseQuotaPolicies(" deploys=3/3600 ,uploads=10/60");
    const defaults = parseQuotaPolicies("");
    if (!given.ok || !defaults.ok) throw new Error("both are valid");
    expect(given.value.deploys).toEqual({ name: "deploys", limit: 3, windowSeconds: 3_600 });
    expect(given.value.uploads).toEqual({ name: "uploads", limit: 10, windowSeconds: 60 });
    expect(given.value.merges).toEqual(defaults.value.merges);
    expect(Object.keys(defaults.value)).toEqual(QUOTA_NAMES);
  });

  test.each([
    "deploys=0/60",
    "deploys=1/0",
    "deploys=1000001/60",
    "deploys=1/86401",
    "nothing=1/1",
    "deploys",
    "deploys=-1/60",
  ])("%s is refused by name", (entry) => {
    const parsed = parseQuotaPolicies(`merges=1/1,${entry}`);
    expect(parsed.ok ? "" : parsed.reason).toContain(entry);
  });
});
