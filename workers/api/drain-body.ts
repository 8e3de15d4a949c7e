// What a refused request still sends is read and forgotten. A connection on which an answer overtakes the body is cut, and
// the caller sees the cut instead of the answer.
import type { MiddlewareHandler } from "hono";
import type { ApiEnv } from "./api-app.ts";

/** More than this is not worth reading; a caller who sends it anyway may see the connection end. */
const MAX_DRAINED_BYTES = 1_048_576;

export const drainBody: MiddlewareHandler<ApiEnv> = async (context, next) => {
  await next();
  const { body, bodyUsed } = context.req.raw;
  if (body !== null && !bodyUsed && !body.locked) context.executionCtx.waitUntil(drain(body));
};

async function drain(body: ReadableStream<Uint8Array>): Promise<void> {
  let readBytes = 0;
  try {
    for await (const chunk of body) {
      readBytes += chunk.byteLength;
      if (readBytes > MAX_DRAINED_BYTES) return;
    }
  } catch {
    // The caller went away, or the body was read by then: there is nothing left to forget.
  }
}
