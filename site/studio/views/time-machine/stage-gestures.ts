// Pointer, wheel and pinch on the timeline. The axis and the handles scrub, the rows pan, a press on a mark chooses it.
import type { Handle, Stage } from "./stage.ts";
import { AXIS_PX, TOP_PX } from "./stage-size.ts";

export type ScrubTarget = {
  /** Called for each move; `isDone` with the last of them. */
  readonly onScrub: (handle: Handle, seq: number, isDone: boolean) => void;
  readonly onHover: (hover: Hover | null) => void;
};

export type Hover = {
  readonly xPx: number;
  readonly yPx: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly size: number;
};

type Drag =
  | { readonly kind: "scrub"; readonly handle: Handle }
  | { readonly kind: "pan"; readonly startX: number; lastX: number; isMoved: boolean }
  | { readonly kind: "pinch"; distancePx: number };

const CLICK_SLACK_PX = 4;
const WHEEL_ZOOM = 0.0025;
const WHEEL_LINE_PX = 16;

/** Listens on the stage's surface; gives what ends it. */
export function listenToGestures(
  surface: HTMLElement,
  getStage: () => Stage | null,
  target: () => ScrubTarget,
): () => void {
  const pointers = new Map<number, number>();
  let drag: Drag | null = null;

  const place = (event: PointerEvent | WheelEvent | MouseEvent): readonly [number, number] => {
    const box = surface.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  const onDown = (event: PointerEvent): void => {
    const stage = getStage();
    if (stage === null || event.button !== 0) return;
    const [x, y] = place(event);
    pointers.set(event.pointerId, x);
    surface.setPointerCapture(event.pointerId);
    if (pointers.size === 2) {
      drag = { kind: "pinch", distancePx: spread(pointers) };
      return;
    }
    const handle = handleOf(event.target);
    const isOnAxis = y > surface.clientHeight - AXIS_PX || y < TOP_PX;
    if (handle !== null || isOnAxis) {
      drag = { kind: "scrub", handle: handle ?? "at" };
      if (handle === null) target().onScrub("at", stage.seqAt(x), false);
    } else drag = { kind: "pan", startX: x, lastX: x, isMoved: false };
    target().onHover(null);
  };

  const onMove = (event: PointerEvent): void => {
    const stage = getStage();
    if (stage === null) return;
    const [x, y] = place(event);
    if (drag === null) {
      const mark = stage.markAt(x, y);
      target().onHover(mark === null ? null : { xPx: x, yPx: y, ...mark });
      return;
    }
    pointers.set(event.pointerId, x);
    switch (drag.kind) {
      case "scrub":
        target().onScrub(drag.handle, stage.seqAt(x), false);
        break;
      case "pan":
        if (!drag.isMoved && Math.abs(x - drag.startX) < CLICK_SLACK_PX) break;
        stage.pan(drag.lastX - x);
        drag.lastX = x;
        drag.isMoved = true;
        break;
      case "pinch": {
        const distancePx = spread(pointers);
        stage.zoom(drag.distancePx / Math.max(distancePx, 1), middle(pointers));
        drag.distancePx = distancePx;
        break;
      }
    }
  };

  const onUp = (event: PointerEvent): void => {
    const stage = getStage();
    pointers.delete(event.pointerId);
    const ended = drag;
    drag = null;
    if (stage === null || ended === null || event.type === "pointercancel") return;
    const [x, y] = place(event);
    if (ended.kind === "scrub") target().onScrub(ended.handle, stage.seqAt(x), true);
    if (ended.kind !== "pan" || ended.isMoved) return;
    const seq = stage.markAt(x, y)?.lastSeq ?? stage.seqAt(x);
    // With Shift the second handle goes there: compare.
    target().onScrub(event.shiftKey ? "to" : "at", seq, true);
  };

  const onWheel = (event: WheelEvent): void => {
    const stage = getStage();
    if (stage === null) return;
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? WHEEL_LINE_PX : 1;
    const isZoom = event.ctrlKey || event.metaKey;
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    // A plain wheel scrolls the page, as everywhere.
    if (!isZoom && Math.abs(sideways) < 1) return;
    event.preventDefault();
    if (isZoom) stage.zoom(Math.exp(event.deltaY * unit * WHEEL_ZOOM), place(event)[0]);
    else stage.pan(sideways * unit);
  };

  const onDoubleClick = (event: MouseEvent): void => getStage()?.zoom(1 / 4, place(event)[0]);
  const onLeave = (): void => target().onHover(null);

  const listeners = {
    pointerdown: onDown,
    pointermove: onMove,
    pointerup: onUp,
    pointercancel: onUp,
    pointerleave: onLeave,
    dblclick: onDoubleClick,
  } as const;
  for (const [type, listener] of Object.entries(listeners)) {
    surface.addEventListener(type, listener as EventListener);
  }
  surface.addEventListener("wheel", onWheel, { passive: false });
  return () => {
    for (const [type, listener] of Object.entries(listeners)) {
      surface.removeEventListener(type, listener as EventListener);
    }
    surface.removeEventListener("wheel", onWheel);
  };
}

function handleOf(target: EventTarget | null): Handle | null {
  const name =
    target instanceof Element ? target.closest<HTMLElement>("[data-handle]")?.dataset.handle : null;
  return name === "at" || name === "to" ? name : null;
}

function spread(pointers: ReadonlyMap<number, number>): number {
  const [a = 0, b = 0] = pointers.values();
  return Math.abs(a - b);
}

function middle(pointers: ReadonlyMap<number, number>): number {
  const [a = 0, b = 0] = pointers.values();
  return (a + b) / 2;
}
