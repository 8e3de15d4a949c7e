// What part of the history is in view. An axis gives each event a position; the viewport is a stretch of positions.
import type { TimelineModel } from "./timeline-model.ts";

/** `even`: each event is one step wide. `clock`: as wide as the time between them. */
export type Axis = "even" | "clock";

export type Viewport = { readonly start: number; readonly end: number };

/** So few steps, or milliseconds, fill the whole width when zoomed in all the way. */
const MIN_SPAN = { even: 8, clock: 1_000 } as const;
/** Beyond both ends, as a share of what is in view: the last event does not stick to the edge. */
const MARGIN_SHARE = 0.04;

export function positionOf(model: TimelineModel, axis: Axis, seq: number): number {
  if (axis === "even") return seq;
  const index = Math.min(Math.max(seq - model.firstSeq, 0), model.count - 1);
  return model.times[index] ?? 0;
}

/** All of the history. */
export function wholeViewport(model: TimelineModel, axis: Axis): Viewport {
  const start = positionOf(model, axis, model.firstSeq);
  const end = positionOf(model, axis, model.lastSeq);
  const span = Math.max(end - start, MIN_SPAN[axis]);
  const margin = span * MARGIN_SHARE;
  return { start: end - span - margin, end: end + margin };
}

/** Moved by so many positions, and never away from the history. */
export function panBy(viewport: Viewport, by: number, whole: Viewport): Viewport {
  return clampViewport({ start: viewport.start + by, end: viewport.end + by }, whole);
}

/** Nearer (factor below 1) or farther, with `anchor` staying where it is on the screen. */
export function zoomBy(
  viewport: Viewport,
  factor: number,
  anchor: number,
  limits: { readonly whole: Viewport; readonly axis: Axis },
): Viewport {
  const { whole, axis } = limits;
  const span = viewport.end - viewport.start;
  const wanted = Math.min(Math.max(span * factor, MIN_SPAN[axis]), whole.end - whole.start);
  const share = (anchor - viewport.start) / span;
  const start = anchor - share * wanted;
  return clampViewport({ start, end: start + wanted }, whole);
}

/** The same stretch, inside of the whole. */
export function clampViewport({ start, end }: Viewport, whole: Viewport): Viewport {
  const span = Math.min(end - start, whole.end - whole.start);
  const from = Math.min(Math.max(start, whole.start), whole.end - span);
  return { start: from, end: from + span };
}

/** Whether the newest event is in view: then what comes next is followed. */
export function isAtLiveEdge(viewport: Viewport, whole: Viewport): boolean {
  return viewport.end >= whole.end - (whole.end - whole.start) * 1e-9;
}

/** Moves as little as it takes to have the position in view. */
export function reveal(viewport: Viewport, position: number, whole: Viewport): Viewport {
  const margin = (viewport.end - viewport.start) * MARGIN_SHARE;
  if (position < viewport.start + margin) return panBy(viewport, position - viewport.start - margin, whole);
  if (position > viewport.end - margin) return panBy(viewport, position - viewport.end + margin, whole);
  return viewport;
}
