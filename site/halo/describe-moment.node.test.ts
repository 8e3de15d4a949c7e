import { expect, test } from "vitest";
import { describeMoment } from "./describe-moment.ts";

const NOW = Date.UTC(2026, 9, 5, 12);

test.each([
  [0, "just now"],
  [-59_999, "just now"],
  [-60_000, "1 minute ago"],
  [-3_599_000, "59 minutes ago"],
  [-3_600_000, "1 hour ago"],
  [7_200_000, "in 2 hours"],
  [-86_400_000, "yesterday"],
  [-5 * 86_400_000, "5 days ago"],
  [-31 * 86_400_000, "4 Sept 2026"],
])("%i ms off is %s", (offMs, said) => {
  expect(describeMoment(NOW + offMs, NOW)).toBe(said);
});
