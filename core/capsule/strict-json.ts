// JSON as I-JSON (RFC 7493) reads it: one meaning or none. JSON.parse takes duplicate keys and lone surrogates.
import { fail, ok, type Result } from "../../schemas/result.ts";
import { CAPSULE_LIMITS } from "./limits.ts";

export type StrictJsonLimits = { readonly maxBytes: number; readonly maxDepth?: number };

export type StrictJsonReason = {
  readonly code:
    | "too-large"
    | "bom"
    | "utf-8"
    | "syntax"
    | "too-deep"
    | "duplicate-key"
    | "lone-surrogate"
    | "number";
  /** Where in the text, counted in UTF-16 units; in bytes for what fails before decoding. */
  readonly offset: number;
  readonly message: string;
};

const NUMBER_PATTERN = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const WHITESPACE_PATTERN = /[ \t\n\r]*/y;
const LITERALS: readonly (readonly [string, unknown])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

/**
 * Parses UTF-8 bytes as strict JSON (CAPSULE.md C1): no byte order mark, no duplicate keys, no lone surrogates, no
 * number that a double cannot hold, at most `maxDepth` levels (32 when left out) and `maxBytes` bytes. Takes time
 * in proportion to the bytes. Keys such as `__proto__` come out as plain own properties.
 */
export function parseStrictJson(
  bytes: Uint8Array,
  limits: StrictJsonLimits,
): Result<unknown, StrictJsonReason> {
  const decoded = decodeUtf8(bytes, limits.maxBytes);
  if (!decoded.ok) return decoded;
  const reader = new JsonReader(decoded.value, limits.maxDepth ?? CAPSULE_LIMITS.jsonDepth);
  try {
    return ok(reader.readDocument());
  } catch (error) {
    if (error instanceof StrictJsonError) return fail(error.reason);
    throw error;
  }
}

class StrictJsonError extends Error {
  readonly reason: StrictJsonReason;
  constructor(reason: StrictJsonReason) {
    super(reason.message);
    this.reason = reason;
  }
}

function decodeUtf8(bytes: Uint8Array, maxBytes: number): Result<string, StrictJsonReason> {
  if (bytes.length > maxBytes) {
    return fail({ code: "too-large", offset: maxBytes, message: `longer than ${maxBytes} bytes` });
  }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return fail({ code: "bom", offset: 0, message: "begins with a byte order mark" });
  }
  try {
    return ok(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return fail({ code: "utf-8", offset: 0, message: "is not valid UTF-8" });
  }
}

/** A recursive descent reader; its recursion is bounded by `maxDepth`. */
class JsonReader {
  readonly #text: string;
  readonly #maxDepth: number;
  #position = 0;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  readDocument(): unknown {
    this.#skipWhitespace();
    const value = this.#readValue(0);
    this.#skipWhitespace();
    if (this.#position < this.#text.length) this.#stop("syntax", "text after the value");
    return value;
  }

  #readValue(depth: number): unknown {
    switch (this.#text[this.#position]) {
      case "{":
        return this.#readObject(depth + 1);
      case "[":
        return this.#readArray(depth + 1);
      case '"':
        return this.#readString();
      case "t":
      case "f":
      case "n":
        return this.#readLiteral();
      default:
        return this.#readNumber();
    }
  }

  #readObject(depth: number): Record<string, unknown> {
    this.#enter(depth);
    const object: Record<string, unknown> = {};
    if (this.#take("}")) return object;
    do {
      this.#skipWhitespace();
      const keyOffset = this.#position;
      const key = this.#readString();
      if (Object.hasOwn(object, key))
        this.#stop("duplicate-key", `duplicate key ${JSON.stringify(key)}`, keyOffset);
      this.#expect(":");
      this.#skipWhitespace();
      const value = this.#readValue(depth);
      // Plain assignment to `__proto__` would set the prototype and hide the key.
      if (key === "__proto__") {
        Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
      } else object[key] = value;
    } while (this.#take(","));
    this.#expect("}");
    return object;
  }

  #readArray(depth: number): unknown[] {
    this.#enter(depth);
    const array: unknown[] = [];
    if (this.#take("]")) return array;
    do {
      this.#skipWhitespace();
      array.push(this.#readValue(depth));
    } while (this.#take(","));
    this.#expect("]");
    return array;
  }

  /** By hand, not by one regular expression: a payload of megabytes would overflow the expression's stack. */
  #readString(): string {
    const start = this.#position;
    if (this.#text.charCodeAt(start) !== QUOTE) return this.#stop("syntax", "a string was expected");
    let end = start + 1;
    let hasEscape = false;
    for (let unit = this.#text.charCodeAt(end); unit !== QUOTE; unit = this.#text.charCodeAt(end)) {
      if (!(unit >= 0x20))
        return this.#stop("syntax", "a string ends early or holds a control character", end);
      if (unit === BACKSLASH) hasEscape = true;
      end += unit === BACKSLASH ? 2 : 1;
    }
    const body = this.#text.slice(start + 1, end);
    const value = hasEscape ? this.#unescape(body) : body;
    if (!value.isWellFormed()) this.#stop("lone-surrogate", "a string holds a lone surrogate");
    this.#position = end + 1;
    return value;
  }

  #unescape(body: string): string {
    try {
      return JSON.parse(`"${body}"`);
    } catch {
      return this.#stop("syntax", "a string holds an unknown escape");
    }
  }

  #readNumber(): number {
    const token = this.#match(NUMBER_PATTERN);
    if (token === null) return this.#stop("syntax", "a value was expected");
    const value = Number(token);
    if (!Number.isFinite(value))
      this.#stop("number", `${token} is beyond a double`, this.#position - token.length);
    return value;
  }

  #readLiteral(): unknown {
    for (const [word, value] of LITERALS) {
      if (this.#text.startsWith(word, this.#position)) {
        this.#position += word.length;
        return value;
      }
    }
    return this.#stop("syntax", "a value was expected");
  }

  #enter(depth: number): void {
    if (depth > this.#maxDepth) this.#stop("too-deep", `deeper than ${this.#maxDepth} levels`);
    this.#position++;
  }

  #take(character: string): boolean {
    this.#skipWhitespace();
    if (this.#text[this.#position] !== character) return false;
    this.#position++;
    return true;
  }

  #expect(character: string): void {
    if (!this.#take(character)) this.#stop("syntax", `${JSON.stringify(character)} was expected`);
  }

  #skipWhitespace(): void {
    if (this.#text.charCodeAt(this.#position) > 0x20) return;
    this.#match(WHITESPACE_PATTERN);
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#position;
    const token = pattern.exec(this.#text)?.[0] ?? null;
    if (token !== null) this.#position += token.length;
    return token;
  }

  #stop(code: StrictJsonReason["code"], message: string, offset = this.#position): never {
    throw new StrictJsonError({ code, offset, message: `${message} at ${offset}` });
  }
}
