// A JSON body before it is parsed: UTF-8 (RFC 8259 §8.1), of bounded depth, and without half characters. Whatever walks or
// hashes a value later may count on that.
import type { MiddlewareHandler } from "hono";
import type { ApiEnv } from "./api-app.ts";
import { AppError } from "./app-error.ts";

const METHODS: ReadonlySet<string> = new Set(["POST", "PATCH"]);
/** Deeper than anything that the platform reads (core/capsule/limits.ts). */
export const MAX_JSON_DEPTH = 128;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** 400 for a body that is not so. Reads the body, which is bounded by then, and keeps it for the route. */
export const requireSoundJson: MiddlewareHandler<ApiEnv> = async (context, next) => {
  if (!METHODS.has(context.req.method)) return await next();
  const bytes = new Uint8Array(await context.req.arrayBuffer());
  const { isTooDeep, hasSurrogateEscape } = scanJson(bytes);
  if (isTooDeep) {
    throw new AppError(
      "validation",
      `A JSON body is nested at most ${MAX_JSON_DEPTH} levels deep; this one is deeper.`,
    );
  }
  const text = decodeUtf8(bytes);
  if (text === null) throw new AppError("malformed-json", "The body is not UTF-8; check how it was encoded.");
  if (hasSurrogateEscape && !isWellFormedJson(text)) {
    throw new AppError(
      "validation",
      "The body has half of a surrogate pair in a string; no character is written so.",
    );
  }
  await next();
};

/** One pass over the bytes, without building anything; what is no JSON is scanned all the same. */
export function scanJson(bytes: Uint8Array): { isTooDeep: boolean; hasSurrogateEscape: boolean } {
  let depth = 0;
  let isInString = false;
  let hasSurrogateEscape = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (isInString) {
      if (byte === QUOTE) isInString = false;
      if (byte !== BACKSLASH) continue;
      index += 1;
      hasSurrogateEscape ||= isSurrogateEscape(bytes, index);
      continue;
    }
    if (byte === QUOTE) isInString = true;
    else if (byte === 0x5b || byte === 0x7b) depth += 1;
    else if (byte === 0x5d || byte === 0x7d) depth -= 1;
    if (depth > MAX_JSON_DEPTH) return { isTooDeep: true, hasSurrogateEscape };
  }
  return { isTooDeep: false, hasSurrogateEscape };
}

/** `ud8` to `udf`, in any case, from this index on. */
function isSurrogateEscape(bytes: Uint8Array, index: number): boolean {
  const [u, d, third] = bytes.subarray(index, index + 3);
  if (u !== 0x75 || ((d ?? 0) | 0x20) !== 0x64) return false;
  return /[89a-f]/i.test(String.fromCharCode(third ?? 0));
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return null;
  }
}

/** True also of what is no JSON: the route says so. */
function isWellFormedJson(text: string): boolean {
  let isWellFormed = true;
  try {
    JSON.parse(text, (key, value) => {
      isWellFormed &&= key.isWellFormed() && (typeof value !== "string" || value.isWellFormed());
      return value;
    });
  } catch {
    return true;
  }
  return isWellFormed;
}
