// A JSON body is read into memory, so its size is limited before.
import type { MiddlewareHandler } from "hono";
import type { ApiEnv } from "./api-app.ts";
import { AppError } from "./app-error.ts";

/** A manifest has at most 4 MiB; envelopes come on top. */
const MAX_JSON_BYTES = 32 * 1_048_576;

/** Answers 413 by the announced length, or, where none is, as soon as the body has become too large. */
export const limitJson: MiddlewareHandler<ApiEnv> = async (context, next) => {
  const { raw } = context.req;
  const announced = context.req.header("content-length");
  if (!(context.req.header("content-type") ?? "").includes("json") || raw.body === null) return await next();
  if (announced !== undefined && Number(announced) > MAX_JSON_BYTES) throw tooLargeJson();
  if (announced === undefined) context.req.raw = new Request(raw, { body: await readLimited(raw.body) });
  return await next();
};

/** Leaves the stream where it stands when it is too large: the rest is drained before the answer goes out. */
async function readLimited(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      sizeBytes += read.value.byteLength;
      if (sizeBytes > MAX_JSON_BYTES) throw tooLargeJson();
      chunks.push(read.value);
    }
  } finally {
    reader.releaseLock();
  }
  return Buffer.concat(chunks);
}

function tooLargeJson(): AppError {
  const detail = `A JSON body has at most ${MAX_JSON_BYTES} bytes; upload files with PUT /api/blobs.`;
  return new AppError("too-large", detail);
}
