// Which step of the heat scale a value has.

/** As many colours as the tokens have. */
export const HEAT_STEP_COUNT = 6;

/** From 1 at `min` to 6 at `max`; 0 for no value. When all are alike, the first. */
export function heatStep(value: number | null, min: number, max: number): number {
  if (value === null) return 0;
  if (max <= min) return 1;
  const part = Math.min(1, Math.max(0, (value - min) / (max - min)));
  return Math.min(HEAT_STEP_COUNT, Math.floor(part * HEAT_STEP_COUNT) + 1);
}
