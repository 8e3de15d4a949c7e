// Takes secret values out of text that somebody will read: each in the forms in which programs usually print it. What it
// cannot know (a value reversed, split, encrypted, or shorter than four characters) stays.

import { toBase64, toHex } from "../capsule/bytes.ts";

/** Stands where a secret stood. */
export const MASKED = "***";

/** A shorter value stands in too many words by chance. */
const MIN_VALUE_CHARACTERS = 4;
const MIN_ENCODED_CHARACTERS = 8;
/** A line of a longer value (a key in PEM) is a secret on its own. */
const MIN_LINE_CHARACTERS = 8;
/** Whoever printed the text may have cut it here; then only a secret's beginning may stand at its end. */
const CUT_FROM_CHARACTERS = 8_192;

export type Mask = (text: string) => string;

/** A function that replaces every form of every value. Without values it changes nothing. */
export function createMask(values: readonly string[]): Mask {
  const forms = [...new Set(values.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  if (forms.length === 0) return (text) => text;
  return (text) => {
    let masked = text.length < CUT_FROM_CHARACTERS ? text : maskCutEnd(text, forms);
    for (const form of forms) masked = masked.replaceAll(form, MASKED);
    return masked;
  };
}

/** As it is, by lines, escaped for JSON, for URLs and forms, in hex, in base64 at each of its three alignments. */
export function formsOf(value: string): readonly string[] {
  if (value.length < MIN_VALUE_CHARACTERS) return [];
  const bytes = new TextEncoder().encode(value);
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  const quoted = JSON.stringify(value).slice(1, -1);
  const url = encodeURIComponent(value.toWellFormed());
  return [
    value,
    value.trim().length < MIN_VALUE_CHARACTERS ? value : value.trim(),
    ...(lines.length === 1 ? [] : lines.filter((line) => line.length >= MIN_LINE_CHARACTERS)),
    quoted,
    // A secret inside of JSON that is itself a string in JSON.
    JSON.stringify(quoted).slice(1, -1),
    url,
    url.replaceAll("%20", "+"),
    url.replace(/%[0-9A-F]{2}/g, (escaped) => escaped.toLowerCase()),
    encodeURI(value.toWellFormed()),
    ...encodedForms(bytes),
  ];
}

/** Bytes as text: in hex, and in base64 at each of its three alignments. */
export function encodedForms(bytes: Uint8Array): readonly string[] {
  const hex = toHex(bytes);
  return [hex, hex.toUpperCase(), ...base64Forms(bytes)];
}

/**
 * Base64 of the bytes wherever they stand in something longer (`Basic <user:secret>`): the characters that depend on what
 * stands beside them are left out. In both alphabets.
 */
function base64Forms(bytes: Uint8Array): readonly string[] {
  const standard = [0, 1, 2].map((shift) => {
    const shifted = new Uint8Array(shift + bytes.length);
    shifted.set(bytes, shift);
    const whole = toBase64(shifted);
    const start = Math.ceil((shift * 8) / 6);
    const end = Math.floor(((shift + bytes.length) * 8) / 6);
    return whole.slice(start, end);
  });
  const long = standard.filter((form) => form.length >= MIN_ENCODED_CHARACTERS);
  const forms = long.length === standard.length ? long : [toBase64(bytes), ...long];
  return forms.flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")]);
}

/** A text that was cut in the middle of a secret ends with the secret's beginning. */
function maskCutEnd(text: string, forms: readonly string[]): string {
  let keptLength = text.length;
  for (const form of forms) {
    const head = form.slice(0, MIN_ENCODED_CHARACTERS);
    let at = text.indexOf(head, Math.max(0, text.length - form.length + 1));
    while (at >= 0 && !form.startsWith(text.slice(at))) at = text.indexOf(head, at + 1);
    if (at >= 0) keptLength = Math.min(keptLength, at);
  }
  return keptLength === text.length ? text : text.slice(0, keptLength) + MASKED;
}
