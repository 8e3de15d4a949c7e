// Lets a report's steps appear one after another, so that a person can follow them; for who asks for less motion, at once.
import { useEffect, useState } from "preact/hooks";

const STEP_MS = 90;

/** How many of `count` are shown by now. It begins anew with another `key`; a null key shows all. */
export function useRevealedCount(key: unknown, count: number): number {
  const [shown, setShown] = useState({ key, revealedCount: key === null ? count : 0 });
  useEffect(() => {
    if (key === null || matchMedia("(prefers-reduced-motion: reduce)").matches) {
      setShown({ key, revealedCount: count });
      return;
    }
    setShown({ key, revealedCount: 0 });
    const timer = setInterval(() => {
      setShown((before) => {
        if (before.revealedCount >= count) clearInterval(timer);
        return { key, revealedCount: Math.min(count, before.revealedCount + 1) };
      });
    }, STEP_MS);
    return () => clearInterval(timer);
  }, [key, count]);
  if (shown.key === key) return shown.revealedCount;
  return key === null ? count : 0;
}
