// Numbers and text as people read them, and text from elsewhere made safe to show.

const SIZE_UNITS = ["B", "KiB", "MiB", "GiB"] as const;
/** Control characters but the line break and the tab: a log line must not drive the terminal. */
const CONTROL = /(?![\n\t])\p{Cc}/gu;

/** `1.5 MiB`. */
export function formatSize(sizeBytes: number): string {
  let value = sizeBytes;
  let index = 0;
  while (value >= 1_024 && index < SIZE_UNITS.length - 1) {
    value /= 1_024;
    index++;
  }
  return index === 0 ? `${sizeBytes} B` : `${value.toFixed(1)} ${SIZE_UNITS[index]}`;
}

/** `1 file`, `3 files`. */
export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `2026-10-01 12:00:00.000Z`: the same in every time zone. */
export function formatTime(timeMs: number): string {
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime()) ? String(timeMs) : date.toISOString().replace("T", " ");
}

/** Text that came from elsewhere, without what would move the cursor or change colours. */
export function printable(text: string): string {
  return text.replace(CONTROL, (character) => {
    const code = character.charCodeAt(0);
    return `\\x${code.toString(16).padStart(2, "0")}`;
  });
}
