// Whether an element has come near the window, so that nobody asks for what nobody sees.
import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

const NEAR = "300px";

/** Stays true once it was. */
export function useIsNear(place: RefObject<Element>): boolean {
  const [isNear, setIsNear] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (element === null || isNear) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setIsNear(true);
      },
      { rootMargin: NEAR },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [place, isNear]);
  return isNear;
}
