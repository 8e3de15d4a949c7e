// What a file's bytes can be shown as.
import { MAX_TEXT_BYTES, readText } from "../../../../core/editing/text-lines.ts";

export type FileContent =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "image"; readonly type: string; readonly bytes: Uint8Array<ArrayBuffer> }
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

export function readContent(path: string, bytes: Uint8Array<ArrayBuffer>): FileContent {
  const type = IMAGE_TYPES[path.slice(path.lastIndexOf(".") + 1).toLowerCase()];
  if (type !== undefined) return { kind: "image", type, bytes };
  const text = readText(bytes);
  return text === null ? { kind: "binary" } : { kind: "text", text };
}
