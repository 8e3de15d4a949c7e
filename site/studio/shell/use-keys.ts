// The Studio's keys: Ctrl or ⌘ K for everything, `?` for help, `g` and a letter to go to a view.

import { useEffect, useRef } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import { useShortcut } from "../../halo/use-shortcut.ts";
import { openRoom } from "../data/project-room.ts";
import { PLATFORM_VIEWS, PROJECT_VIEWS } from "../views.ts";
import { isKeyHelpOpen, paletteMode } from "./palette-state.ts";

/** The second key of two must come within this time. */
const SEQUENCE_MS = 1_500;

/** Once, in the shell. */
export function useKeys(): void {
  const { route } = useLocation();
  const latest = useRef(route);
  latest.current = route;
  useShortcut("Mod K", () => {
    paletteMode.value = paletteMode.value === "closed" ? "all" : "closed";
  });
  useEffect(() => {
    let goUntil = 0;
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isBusyElsewhere(event)) return;
      const isGoing = Date.now() < goUntil;
      goUntil = 0;
      if (isGoing) {
        const href = findGoal(event.key);
        if (href === null) return;
        event.preventDefault();
        latest.current(href);
      } else if (event.key === "g") goUntil = Date.now() + SEQUENCE_MS;
      else if (event.key === "?") isKeyHelpOpen.value = true;
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

/** Somebody types, or a dialog is open: their keys are theirs. */
function isBusyElsewhere(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || document.querySelector("dialog[open]") !== null) return true;
  const { target } = event;
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"))
  );
}

function findGoal(key: string): string | null {
  const ofPlatform = PLATFORM_VIEWS.find((view) => view.goKey === key);
  if (ofPlatform !== undefined) return ofPlatform.path;
  const label = openRoom.value?.label;
  const ofProject = PROJECT_VIEWS.find((view) => view.goKey === key);
  return label === undefined || ofProject === undefined ? null : ofProject.href(label);
}
