// Sizes in bytes, as people say them.

const STEP = 1_024;
const UNITS = ["KiB", "MiB", "GiB"] as const;
/** Below it a decimal says something. */
const DECIMAL_BELOW = 10;

/** "812 bytes", "1.5 KiB", "64 MiB". */
export function sayBytes(sizeBytes: number): string {
  if (sizeBytes < STEP) return `${sizeBytes} ${sizeBytes === 1 ? "byte" : "bytes"}`;
  let value = sizeBytes;
  let unit: (typeof UNITS)[number] = "KiB";
  for (const name of UNITS) {
    if (value < STEP) break;
    value /= STEP;
    unit = name;
  }
  return `${value < DECIMAL_BELOW ? Math.round(value * 10) / 10 : Math.round(value)} ${unit}`;
}

/** "1 file", "9,000 files". */
export function sayCount(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
