// The one way to write a value as JSON: RFC 8785, the JSON Canonicalization Scheme (CAPSULE.md C1, C2).
import canonicalize from "canonicalize";
import { fail, ok, type Result } from "../../schemas/result.ts";
import { CAPSULE_LIMITS } from "./limits.ts";
import { parseStrictJson, type StrictJsonLimits, type StrictJsonReason } from "./strict-json.ts";

export type CanonicalJsonReason =
  | StrictJsonReason
  | { readonly code: "not-canonical"; readonly offset: number; readonly message: string };

/** Far deeper than any document here may be (CAPSULE.md C1), and far from the end of the stack. */
const MAX_DEPTH = 512;
const INTEGER_KEY = /^(?:0|[1-9]\d*)$/;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const encoder = new TextEncoder();

/**
 * The JCS form (RFC 8785) of a JSON value.
 * Throws a TypeError on what JSON cannot hold (undefined, functions, bigints, NaN, lone surrogates, cycles, class
 * instances): a caller that passes such a value has made a mistake, and `canonicalize` would drop some in silence.
 */
export function canonicalJson(value: unknown, maxDepth = MAX_DEPTH): string {
  const order: KeyOrder = { isReachable: true };
  const sorted = sortKeys(value, 0, maxDepth, order);
  // The engine's own writer follows the rules of JCS for all but the order of keys, and is several times faster.
  const json = order.isReachable ? JSON.stringify(sorted) : canonicalize(value);
  if (json === undefined) throw new TypeError("JSON cannot hold this value");
  return json;
}

/** The UTF-8 bytes of `canonicalJson(value)`: what is hashed and signed. */
export function canonicalBytes(value: unknown): Uint8Array {
  return encoder.encode(canonicalJson(value));
}

/**
 * Parses bytes that must be the JCS form of their value, under the limits of `parseStrictJson` (CAPSULE.md C1, C2).
 * Text that JSON.parse reads and that is written again as the very same text repeats no key and has one meaning, so
 * the strict reader is only asked when it is not, to say why.
 */
export function parseCanonicalJson(
  bytes: Uint8Array,
  limits: StrictJsonLimits,
): Result<unknown, CanonicalJsonReason> {
  if (bytes.length <= limits.maxBytes) {
    const quickly = parseQuickly(bytes, limits.maxDepth ?? CAPSULE_LIMITS.jsonDepth);
    if (quickly !== null) return ok(quickly.value);
  }
  const parsed = parseStrictJson(bytes, limits);
  if (!parsed.ok) return parsed;
  return fail({
    code: "not-canonical",
    offset: 0,
    message: "the bytes are not the canonical form (RFC 8785)",
  });
}

/** Cleared when an object's sorted order cannot be had in a JavaScript object. */
type KeyOrder = { isReachable: boolean };

function parseQuickly(bytes: Uint8Array, maxDepth: number): { readonly value: unknown } | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    return canonicalJson(value, maxDepth) === text ? { value } : null;
  } catch {
    // Whatever is wrong, the strict reader finds and names it.
    return null;
  }
}

/** The value with every object's keys in order; what is in order already is not copied. */
function sortKeys(value: unknown, depth: number, maxDepth: number, order: KeyOrder): unknown {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string") {
    if (!value.isWellFormed()) throw new TypeError("a string holds a lone surrogate");
    return value;
  }
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError("JSON holds finite numbers only");
    return value;
  }
  if (typeof value !== "object") throw new TypeError(`JSON cannot hold a value of type ${typeof value}`);
  if (depth >= maxDepth) throw new TypeError("the value is nested too deeply, or holds itself");
  if (Array.isArray(value)) return sortItems(value, depth, maxDepth, order);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new TypeError("JSON holds plain objects only");
  return sortMembers(value as Record<string, unknown>, depth, maxDepth, order);
}

function sortItems(
  items: readonly unknown[],
  depth: number,
  maxDepth: number,
  order: KeyOrder,
): readonly unknown[] {
  let copy: unknown[] | null = null;
  // By index: `for … of` and `map` pass over or keep the holes of an array, which JSON cannot hold.
  for (let index = 0; index < items.length; index++) {
    const sorted = sortKeys(items[index], depth + 1, maxDepth, order);
    if (sorted !== items[index] && copy === null) copy = items.slice();
    if (copy !== null) copy[index] = sorted;
  }
  return copy ?? items;
}

function sortMembers(
  members: Readonly<Record<string, unknown>>,
  depth: number,
  maxDepth: number,
  order: KeyOrder,
): Readonly<Record<string, unknown>> {
  const keys = Object.keys(members);
  let isSame = true;
  let previous = "";
  for (const key of keys) {
    if (key < previous) isSame = false;
    previous = key;
    if (!key.isWellFormed()) throw new TypeError("a key holds a lone surrogate");
    if (isEngineOrdered(key)) order.isReachable = false;
  }
  // Most objects come in order: they are copied only from where something in them moves.
  let sorted: Record<string, unknown> | null = isSame ? null : {};
  if (!isSame) keys.sort();
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] as string;
    const value = sortKeys(members[key], depth + 1, maxDepth, order);
    if (sorted === null && value !== members[key]) sorted = pick(members, keys.slice(0, index));
    if (sorted !== null && key !== "__proto__") sorted[key] = value;
  }
  return sorted ?? members;
}

function pick(members: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const key of keys) if (key !== "__proto__") picked[key] = members[key];
  return picked;
}

/** Engines put integers first, whatever the order in which they are set; `__proto__` cannot be set at all. */
function isEngineOrdered(key: string): boolean {
  const first = key.charCodeAt(0);
  return first >= DIGIT_0 && first <= DIGIT_9 ? INTEGER_KEY.test(key) : key === "__proto__";
}
