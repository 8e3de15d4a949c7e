// Reading and judging the HTTP header fields that serving files turns on (RFC 9110).

export type ByteRange =
  | { readonly kind: "part"; readonly offset: number; readonly length: number }
  | { readonly kind: "unsatisfiable" }
  /** None, more than one, or not understood: the whole is sent (RFC 9110 §14.2). */
  | { readonly kind: "whole" };

const WHOLE: ByteRange = { kind: "whole" };

/** What a Range field asks for, of a file of this size. */
export function readRange(field: string | null, sizeBytes: number): ByteRange {
  const match = field === null ? null : /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(field);
  if (match === null) return WHOLE;
  const [, firstText = "", lastText = ""] = match;
  if (firstText === "") return readSuffix(lastText, sizeBytes);
  const first = Number(firstText);
  const last = lastText === "" ? Number.POSITIVE_INFINITY : Number(lastText);
  if (last < first) return WHOLE;
  if (first >= sizeBytes) return { kind: "unsatisfiable" };
  return { kind: "part", offset: first, length: Math.min(last, sizeBytes - 1) - first + 1 };
}

function readSuffix(lengthText: string, sizeBytes: number): ByteRange {
  if (lengthText === "") return WHOLE;
  const length = Math.min(Number(lengthText), sizeBytes);
  if (length === 0) return { kind: "unsatisfiable" };
  return { kind: "part", offset: sizeBytes - length, length };
}

/** Whether an If-None-Match field names this strong ETag; compared weakly, as RFC 9110 §13.1.2 says. */
export function matchesEtag(field: string | null, etag: string): boolean {
  if (field === null) return false;
  if (field.trim() === "*") return true;
  return (field.match(/(?:W\/)?"[^"]*"/g) ?? []).some((item) => item.replace(/^W\//, "") === etag);
}

/** Whether an Accept-Encoding field allows a coding (RFC 9110 §12.5.3). */
export function acceptsEncoding(field: string | null, coding: string): boolean {
  if (field === null) return false;
  let wildcard = false;
  for (const item of field.toLowerCase().split(",")) {
    const [name = "", ...parameters] = item.split(";").map((part) => part.trim());
    const isAllowed = readQuality(parameters) > 0;
    if (name === coding) return isAllowed;
    if (name === "*") wildcard = isAllowed;
  }
  return wildcard;
}

function readQuality(parameters: readonly string[]): number {
  const quality = parameters.find((parameter) => parameter.startsWith("q="));
  const value = quality === undefined ? 1 : Number(quality.slice("q=".length));
  return Number.isNaN(value) ? 0 : value;
}

/** Whether a client names pages among what it takes, as browsers do. */
export function asksForPage(accept: string | null): boolean {
  return accept !== null && /\btext\/html\b/i.test(accept);
}

/** Whether a client would rather read JSON than a page. */
export function prefersJson(accept: string | null): boolean {
  return accept !== null && /\bjson\b/i.test(accept) && !/text\/html/i.test(accept);
}
