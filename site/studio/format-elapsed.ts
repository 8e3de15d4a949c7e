// How long something took, as people say it.

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** `840 ms`, `4.2 s`, `1 min 5 s`, `2 h 10 min`. */
export function formatElapsed(elapsedMs: number): string {
  if (elapsedMs < SECOND_MS) return `${Math.round(elapsedMs)} ms`;
  if (elapsedMs < 10 * SECOND_MS) return `${(elapsedMs / SECOND_MS).toFixed(1)} s`;
  if (elapsedMs < MINUTE_MS) return `${Math.floor(elapsedMs / SECOND_MS)} s`;
  if (elapsedMs < HOUR_MS) {
    return `${Math.floor(elapsedMs / MINUTE_MS)} min ${Math.floor((elapsedMs % MINUTE_MS) / SECOND_MS)} s`;
  }
  return `${Math.floor(elapsedMs / HOUR_MS)} h ${Math.floor((elapsedMs % HOUR_MS) / MINUTE_MS)} min`;
}
