// What scrolls must be reached by the keyboard (WCAG 2.2, 2.1.1).

/** The attributes of an element that scrolls by itself: the focus, and a name for it. */
export function scrollable(label: string, role: "group" | "log" = "group") {
  return { tabIndex: 0, role, "aria-label": label } as const;
}
