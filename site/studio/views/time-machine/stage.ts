// The drawn timeline: holds what is shown, and draws at most once a frame. It lives outside of Preact, so that
// scrubbing, panning and zooming render no components.
import type { Pin } from "../../../../schemas/api/pins.ts";
import { arrangeRows, type Rows } from "./arrange-rows.ts";
import { nearestSeq } from "./find-event.ts";
import { MAX_JOINED } from "./joined-events.ts";
import { layoutMarks, MarkBuffer, markAt } from "./layout-marks.ts";
import { paintStage } from "./paint-stage.ts";
import { type Palette, readPalette } from "./palette.ts";
import { rowAt, stageHeight } from "./stage-size.ts";
import type { TimelineModel } from "./timeline-model.ts";
import {
  type Axis,
  clampViewport,
  isAtLiveEdge,
  panBy,
  positionOf,
  reveal,
  type Viewport,
  wholeViewport,
  zoomBy,
} from "./viewport.ts";

export type Handle = "at" | "to";

/** What the page says is to be shown. */
export type StageContent = {
  readonly axis: Axis;
  /** By event, 1 where it is to be seen; null when all are. */
  readonly shown: Uint8Array | null;
  readonly at: number;
  readonly to: number | null;
  readonly pins: readonly Pin[];
};

export type StageParts = {
  readonly canvas: HTMLCanvasElement;
  readonly handles: Readonly<Record<Handle, HTMLElement>>;
};

const KEY_ZOOM = 1.5;
const FLAG_HALF_PX = 28;

export class Stage {
  readonly #model: TimelineModel;
  readonly #parts: StageParts;
  readonly #marks = new MarkBuffer();
  #content: StageContent;
  #rows: Rows;
  #palette: Palette;
  #viewport: Viewport;
  #whole: Viewport;
  #version: number;
  #widthPx = 0;
  #frame: number | null = null;
  #isPaintDue = false;

  constructor(model: TimelineModel, parts: StageParts, content: StageContent) {
    this.#model = model;
    this.#parts = parts;
    this.#content = content;
    this.#rows = arrangeRows(model.laneNames);
    this.#palette = readPalette(parts.canvas);
    this.#whole = wholeViewport(model, content.axis);
    this.#viewport = this.#whole;
    this.#version = model.version;
  }

  get rowCount(): number {
    return this.#rows.rows.length;
  }

  get widthPx(): number {
    return this.#widthPx;
  }

  /** Shows this from the next frame on; the model may have changed too. */
  update(content: StageContent): void {
    const before = this.#content;
    this.#content = content;
    if (this.#version !== this.#model.version || before.axis !== content.axis) {
      this.#takeHistory(before.axis !== content.axis);
    } else if (isOnlyScrubbed(before, content) && !this.#isDrawnByChoice()) {
      // The handles are elements above the drawing: to move one costs no painting.
      this.#awaitFrame();
      return;
    }
    this.draw();
  }

  /** Brings a moment into view that was chosen elsewhere. */
  show(seq: number): void {
    const position = positionOf(this.#model, this.#content.axis, seq);
    this.#viewport = reveal(this.#viewport, position, this.#whole);
    this.draw();
  }

  resize(widthPx: number): void {
    this.#widthPx = widthPx;
    this.draw();
  }

  repaint(): void {
    this.#palette = readPalette(this.#parts.canvas);
    this.draw();
  }

  pan(byPx: number): void {
    const by = (byPx / this.#widthPx) * (this.#viewport.end - this.#viewport.start);
    this.#viewport = panBy(this.#viewport, by, this.#whole);
    this.draw();
  }

  /** `atPx` stays where it is; the chosen moment does when it is left out. */
  zoom(factor: number, atPx?: number): void {
    const { axis, at } = this.#content;
    const chosen = positionOf(this.#model, axis, at);
    const anchor = atPx === undefined ? chosen : this.#positionAt(atPx);
    if (atPx === undefined) this.#viewport = reveal(this.#viewport, chosen, this.#whole);
    this.#viewport = zoomBy(this.#viewport, factor, anchor, { whole: this.#whole, axis });
    this.draw();
  }

  zoomIn(): void {
    this.zoom(1 / KEY_ZOOM);
  }

  zoomOut(): void {
    this.zoom(KEY_ZOOM);
  }

  showAll(): void {
    this.#viewport = this.#whole;
    this.draw();
  }

  /** The seq nearest to a place on the screen. */
  seqAt(xPx: number): number {
    return nearestSeq(this.#model, this.#content.axis, this.#positionAt(xPx));
  }

  /** The mark under a place on the screen. */
  markAt(xPx: number, yPx: number): ReturnType<typeof markAt> {
    const row = rowAt(yPx, this.rowCount);
    return row === -1 ? null : markAt(this.#marks, xPx, row);
  }

  draw(): void {
    this.#isPaintDue = true;
    this.#awaitFrame();
  }

  stop(): void {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#frame = null;
  }

  #awaitFrame(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      if (this.#isPaintDue) this.#paint();
      this.#isPaintDue = false;
      this.#placeHandle("at", this.#content.at);
      this.#placeHandle("to", this.#content.to);
    });
  }

  /** Whether the drawing itself hangs on the chosen moment: among too many joined events only the chosen one's is drawn. */
  #isDrawnByChoice(): boolean {
    return this.#model.forks.length > MAX_JOINED || this.#model.jumps.length > MAX_JOINED;
  }

  #takeHistory(isOtherAxis: boolean): void {
    const wasWhole = this.#viewport === this.#whole || isOtherAxis;
    const wasLive = isAtLiveEdge(this.#viewport, this.#whole);
    this.#rows = arrangeRows(this.#model.laneNames);
    this.#whole = wholeViewport(this.#model, this.#content.axis);
    this.#version = this.#model.version;
    if (wasWhole) this.#viewport = this.#whole;
    // Who looks at the live edge goes with it; who looks at the past stays there.
    else if (wasLive)
      this.#viewport = panBy(this.#viewport, this.#whole.end - this.#viewport.end, this.#whole);
    else this.#viewport = clampViewport(this.#viewport, this.#whole);
  }

  #positionAt(xPx: number): number {
    const { start, end } = this.#viewport;
    return start + (xPx / this.#widthPx) * (end - start);
  }

  #paint(): void {
    const { canvas } = this.#parts;
    const widthPx = this.#widthPx;
    const heightPx = stageHeight(this.rowCount);
    const context = canvas.getContext("2d");
    if (context === null || widthPx === 0) return;
    const ratio = devicePixelRatio;
    const [width, height] = [Math.round(widthPx * ratio), Math.round(heightPx * ratio)];
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
      canvas.style.height = `${heightPx}px`;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { axis, shown, at, to, pins } = this.#content;
    const [model, rows, viewport, marks] = [this.#model, this.#rows, this.#viewport, this.#marks];
    layoutMarks(model, { axis, viewport, widthPx, rows, shown }, marks);
    const palette = this.#palette;
    paintStage(context, { model, rows, marks, axis, viewport, widthPx, heightPx, at, to, pins, palette });
  }

  #placeHandle(handle: Handle, seq: number | null): void {
    const element = this.#parts.handles[handle];
    if (seq === null) return;
    const { start, end } = this.#viewport;
    const share = (positionOf(this.#model, this.#content.axis, seq) - start) / (end - start);
    const x = Math.min(Math.max(share, 0), 1) * this.#widthPx;
    element.style.transform = `translateX(${x.toFixed(1)}px)`;
    // Out of view, the handle waits at the edge that it left by.
    element.classList.toggle("time-handle--outside", share < 0 || share > 1);
    // Its flag stands beside it where there is no room for both halves.
    element.classList.toggle("time-handle--first", x < FLAG_HALF_PX);
    element.classList.toggle("time-handle--last", x > this.#widthPx - FLAG_HALF_PX);
  }
}

/** Whether nothing but the moment that is looked at is another; between two handles lies a painted stretch. */
function isOnlyScrubbed(before: StageContent, after: StageContent): boolean {
  return (
    before.to === null &&
    after.to === null &&
    before.axis === after.axis &&
    before.shown === after.shown &&
    before.pins === after.pins
  );
}
