// A tenant's bytes on a platform host go out as attachments, unsniffed and sandboxed (ARCHITECTURE.md "At the door"):
// a page among them must never run with the platform's own origin.

/** Headers for bytes that a tenant has put; the name is encoded (RFC 6266, RFC 8187). */
export function attachmentHeaders(fileName: string): Record<string, string> {
  const ascii = fileName.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  return {
    "content-disposition": `attachment; filename="${ascii}"; filename*=UTF-8''${encodeExtended(fileName)}`,
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "private, no-store",
  };
}

/** encodeURIComponent leaves ' ( ) * alone, which RFC 8187's attr-char does not allow. */
function encodeExtended(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
