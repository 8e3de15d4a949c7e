// What a file's bytes are for a reader: text, a picture, or something that is only told by size and digest.

export type FileContent =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "picture"; readonly mediaType: string }
  /** The first bytes, as `hexdump -C` shows them. */
  | { readonly kind: "binary"; readonly dump: string }
  | { readonly kind: "empty" };

/** Larger files are not read into the page: they are for downloading. */
export const MAX_SHOWN_BYTES = 2 * 1_048_576;

const PICTURES: ReadonlyMap<string, string> = new Map([
  ["png", "image/png"],
  ["jpg", "image/jpeg"],
  ["jpeg", "image/jpeg"],
  ["gif", "image/gif"],
  ["webp", "image/webp"],
  ["avif", "image/avif"],
  ["ico", "image/x-icon"],
]);
const DUMP_BYTES = 256;
const DUMP_WIDTH = 16;

/** By the bytes; a picture also by its name. Text is what is UTF-8 throughout and holds no NUL. */
export function readContent(path: string, bytes: Uint8Array): FileContent {
  if (bytes.length === 0) return { kind: "empty" };
  const mediaType = PICTURES.get(extensionOf(path));
  if (mediaType !== undefined) return { kind: "picture", mediaType };
  const text = decodeText(bytes);
  return text === null ? { kind: "binary", dump: dumpBytes(bytes) } : { kind: "text", text };
}

/** In lower case and without the dot; empty for a name without one. */
export function extensionOf(path: string): string {
  const name = path.split("/").at(-1) ?? "";
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot + 1).toLowerCase();
}

function decodeText(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // Not UTF-8: shown as bytes.
    return null;
  }
}

/** Offset, bytes, and what of them can be printed. */
export function dumpBytes(bytes: Uint8Array): string {
  const shown = bytes.subarray(0, DUMP_BYTES);
  const lines: string[] = [];
  for (let offset = 0; offset < shown.length; offset += DUMP_WIDTH) {
    const row = [...shown.subarray(offset, offset + DUMP_WIDTH)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const printed = row
      .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "."))
      .join("");
    lines.push(`${offset.toString(16).padStart(8, "0")}  ${hex.padEnd(DUMP_WIDTH * 3 - 1)}  ${printed}`);
  }
  return lines.join("\n");
}
