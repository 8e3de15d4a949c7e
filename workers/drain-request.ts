// Reads what is left of a refused request's body. An answer that leaves before its request was read ends the connection
// under the client: it is still sending, gets a reset, and never sees the status and the sentence that would have helped.

/** Twice what one upload may carry; who sends more is cut off while sending. */
const DRAIN_BYTES_MAX = 200_000_000;
const DRAIN_MS_MAX = 30_000;
/** Who waits with the body (`Expect: 100-continue`) waits about a second; who never sends it must not wait for ever. */
const IDLE_MS_MAX = 2_000;
const CHUNK_BYTES = 262_144;

/** Throws nothing away that anyone reads: a body that is being read, or was handed on to an app, stays as it is. */
export async function drainRequest(request: Request): Promise<void> {
  const { body } = request;
  if (body === null || body.locked) return;
  if (Number(request.headers.get("content-length") ?? 0) > DRAIN_BYTES_MAX) return;
  const reader = body.getReader({ mode: "byob" });
  try {
    await readToEnd(reader);
    await reader.cancel();
  } catch {
    // The client has gone; there is nobody left to answer.
  }
}

async function readToEnd(reader: ReadableStreamBYOBReader): Promise<void> {
  const deadline = Date.now() + DRAIN_MS_MAX;
  let buffer = new Uint8Array(CHUNK_BYTES);
  for (let drainedBytes = 0; drainedBytes <= DRAIN_BYTES_MAX && Date.now() < deadline; ) {
    const read = await withinIdle(reader.read(buffer));
    if (read === null || read.done || read.value === undefined) return;
    drainedBytes += read.value.byteLength;
    buffer = new Uint8Array(read.value.buffer);
  }
}

/** What the promise gives; null when it takes too long. */
async function withinIdle<Value>(promise: Promise<Value>): Promise<Value | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const idle = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), IDLE_MS_MAX);
  });
  try {
    return await Promise.race([promise, idle]);
  } finally {
    clearTimeout(timer);
  }
}
