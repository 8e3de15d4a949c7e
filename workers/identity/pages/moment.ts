// Times on pages.

/** `2026-11-20 15:04 UTC`: the server does not know where its reader is. */
export function formatMoment(timestampMs: number): string {
  return `${new Date(timestampMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
