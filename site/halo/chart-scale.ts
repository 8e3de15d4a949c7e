// From values to places on a chart, and the round numbers beside its axes.

/** 1, 2, 2.5 or 5, and ten times as much. */
const ROUND_STEPS = [1, 2, 2.5, 5, 10];
/** Values that are closer than this part of their size are the same for an eye, and for floating point soon. */
const CLOSE = 1e-9;

/** Round values from at or below `min` to at or above `max`, about `count` of them. */
export function niceTicks(min: number, max: number, count: number): number[] {
  if (!Number.isFinite(min) || !Number.isFinite(max)) return [0, 1];
  const size = Math.max(Math.abs(min), Math.abs(max));
  const isOne = max - min <= Math.max(size, 1) * CLOSE;
  const span = !isOne ? max - min : size > CLOSE ? size : 1;
  const rough = span / Math.max(1, count - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (ROUND_STEPS.find((round) => round * power >= rough) ?? 10) * power;
  const first = Math.floor(min / step);
  const last = Math.max(first + 1, Math.ceil(max / step));
  // Multiplied out and rounded, so that 0.1 + 0.2 stays 0.3.
  const digits = Math.max(0, 2 - Math.floor(Math.log10(step)));
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toFixed(digits)),
  );
}

/** Puts `[from, to]` onto `[start, end]`; the middle when there is only one value. */
export function linearScale(from: number, to: number, start: number, end: number): (value: number) => number {
  if (from === to) return () => (start + end) / 2;
  return (value) => start + ((value - from) / (to - from)) * (end - start);
}

/** A number in a few digits: 1,234 · 0.25 · 12k. */
export function shortNumber(value: number): string {
  return new Intl.NumberFormat("en", {
    notation: Math.abs(value) >= 10_000 ? "compact" : "standard",
    maximumSignificantDigits: 4,
  }).format(value);
}
