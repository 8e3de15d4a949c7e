// On which line of a file a place lies. Read again only when there is something to report: counting lines while packing
// would cost every pack what only a refused one needs.
import { createReadStream } from "node:fs";

const CHUNK_BYTES = 262_144;
const NEW_LINE = 10;

/** For each offset, ascending or not, its line counted from 1. */
export async function readLineNumbers(
  location: string,
  offsets: readonly number[],
): Promise<readonly number[]> {
  const lines = offsets.map(() => 1);
  const end = Math.max(...offsets) - 1;
  if (end < 0) return lines;
  let at = 0;
  for await (const chunk of createReadStream(location, { highWaterMark: CHUNK_BYTES, end })) {
    const bytes: Buffer = chunk;
    for (let index = bytes.indexOf(NEW_LINE); index >= 0; index = bytes.indexOf(NEW_LINE, index + 1)) {
      for (const [which, offset] of offsets.entries())
        if (at + index < offset) lines[which] = (lines[which] ?? 1) + 1;
    }
    at += bytes.length;
  }
  return lines;
}
