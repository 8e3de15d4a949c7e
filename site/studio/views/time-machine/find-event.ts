// Binary searches in the history: no frame walks through all of it to know what is in view.
import type { TimelineModel } from "./timeline-model.ts";
import type { Axis, Viewport } from "./viewport.ts";

/** The index of the first event at or after the position. */
export function firstIndexFrom(model: TimelineModel, axis: Axis, position: number): number {
  if (axis === "even") {
    return Math.min(Math.max(Math.ceil(position) - model.firstSeq, 0), model.count);
  }
  let low = 0;
  let high = model.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((model.times[middle] ?? 0) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The indexes of the events in view, as `[from, to)`. */
export function visibleRange(
  model: TimelineModel,
  axis: Axis,
  { start, end }: Viewport,
): readonly [from: number, to: number] {
  return [firstIndexFrom(model, axis, start), firstIndexFrom(model, axis, end)];
}

/** The seq whose position is nearest; of several at one place the last. */
export function nearestSeq(model: TimelineModel, axis: Axis, position: number): number {
  const after = firstIndexFrom(model, axis, position);
  if (after <= 0) return model.firstSeq;
  if (after >= model.count) return model.lastSeq;
  if (axis === "even") return model.firstSeq + Math.round(position - model.firstSeq);
  const before = after - 1;
  const isBefore = position - (model.times[before] ?? 0) <= (model.times[after] ?? 0) - position;
  return model.firstSeq + (isBefore ? before : after);
}
