// The measures of the drawing, in CSS pixels. The canvas is no style sheet: it has no tokens for sizes.

export const ROW_PX = 34;
/** Above the rows: the flags of pinned moments and the handles' grips. */
export const TOP_PX = 44;
/** Below the rows: the axis. */
export const AXIS_PX = 30;

export function stageHeight(rowCount: number): number {
  return TOP_PX + rowCount * ROW_PX + AXIS_PX;
}

/** The middle of a row. */
export function rowY(row: number): number {
  return TOP_PX + row * ROW_PX + ROW_PX / 2;
}

/** The row at a height; -1 above and below the rows. */
export function rowAt(y: number, rowCount: number): number {
  const row = Math.floor((y - TOP_PX) / ROW_PX);
  return row >= 0 && row < rowCount ? row : -1;
}
