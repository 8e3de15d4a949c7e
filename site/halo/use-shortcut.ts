// A key combination that works wherever the focus is.
import { useEffect, useRef } from "preact/hooks";

/**
 * Runs `action` on a combination written as Kbd shows it: `Mod K`, `Shift Z`, `?`. `Mod` is ⌘ or Ctrl. Without `Mod` it is
 * left alone while somebody types.
 */
export function useShortcut(keys: string, action: () => void): void {
  const latest = useRef(action);
  latest.current = action;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || !matchesShortcut(event, keys)) return;
      if (!keys.startsWith("Mod ") && isTyping(event.target)) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [keys]);
}

type Keys = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** Whether an event is that combination. A sign that needs Shift to be typed (`?`) is written without it. */
export function matchesShortcut(event: Keys, keys: string): boolean {
  const parts = keys.split(" ");
  const key = parts.at(-1) ?? "";
  const isLetter = /^[a-z]$/i.test(key);
  const isShiftRight = !isLetter || event.shiftKey === parts.includes("Shift");
  return (
    event.key.toLowerCase() === key.toLowerCase() &&
    (event.ctrlKey || event.metaKey) === parts.includes("Mod") &&
    event.altKey === parts.includes("Alt") &&
    isShiftRight
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
