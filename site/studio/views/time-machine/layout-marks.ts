// What stands where in one frame: events that would stand in each other become one counted mark.
import type { Rows } from "./arrange-rows.ts";
import { visibleRange } from "./find-event.ts";
import type { TimelineModel } from "./timeline-model.ts";
import type { Axis, Viewport } from "./viewport.ts";

/** Marks of one row stand at least so far apart. */
export const MARK_COLUMN_PX = 26;
const MAX_MARKS = 16_384;
const NOTHING = -1;

/** The marks of a frame, column by column in memory that every frame uses again. */
export class MarkBuffer {
  count = 0;
  readonly x = new Float32Array(MAX_MARKS);
  readonly row = new Uint8Array(MAX_MARKS);
  readonly shape = new Uint8Array(MAX_MARKS);
  readonly tone = new Uint8Array(MAX_MARKS);
  readonly size = new Uint32Array(MAX_MARKS);
  /** The first and the last event of the mark. */
  readonly firstSeq = new Uint32Array(MAX_MARKS);
  readonly lastSeq = new Uint32Array(MAX_MARKS);
  /** By row while it is laid out: its last mark, and the column that the mark stands in. */
  readonly openMark = new Int32Array(256);
  readonly openColumn = new Float64Array(256);
}

export type Frame = {
  readonly axis: Axis;
  readonly viewport: Viewport;
  readonly widthPx: number;
  readonly rows: Rows;
  /** By event, 1 where it is to be seen; null when all are. */
  readonly shown: Uint8Array | null;
};

/**
 * Lays the visible events out. The columns are fixed to the history and not to the screen, so that a mark keeps its
 * events while one pans.
 */
export function layoutMarks(model: TimelineModel, frame: Frame, marks: MarkBuffer): void {
  const { axis, viewport, widthPx, rows, shown } = frame;
  const pxPerPosition = widthPx / (viewport.end - viewport.start);
  const columnWidth = MARK_COLUMN_PX / pxPerPosition;
  // One column to either side, so that a mark at the edge holds all of its events.
  const wide = { start: viewport.start - columnWidth, end: viewport.end + columnWidth };
  const [from, to] = visibleRange(model, axis, wide);
  marks.count = 0;
  marks.openMark.fill(NOTHING);
  for (let index = from; index < to; index++) {
    if (shown !== null && shown[index] !== 1) continue;
    const position = axis === "even" ? model.firstSeq + index : (model.times[index] ?? 0);
    const row = rows.rowOf[model.lanes[index] ?? 0] ?? 0;
    const column = Math.floor(position / columnWidth);
    const middle = ((column + 0.5) * columnWidth - viewport.start) * pxPerPosition;
    const open = marks.openMark[row] ?? NOTHING;
    if (open !== NOTHING && marks.openColumn[row] === column) addToMark(marks, open, model, index, middle);
    else if (marks.count < MAX_MARKS) {
      const x = (position - viewport.start) * pxPerPosition;
      // Steps as wide as a column cannot meet; else a mark keeps away from those in the columns beside its own.
      const isFree = axis === "even" && pxPerPosition >= MARK_COLUMN_PX;
      openMark(marks, { row, column, x: isFree ? x : nearMiddle(x, middle) }, model, index);
    }
  }
}

function openMark(
  marks: MarkBuffer,
  { row, column, x }: { readonly row: number; readonly column: number; readonly x: number },
  model: TimelineModel,
  index: number,
): void {
  const mark = marks.count++;
  marks.openMark[row] = mark;
  marks.openColumn[row] = column;
  marks.x[mark] = x;
  marks.row[mark] = row;
  marks.shape[mark] = model.shapes[index] ?? 0;
  marks.tone[mark] = model.tones[index] ?? 0;
  marks.size[mark] = 1;
  marks.firstSeq[mark] = model.firstSeq + index;
  marks.lastSeq[mark] = model.firstSeq + index;
}

function nearMiddle(x: number, middle: number): number {
  return Math.min(Math.max(x, middle - MARK_COLUMN_PX / 4), middle + MARK_COLUMN_PX / 4);
}

function addToMark(
  marks: MarkBuffer,
  mark: number,
  model: TimelineModel,
  index: number,
  middle: number,
): void {
  marks.size[mark] = (marks.size[mark] ?? 0) + 1;
  marks.lastSeq[mark] = model.firstSeq + index;
  marks.x[mark] = middle;
  marks.tone[mark] = Math.max(marks.tone[mark] ?? 0, model.tones[index] ?? 0);
  if (marks.shape[mark] !== model.shapes[index]) marks.shape[mark] = 0;
}

/** The mark under a point; null where none is. */
export function markAt(
  marks: MarkBuffer,
  x: number,
  row: number,
): { readonly firstSeq: number; readonly lastSeq: number; readonly size: number } | null {
  let best = NOTHING;
  let bestDistance = MARK_COLUMN_PX / 2 + 1;
  for (let mark = 0; mark < marks.count; mark++) {
    if (marks.row[mark] !== row) continue;
    const distance = Math.abs((marks.x[mark] ?? 0) - x);
    if (distance >= bestDistance) continue;
    best = mark;
    bestDistance = distance;
  }
  if (best === NOTHING) return null;
  return {
    firstSeq: marks.firstSeq[best] ?? 0,
    lastSeq: marks.lastSeq[best] ?? 0,
    size: marks.size[best] ?? 0,
  };
}
