// Draws one frame of the timeline. Everything it needs is there already; it makes no objects for events.
import type { Pin } from "../../../../schemas/api/pins.ts";
import type { Rows } from "./arrange-rows.ts";
import { SHAPES } from "./event-lane.ts";
import { visibleRange } from "./find-event.ts";
import { formatTick } from "./format-time.ts";
import { forEachJoined } from "./joined-events.ts";
import type { MarkBuffer } from "./layout-marks.ts";
import { branchColor, type Palette, sourceColor } from "./palette.ts";
import { AXIS_PX, ROW_PX, rowY, TOP_PX } from "./stage-size.ts";
import { timeTicks } from "./time-ticks.ts";
import type { TimelineModel } from "./timeline-model.ts";
import { type Axis, positionOf, type Viewport } from "./viewport.ts";

export type StageFrame = {
  readonly model: TimelineModel;
  readonly rows: Rows;
  readonly marks: MarkBuffer;
  readonly axis: Axis;
  readonly viewport: Viewport;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly at: number;
  readonly to: number | null;
  readonly pins: readonly Pin[];
  readonly palette: Palette;
};

type Canvas = CanvasRenderingContext2D;

const MARK_RADIUS_PX = 5;
const PILL_HEIGHT_PX = 18;
const DIGIT_PX = 6;
const PIN_TEXT_PX = 120;
const FULL_TURN = 2 * Math.PI;

export function paintStage(canvas: Canvas, frame: StageFrame): void {
  canvas.clearRect(0, 0, frame.widthPx, frame.heightPx);
  if (frame.model.count === 0) return;
  canvas.lineCap = "round";
  canvas.textBaseline = "middle";
  paintCompared(canvas, frame);
  paintRows(canvas, frame);
  paintForks(canvas, frame);
  paintJumps(canvas, frame);
  paintMarks(canvas, frame);
  paintAxis(canvas, frame);
  paintPins(canvas, frame);
}

function xOf({ model, axis, viewport, widthPx }: StageFrame, seq: number): number {
  const share = (positionOf(model, axis, seq) - viewport.start) / (viewport.end - viewport.start);
  return share * widthPx;
}

function rowColor({ rows, palette }: StageFrame, row: number): string {
  const { kind, name } = rows.rows[row] ?? { kind: "source", name: "project" };
  return kind === "source" ? sourceColor(palette, name) : branchColor(palette, row);
}

/** What lies between the two handles. */
function paintCompared(canvas: Canvas, frame: StageFrame): void {
  if (frame.to === null) return;
  const [from, to] = [xOf(frame, frame.at), xOf(frame, frame.to)].toSorted((a, b) => a - b);
  canvas.fillStyle = frame.palette.hover;
  canvas.fillRect(from ?? 0, 0, (to ?? 0) - (from ?? 0), frame.heightPx - AXIS_PX);
}

function paintRows(canvas: Canvas, frame: StageFrame): void {
  const { rows, model, palette, widthPx } = frame;
  for (const [row, { kind, lanes }] of rows.rows.entries()) {
    const y = rowY(row);
    canvas.lineWidth = 1;
    canvas.strokeStyle = palette.line;
    strokeLine(canvas, 0, y, widthPx, y);
    if (kind === "source") continue;
    // A branch lives from its beginning on, to the live edge.
    const start = Math.min(...lanes.map((lane) => model.laneStarts[lane] ?? model.firstSeq));
    canvas.lineWidth = 2;
    canvas.strokeStyle = rowColor(frame, row);
    strokeLine(canvas, Math.max(xOf(frame, start), 0), y, Math.min(xOf(frame, model.lastSeq), widthPx), y);
  }
}

function paintForks(canvas: Canvas, frame: StageFrame): void {
  const { model, rows } = frame;
  canvas.lineWidth = 2;
  forEachJoined(model.forks, seqsInView(frame), ({ lane, parentLane, fromSeq, seq }) => {
    const to = xOf(frame, seq);
    // What it began from may lie before everything that is here, or far off.
    const from = Math.max(fromSeq < model.firstSeq ? 0 : xOf(frame, fromSeq), to - 2 * ROW_PX);
    const row = rows.rowOf[lane] ?? 0;
    const [fromY, toY] = [rowY(rows.rowOf[parentLane] ?? 0), rowY(row)];
    canvas.strokeStyle = rowColor(frame, row);
    canvas.beginPath();
    canvas.moveTo(from, fromY);
    canvas.bezierCurveTo(from + (to - from) / 2, fromY, from, toY, to, toY);
    canvas.stroke();
  });
}

/** A restore reaches back to what it restored. */
function paintJumps(canvas: Canvas, frame: StageFrame): void {
  const { model, rows, palette } = frame;
  canvas.lineWidth = 1;
  canvas.strokeStyle = palette.seed;
  canvas.setLineDash([3, 3]);
  forEachJoined(model.jumps, seqsInView(frame), ({ lane, fromSeq, seq }) => {
    const [from, to] = [xOf(frame, fromSeq), xOf(frame, seq)];
    const y = rowY(rows.rowOf[lane] ?? 0);
    canvas.beginPath();
    canvas.moveTo(to, y - MARK_RADIUS_PX);
    canvas.bezierCurveTo(to, y - ROW_PX / 2, from, y - ROW_PX / 2, from, y - MARK_RADIUS_PX);
    canvas.stroke();
  });
  canvas.setLineDash([]);
}

function seqsInView({ model, axis, viewport, at }: StageFrame) {
  const [from, to] = visibleRange(model, axis, viewport);
  return { from: model.firstSeq + from, to: model.firstSeq + to, chosen: at };
}

function paintMarks(canvas: Canvas, frame: StageFrame): void {
  const { marks, palette } = frame;
  const tones = [null, null, palette.warn, palette.bad] as const;
  canvas.font = `600 10px ${palette.font}`;
  canvas.textAlign = "center";
  for (let mark = 0; mark < marks.count; mark++) {
    const row = marks.row[mark] ?? 0;
    const x = marks.x[mark] ?? 0;
    const color = tones[marks.tone[mark] ?? 0] ?? rowColor(frame, row);
    const size = marks.size[mark] ?? 1;
    if (size > 1) paintPill(canvas, { x, y: rowY(row), color, size }, palette);
    else paintShape(canvas, { x, y: rowY(row), color, shape: marks.shape[mark] ?? 0 }, palette);
  }
}

function paintPill(
  canvas: Canvas,
  {
    x,
    y,
    color,
    size,
  }: { readonly x: number; readonly y: number; readonly color: string; readonly size: number },
  palette: Palette,
): void {
  const text = size < 1_000 ? String(size) : `${Math.floor(size / 1_000)}k`;
  const width = Math.max(PILL_HEIGHT_PX, text.length * DIGIT_PX + 6);
  canvas.fillStyle = palette.ground;
  canvas.strokeStyle = color;
  canvas.lineWidth = 1.5;
  canvas.beginPath();
  canvas.roundRect(x - width / 2, y - PILL_HEIGHT_PX / 2, width, PILL_HEIGHT_PX, PILL_HEIGHT_PX / 2);
  canvas.fill();
  canvas.stroke();
  canvas.fillStyle = palette.text;
  canvas.fillText(text, x, y + 0.5);
}

function paintShape(
  canvas: Canvas,
  {
    x,
    y,
    color,
    shape,
  }: { readonly x: number; readonly y: number; readonly color: string; readonly shape: number },
  palette: Palette,
): void {
  const r = MARK_RADIUS_PX;
  canvas.fillStyle = color;
  canvas.strokeStyle = color;
  canvas.lineWidth = 2;
  canvas.beginPath();
  switch (SHAPES[shape] ?? "dot") {
    case "dot":
      canvas.arc(x, y, r - 0.5, 0, FULL_TURN);
      break;
    case "branch":
    case "restore":
      canvas.arc(x, y, r, 0, FULL_TURN);
      canvas.fillStyle = palette.ground;
      break;
    case "capsule":
      canvas.roundRect(x - r - 3, y - r + 0.5, 2 * r + 6, 2 * r - 1, r);
      break;
    case "evidence":
      canvas.moveTo(x, y - r - 2);
      canvas.lineTo(x + r + 2, y);
      canvas.lineTo(x, y + r + 2);
      canvas.lineTo(x - r - 2, y);
      canvas.closePath();
      break;
    case "live":
      canvas.moveTo(x, y - r - 1);
      canvas.lineTo(x + r + 1, y + r - 1);
      canvas.lineTo(x - r - 1, y + r - 1);
      canvas.closePath();
      break;
  }
  canvas.fill();
  if (shape === SHAPES.indexOf("branch") || shape === SHAPES.indexOf("restore")) canvas.stroke();
}

function paintAxis(canvas: Canvas, frame: StageFrame): void {
  const { model, axis, viewport, widthPx, heightPx, palette } = frame;
  const y = heightPx - AXIS_PX;
  canvas.lineWidth = 1;
  canvas.strokeStyle = palette.lineStrong;
  strokeLine(canvas, 0, y, widthPx, y);
  const ticks = timeTicks(model, axis, viewport, widthPx);
  const spanMs = (ticks.at(-1)?.ts ?? 0) - (ticks[0]?.ts ?? 0);
  canvas.font = `11px ${palette.font}`;
  canvas.fillStyle = palette.muted;
  canvas.textAlign = "center";
  for (const { position, ts } of ticks) {
    const x = ((position - viewport.start) / (viewport.end - viewport.start)) * widthPx;
    strokeLine(canvas, x, y, x, y + 5);
    // A label that would be cut off at an edge says nothing.
    if (x > 34 && x < widthPx - 34) canvas.fillText(formatTick(ts, spanMs), x, y + 17);
  }
  const liveX = xOf(frame, model.lastSeq);
  canvas.strokeStyle = palette.live;
  canvas.setLineDash([2, 4]);
  strokeLine(canvas, liveX, TOP_PX / 2, liveX, y);
  canvas.setLineDash([]);
}

function paintPins(canvas: Canvas, frame: StageFrame): void {
  const { pins, model, palette, heightPx, widthPx } = frame;
  canvas.font = `600 11px ${palette.font}`;
  canvas.textAlign = "left";
  let freeX = Number.NEGATIVE_INFINITY;
  for (const { at, name } of pins) {
    if (at < model.firstSeq || at > model.lastSeq) continue;
    const x = xOf(frame, at);
    if (x < -PIN_TEXT_PX || x > widthPx) continue;
    canvas.strokeStyle = palette.seed;
    canvas.fillStyle = palette.seed;
    canvas.lineWidth = 1;
    strokeLine(canvas, x, TOP_PX - 18, x, heightPx - AXIS_PX);
    canvas.beginPath();
    canvas.moveTo(x, TOP_PX - 22);
    canvas.lineTo(x + 8, TOP_PX - 18);
    canvas.lineTo(x, TOP_PX - 14);
    canvas.closePath();
    canvas.fill();
    // Names that would stand in each other are left to the list of pins.
    if (x + 12 < freeX) continue;
    canvas.fillStyle = palette.text;
    canvas.fillText(name, x + 12, TOP_PX - 18, PIN_TEXT_PX);
    freeX = x + 16 + Math.min(canvas.measureText(name).width, PIN_TEXT_PX);
  }
}

function strokeLine(canvas: Canvas, fromX: number, fromY: number, toX: number, toY: number): void {
  canvas.beginPath();
  canvas.moveTo(fromX, fromY);
  canvas.lineTo(toX, toY);
  canvas.stroke();
}
