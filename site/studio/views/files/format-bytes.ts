// Sizes as people read them.

const KIBI = 1_024;
const UNITS = ["KiB", "MiB", "GiB"] as const;

export function formatBytes(sizeBytes: number): string {
  if (sizeBytes < KIBI) return sizeBytes === 1 ? "1 byte" : `${sizeBytes} bytes`;
  let value = sizeBytes;
  let unit: string = UNITS[0];
  for (const larger of UNITS) {
    value /= KIBI;
    unit = larger;
    if (value < KIBI) break;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}
