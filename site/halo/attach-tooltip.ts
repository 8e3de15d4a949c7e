// When a tooltip shows, and where: listeners on the element that it belongs to, and a place beside it in the window.

export type TooltipSide = "above" | "below";

/** From the window's edges, and from the element, in pixels. */
const DISTANCE_PX = 6;

/** Shows `bubble` (a manual popover inside `anchor`) while the anchor is hovered or focused; gives what takes it off. */
export function attachTooltip(anchor: HTMLElement, bubble: HTMLElement, side: TooltipSide): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  const show = () => {
    if (bubble.matches(":popover-open")) return;
    bubble.showPopover();
    place(anchor, bubble, side);
  };
  const hide = () => {
    if (bubble.matches(":popover-open")) bubble.hidePopover();
  };
  const onPointerEnter = (event: PointerEvent) => {
    // A finger has no hover; what it touches is pressed at once.
    if (event.pointerType !== "touch") show();
  };
  const onFocusIn = (event: FocusEvent) => {
    if (event.target instanceof Element && event.target.matches(":focus-visible")) show();
  };
  anchor.addEventListener("pointerenter", onPointerEnter, { signal });
  anchor.addEventListener("pointerleave", hide, { signal });
  anchor.addEventListener("pointerdown", hide, { signal });
  anchor.addEventListener("focusin", onFocusIn, { signal });
  anchor.addEventListener("focusout", hide, { signal });
  // Escape hides it wherever the focus is, since the pointer alone may have called it.
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide(), { signal });
  // Whoever goes to it by keyboard makes the page scroll: it goes along.
  const follow = () => bubble.matches(":popover-open") && place(anchor, bubble, side);
  window.addEventListener("scroll", follow, { signal, capture: true, passive: true });
  return () => {
    listening.abort();
    hide();
  };
}

/** On the wanted side where there is room, in the middle of the element, inside the window. */
function place(anchor: HTMLElement, bubble: HTMLElement, side: TooltipSide): void {
  const at = anchor.getBoundingClientRect();
  const { width, height } = bubble.getBoundingClientRect();
  const above = at.top - height - DISTANCE_PX;
  const below = at.bottom + DISTANCE_PX;
  const hasRoomAbove = above >= DISTANCE_PX;
  const hasRoomBelow = below + height + DISTANCE_PX <= window.innerHeight;
  const isAbove = side === "above" ? hasRoomAbove || !hasRoomBelow : hasRoomAbove && !hasRoomBelow;
  const leftMax = document.documentElement.clientWidth - width - DISTANCE_PX;
  const left = Math.max(DISTANCE_PX, Math.min(at.left + at.width / 2 - width / 2, leftMax));
  bubble.style.setProperty("left", `${left}px`);
  bubble.style.setProperty("top", `${isAbove ? above : below}px`);
}
