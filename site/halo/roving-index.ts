// Where the focus goes in a row or list that is one stop for Tab (WAI-ARIA APG, roving tabindex).

export type Orientation = "horizontal" | "vertical" | "both";

/** The index after `key`, going round at the ends; null when the key moves nothing, or nothing is there. */
export function nextIndex(
  key: string,
  current: number,
  count: number,
  orientation: Orientation,
): number | null {
  if (count === 0) return null;
  const isAcross = orientation !== "vertical";
  const isDown = orientation !== "horizontal";
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  if ((isAcross && key === "ArrowRight") || (isDown && key === "ArrowDown")) return (current + 1) % count;
  // From "none" (-1) the way back begins at the last one.
  if ((isAcross && key === "ArrowLeft") || (isDown && key === "ArrowUp"))
    return current <= 0 ? count - 1 : current - 1;
  return null;
}
