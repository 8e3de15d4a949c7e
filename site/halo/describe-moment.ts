// How far off a moment is, in words.

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Further off, a date says more than a distance. */
const DISTANCE_MS_MAX = 30 * DAY_MS;

const UNITS = [
  ["day", DAY_MS],
  ["hour", HOUR_MS],
  ["minute", MINUTE_MS],
] as const;

const distance = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const date = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

/** "just now", "3 minutes ago", "in 2 hours", "yesterday"; a date beyond 30 days. Both in milliseconds. */
export function describeMoment(ts: number, nowMs: number): string {
  const offMs = ts - nowMs;
  if (Math.abs(offMs) > DISTANCE_MS_MAX) return date.format(ts);
  for (const [unit, unitMs] of UNITS) {
    if (Math.abs(offMs) >= unitMs) return distance.format(Math.trunc(offMs / unitMs), unit);
  }
  return "just now";
}
