// The axis below the rows: where a time is written, and which.
import { firstIndexFrom } from "./find-event.ts";
import type { TimelineModel } from "./timeline-model.ts";
import type { Axis, Viewport } from "./viewport.ts";

export type Tick = { readonly position: number; readonly ts: number };

const TICK_GAP_PX = 110;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Steps that people count time in. */
const CLOCK_STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 30, 90, 180, 365].map((count) => count * DAY),
];

/** Ticks at least TICK_GAP_PX apart: round times on the clock, round numbers of events on the even axis. */
export function timeTicks(model: TimelineModel, axis: Axis, viewport: Viewport, widthPx: number): Tick[] {
  if (model.count === 0 || widthPx <= 0) return [];
  const span = viewport.end - viewport.start;
  const wanted = (span * TICK_GAP_PX) / widthPx;
  const step = axis === "clock" ? clockStep(wanted) : Math.max(1, roundStep(wanted));
  // Round by the clock on the wall, which is not UTC's.
  const shift = axis === "clock" ? new Date(viewport.end).getTimezoneOffset() * MINUTE : 0;
  const ticks: Tick[] = [];
  const first = Math.ceil((viewport.start - shift) / step) * step + shift;
  for (let position = first; position <= viewport.end; position += step) {
    const index = firstIndexFrom(model, axis, position);
    if (axis === "clock") ticks.push({ position, ts: position });
    else if (position >= model.firstSeq && index < model.count) {
      ticks.push({ position, ts: model.times[index] ?? 0 });
    }
  }
  return ticks;
}

function clockStep(wanted: number): number {
  const known = CLOCK_STEPS.find((step) => step >= wanted);
  return known ?? Math.ceil(wanted / (365 * DAY)) * 365 * DAY;
}

function roundStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(wanted, 1)));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= wanted) ?? 10;
  return step * power;
}
