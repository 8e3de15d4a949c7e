/** A short hash of a file's content for its address, so that it may be cached for ever. */

/** FNV-1a, 32 bits, in hexadecimal. It names a version; it protects nothing. */
export function contentHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
