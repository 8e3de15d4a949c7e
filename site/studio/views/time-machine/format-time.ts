// Times as the timeline writes them: as much as tells neighbours apart.

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const dayAndTime = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const timeOfDay = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const whole = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

/** For an axis whose labels span so much time. */
export function formatTick(ts: number, spanMs: number): string {
  if (spanMs < DAY_MS / 2) return timeOfDay.format(ts);
  return spanMs < WEEK_MS ? dayAndTime.format(ts) : day.format(ts);
}

export function formatMoment(ts: number): string {
  return whole.format(ts);
}

export function formatTimeOfDay(ts: number): string {
  return timeOfDay.format(ts);
}
