// Bytes as hex and base64, compared and joined: the encodings that manifests and envelopes use (CAPSULE.md C2, S1).

const HEX_DIGITS = "0123456789abcdef";
const HEX_OF_BYTE: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => HEX_DIGITS.charAt(byte >> 4) + HEX_DIGITS.charAt(byte & 15),
);
/** How many bytes one call of String.fromCharCode takes: engines limit the number of arguments. */
const BINARY_CHUNK = 8_192;

/** Lowercase hex. */
export function toHex(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += HEX_OF_BYTE[byte];
  return hex;
}

/** The bytes of lowercase hex with an even number of digits, else null. */
export function fromHex(hex: string): Uint8Array | null {
  if (hex.length % 2 !== 0 || !/^[0-9a-f]*$/.test(hex)) return null;
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) =>
    Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16),
  );
}

/** Padded standard base64 (RFC 4648 §4). */
export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let start = 0; start < bytes.length; start += BINARY_CHUNK) {
    binary += String.fromCharCode.apply(null, bytes.subarray(start, start + BINARY_CHUNK) as never);
  }
  return btoa(binary);
}

/** The bytes of padded standard base64 that encodes again to the same text (CAPSULE.md S1), else null. */
export function fromBase64(encoded: string): Uint8Array | null {
  const binary = encoded.length % 4 === 0 ? decodeLeniently(encoded) : null;
  // `atob` passes over white space and missing padding: then the lengths do not fit.
  const paddingLength = encoded.endsWith("==") ? 2 : encoded.endsWith("=") ? 1 : 0;
  if (binary === null || binary.length !== (encoded.length / 4) * 3 - paddingLength) return null;
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  // Bits left over before the padding must be zero; only the last group can hold any.
  const lastGroup = bytes.subarray(bytes.length - (bytes.length % 3));
  return lastGroup.length > 0 && !encoded.endsWith(toBase64(lastGroup)) ? null : bytes;
}

/** Whether both hold the same bytes. Not for secrets: it stops at the first difference. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

/** One array with the bytes of all parts. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** The same bytes as WebCrypto takes them: over an ArrayBuffer, which is copied to only from shared memory. */
export function overArrayBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}

function decodeLeniently(encoded: string): string | null {
  try {
    return atob(encoded);
  } catch {
    // The one way in which `atob` says that a character is not base64.
    return null;
  }
}
