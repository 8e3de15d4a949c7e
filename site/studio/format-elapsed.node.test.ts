import { expect, test } from "vitest";
import { formatElapsed } from "./format-elapsed.ts";

test.each([
  [840, "840 ms"],
  [4_240, "4.2 s"],
  [59_999, "59 s"],
  [65_000, "1 min 5 s"],
  [7_800_000, "2 h 10 min"],
])("%i ms are said as %s", (elapsedMs, text) => {
  expect(formatElapsed(elapsedMs)).toBe(text);
});
