// The bytes of a stream in large chunks. workerd hands a native stream to JavaScript 4 KiB at a time unless it is asked
// for more: a capsule of 1 GiB would be 262,144 turns of every loop that it goes through.

const CHUNK_BYTES = 262_144;
const MIN_BYTES = 65_536;

/**
 * Reads on only as it is drained.
 * @param whenLeft what becomes of the stream when the loop over it ends early: a request's body is left where it stands,
 *   because its answer waits until the rest was read
 */
export async function* readChunks(
  stream: ReadableStream<Uint8Array>,
  whenLeft: "cancel" | "leave" = "cancel",
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
    if (isEnded || whenLeft === "leave") reader.releaseLock();
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
