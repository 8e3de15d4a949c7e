// The bytes of a stream in large chunks. workerd hands a native stream to JavaScript 4 KiB at a time unless it is asked
// for more: a capsule of 1 GiB would be 262,144 turns of every loop that it goes through.

const CHUNK_BYTES = 262_144;
const MIN_BYTES = 65_536;

/** Reads on only as it is drained; lets the stream go when the loop over it ends early. */
export async function* readChunks(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = readerOf(stream);
  // Made of JavaScript: its chunks are what they are.
  if (reader === null) return yield* stream;
  let isEnded = false;
  try {
    while (!isEnded) {
      const { value, done } = await reader.readAtLeast(MIN_BYTES, new Uint8Array(CHUNK_BYTES));
      isEnded = done;
      if (value !== undefined && value.byteLength > 0) yield value;
    }
  } finally {
    if (isEnded) reader.releaseLock();
    else await reader.cancel();
  }
}

function readerOf(stream: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | null {
  try {
    return stream.getReader({ mode: "byob" });
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
