// How long to wait before the next try: twice as long each time, and spread out, so that all who were cut off together do
// not come back together.
const FIRST_DELAY_MS = 300;
const MAX_DELAY_MS = 30_000;
const MAX_DOUBLINGS = 10;

/**
 * @param attemptCount how many tries have failed in a row
 * @param spread at least 0 and below 1
 */
export function nextRetryMs(attemptCount: number, spread: number): number {
  const fullMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attemptCount, MAX_DOUBLINGS));
  return Math.round(fullMs * (0.5 + spread / 2));
}
