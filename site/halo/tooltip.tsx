// A short word on hover and focus. Whatever must be known stands on the page itself.
import { type ComponentChildren, cloneElement, isValidElement } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { attachTooltip, type TooltipSide } from "./attach-tooltip.ts";
import "./tooltip.css";

type TooltipProps = {
  readonly text: string;
  /** Where it shows if there is room. */
  readonly side?: TooltipSide;
  /** The element has this name already (`aria-label`): the tooltip only shows it. */
  readonly isName?: boolean;
  /** One element that can have the focus. */
  readonly children: ComponentChildren;
};

/**
 * Shows `text` at its child on hover and focus (WAI-ARIA APG, tooltip): Escape hides it, the pointer may go onto it, and
 * the child is described by it. It lies in the top layer, so that nothing cuts it off.
 */
export function Tooltip({ text, side = "above", isName = false, children }: TooltipProps) {
  const id = useId();
  const anchor = useRef<HTMLSpanElement>(null);
  const bubble = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (anchor.current === null || bubble.current === null) return;
    return attachTooltip(anchor.current, bubble.current, side);
  }, [side]);
  const described =
    !isName && isValidElement(children) ? cloneElement(children, { "aria-describedby": id }) : children;
  return (
    <span ref={anchor} class="halo-tooltip">
      {described}
      <span
        ref={bubble}
        id={id}
        role="tooltip"
        popover="manual"
        aria-hidden={isName || undefined}
        class="halo-tooltip__text"
      >
        {text}
      </span>
    </span>
  );
}
