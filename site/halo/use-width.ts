// How wide an element is, kept right while the window changes.
import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

/** The width in pixels; null until the element stands on a page. */
export function useWidth(ref: RefObject<Element>): number | null {
  const [widthPx, setWidthPx] = useState<number | null>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setWidthPx(entry.contentRect.width);
    });
    observer.observe(element);
    setWidthPx(element.getBoundingClientRect().width);
    return () => observer.disconnect();
  }, [ref]);
  return widthPx;
}
