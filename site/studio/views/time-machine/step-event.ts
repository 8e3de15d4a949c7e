// From one event to another by keys: only those that the filter shows are stops.
import type { TimelineModel } from "./timeline-model.ts";

const STEP_KEYS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
};

/** Where a key leads from an event; where nothing is further on, as far as it goes. Null for other keys. */
export function stepByKey(
  key: string,
  from: number,
  model: TimelineModel,
  shown: Uint8Array | null,
): number | null {
  if (key === "Home") return walk(model.firstSeq - 1, 1, model, shown) ?? from;
  if (key === "End") return walk(model.lastSeq + 1, -1, model, shown) ?? from;
  const by = STEP_KEYS[key];
  return by === undefined ? null : (walk(from, by, model, shown) ?? from);
}

function walk(from: number, by: number, model: TimelineModel, shown: Uint8Array | null): number | null {
  const direction = Math.sign(by);
  let left = Math.abs(by);
  let found: number | null = null;
  for (let seq = from + direction; seq >= model.firstSeq && seq <= model.lastSeq; seq += direction) {
    if (shown !== null && shown[seq - model.firstSeq] !== 1) continue;
    found = seq;
    left -= 1;
    if (left === 0) break;
  }
  return found;
}
