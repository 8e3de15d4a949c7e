// What a file's bytes can be shown as.
import { MAX_TEXT_BYTES, readText } from "../../../../core/editing/text-lines.ts";

export type FileContent =
  | { readonly kind: "text"; readonly text: string }
  /** A `data:` address: the page's policy lets no other foreign picture in. */
  | { readonly kind: "image"; readonly url: string }
  | { readonly kind: "binary" };

/** Larger files are told, and downloaded. */
export const MAX_SHOWN_BYTES = MAX_TEXT_BYTES;

/** SVG is text here: it is shown as what it says, and never run. */
const IMAGE_TYPES: Readonly<Record<string, string>> = {
  avif: "image/avif",
  gif: "image/gif",
  ico: "image/x-icon",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
};
const CHUNK_BYTES = 8_192;

export function readContent(path: string, bytes: Uint8Array): FileContent {
  const type = IMAGE_TYPES[path.slice(path.lastIndexOf(".") + 1).toLowerCase()];
  if (type !== undefined) return { kind: "image", url: `data:${type};base64,${encode(bytes)}` };
  const text = readText(bytes);
  return text === null ? { kind: "binary" } : { kind: "text", text };
}

function encode(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    parts.push(String.fromCharCode(...bytes.subarray(start, start + CHUNK_BYTES)));
  }
  return btoa(parts.join(""));
}
