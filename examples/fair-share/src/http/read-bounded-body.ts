/** Reads a request body and stops at a limit: Content-Length may lie or be absent. */
import { HTTPException } from "hono/http-exception";
import { limits } from "../limits";

/** The body as text; throws a 413 past `limits.bodyBytesMax` and a 400 for bytes that are not UTF-8. */
export async function readBoundedBody(request: Request): Promise<string> {
  if (Number(request.headers.get("content-length") ?? 0) > limits.bodyBytesMax) throw tooLarge();
  const reader = request.body?.getReader();
  if (reader === undefined) return "";
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let sizeBytes = 0;
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decodeChunk(decoder, undefined);
    sizeBytes += value.byteLength;
    if (sizeBytes > limits.bodyBytesMax) {
      await reader.cancel();
      throw tooLarge();
    }
    text += decodeChunk(decoder, value);
  }
}

function decodeChunk(decoder: TextDecoder, chunk: Uint8Array | undefined): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch (cause) {
    throw new HTTPException(400, { message: "The body is not UTF-8 text.", cause });
  }
}

function tooLarge(): HTTPException {
  return new HTTPException(413, { message: `The body is larger than ${limits.bodyBytesMax} bytes.` });
}
