// What is text, and what its lines are.

/** Larger texts are told by their digests: comparing lines takes time and memory. */
export const MAX_TEXT_BYTES = 1_048_576;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of bytes that are UTF-8 without NUL, as it is, a byte order mark included; null of anything else. */
export function readText(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return decoder.decode(bytes);
  } catch {
    // The one way in which a fatal decoder says that bytes are not UTF-8.
    return null;
  }
}

/** Lines with their line feeds; only the last may lack one. Joined they are the text again. */
export function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}
