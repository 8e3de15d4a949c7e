// A room whose content is moved and scaled: dragging and scrolling move it, buttons, + and − and Ctrl with the wheel scale it.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { IconButton } from "../../../halo/icon-button.tsx";
import "./zoom-room.css";

type ZoomRoomProps = { readonly label: string; readonly children: ComponentChildren };

const STEPS = [0.25, 0.4, 0.55, 0.7, 0.85, 1, 1.25, 1.5, 2] as const;
/** Less is a press, not a drag. */
const DRAG_PX = 4;

export function ZoomRoom({ label, children }: ZoomRoomProps) {
  const room = useRef<HTMLFieldSetElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const [scale, setScale] = useState(1);
  const change = (direction: 1 | -1): void => {
    setScale((before) => {
      const next =
        direction === 1 ? STEPS.find((step) => step > before) : STEPS.findLast((step) => step < before);
      return next ?? before;
    });
  };
  const fit = (): void => {
    if (room.current === null || content.current === null) return;
    const widthPx = content.current.scrollWidth;
    const share = room.current.clientWidth / Math.max(1, widthPx);
    setScale(Math.max(STEPS[0], Math.min(1, share)));
  };
  useDragging(room);
  // What is wider than the room begins in its middle, where the chain begins on a narrow screen.
  useEffect(() => {
    const element = room.current;
    if (element !== null) element.scrollLeft = (element.scrollWidth - element.clientWidth) / 2;
  }, []);
  useEffect(() => {
    const element = room.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      change(event.deltaY < 0 ? 1 : -1);
    };
    // Not passive: with Ctrl the browser would scale the whole page.
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "+" || event.key === "=") change(1);
    else if (event.key === "-") change(-1);
    else if (event.key === "0") setScale(1);
    else return;
    event.preventDefault();
  };
  return (
    <div class="zoom-room">
      <div class="zoom-room__buttons">
        <IconButton icon="minus" label="Smaller" size="small" onClick={() => change(-1)} />
        <output class="zoom-room__scale">{Math.round(scale * 100)} %</output>
        <IconButton icon="plus" label="Larger" size="small" onClick={() => change(1)} />
        <IconButton icon="search" label="Fit the width" size="small" onClick={fit} />
      </div>
      <fieldset ref={room} class="zoom-room__view" onKeyDown={onKeyDown} aria-label={label}>
        <div ref={content} class="zoom-room__content" style={{ zoom: scale }}>
          {children}
        </div>
      </fieldset>
    </div>
  );
}

/** Pressing beside a node and dragging moves the content. */
function useDragging(room: { readonly current: HTMLElement | null }): void {
  useEffect(() => {
    const element = room.current;
    if (element === null) return;
    let from: { readonly x: number; readonly y: number; readonly left: number; readonly top: number } | null =
      null;
    const start = (event: PointerEvent): void => {
      const isOnNode = event.target instanceof Element && event.target.closest("button, a") !== null;
      if (isOnNode || event.pointerType === "touch" || event.button !== 0) return;
      from = { x: event.clientX, y: event.clientY, left: element.scrollLeft, top: element.scrollTop };
    };
    const move = (event: PointerEvent): void => {
      if (from === null) return;
      const [x, y] = [event.clientX - from.x, event.clientY - from.y];
      if (Math.abs(x) + Math.abs(y) < DRAG_PX) return;
      element.setPointerCapture(event.pointerId);
      element.scrollTo(from.left - x, from.top - y);
    };
    const stop = (): void => {
      from = null;
    };
    element.addEventListener("pointerdown", start);
    element.addEventListener("pointermove", move);
    element.addEventListener("pointerup", stop);
    element.addEventListener("pointercancel", stop);
    return () => {
      element.removeEventListener("pointerdown", start);
      element.removeEventListener("pointermove", move);
      element.removeEventListener("pointerup", stop);
      element.removeEventListener("pointercancel", stop);
    };
  }, [room]);
}
