import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalBytes, canonicalJson, parseCanonicalJson } from "./canonical-json.ts";
import { parseStrictJson } from "./strict-json.ts";

const encoder = new TextEncoder();

describe("canonicalJson", () => {
  it("[C2] sorts keys by UTF-16 units and writes numbers as ECMAScript does", () => {
    expect(canonicalJson({ "\ufb33": 1, "😀": 2, a: [1e21, -0, 0.1, 333333333.3333333] })).toBe(
      '{"a":[1e+21,0,0.1,333333333.3333333],"😀":2,"\ufb33":1}',
    );
  });

  it("[C2] refuses what JSON cannot hold, and drops nothing", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    const bad = [
      undefined,
      { a: undefined },
      [undefined],
      Number.NaN,
      1n,
      () => 1,
      "\ud800",
      { "\udc00": 1 },
      new Date(0),
      cycle,
    ];
    for (const value of bad) expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  it("[C2] writes __proto__ like any other key", () => {
    expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"x":1}}'))).toBe('{"__proto__":{"x":1},"b":1}');
  });

  it("[C2] what it writes reads back as the same value and is written the same again", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5, stringUnit: "grapheme" }), (value) => {
        const bytes = canonicalBytes(value);
        const parsed = parseStrictJson(bytes, { maxBytes: 4_194_304 });
        expect(parsed.ok).toBe(true);
        if (parsed.ok) expect(canonicalBytes(parsed.value)).toEqual(bytes);
      }),
      { numRuns: 200 },
    );
  });

  it("[C2] agrees with the canonicalize library, also on keys that look like integers", () => {
    const key = fc.oneof(
      fc.constantFrom("10", "9", "0", "01", "__proto__", "a", "\ufb33", "😀"),
      fc.string(),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.constant(null),
        tie("object"),
        fc.array(tie("tree"), { maxLength: 3 }),
      ),
      object: fc
        .array(fc.tuple(key, tie("tree")), { maxLength: 5 })
        .map((pairs) => Object.fromEntries(pairs)),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value));
      }),
      { numRuns: 300 },
    );
  });
});

describe("parseCanonicalJson", () => {
  const codeOf = (text: string) => {
    const result = parseCanonicalJson(encoder.encode(text), { maxBytes: 200 });
    return result.ok ? "ok" : result.reason.code;
  };

  it("[C2] takes the canonical form only, and says what else it was given", () => {
    for (const text of ['{"a":1,"b":[]}', '{"10":1,"9":2}', '"é"', '{"__proto__":1}'])
      expect(codeOf(text), text).toBe("ok");
    for (const text of [
      '{"b":1,"a":2}',
      '{"9":1,"10":2}',
      "1.0",
      "-0",
      '"\\u00e9"',
      " 1",
      '{"a": 1}',
      "1e3",
    ]) {
      expect(codeOf(text), text).toBe("not-canonical");
    }
    expect(codeOf('{"a":1,"a":1}')).toBe("duplicate-key");
    expect(codeOf('"\\ud800"')).toBe("lone-surrogate");
    expect(codeOf("[".repeat(33) + "]".repeat(33))).toBe("too-deep");
    expect(codeOf("[".repeat(32) + "]".repeat(32))).toBe("ok");
    expect(codeOf(`"${"a".repeat(199)}"`)).toBe("too-large");
  });

  it("[C1, C2] reads none of what JCS has no form for", () => {
    const bytesOf = (...parts: (string | number)[]) =>
      Uint8Array.from(
        parts.flatMap((part) => (typeof part === "number" ? [part] : [...encoder.encode(part)])),
      );
    const cases: readonly (readonly [string, Uint8Array, string])[] = [
      ["a lone high surrogate", bytesOf('"\\ud83d"'), "lone-surrogate"],
      ["a lone low surrogate", bytesOf('"\\udca9"'), "lone-surrogate"],
      ["a reversed pair", bytesOf('"\\udca9\\ud83d"'), "lone-surrogate"],
      ["a lone surrogate in a key", bytesOf('{"\\ud83d":1}'), "lone-surrogate"],
      ["a high surrogate before a letter", bytesOf('"\\ud83dx\\udca9"'), "lone-surrogate"],
      ["a surrogate as raw UTF-8", bytesOf('"', 0xed, 0xa0, 0xbd, '"'), "utf-8"],
      ["a pair as raw CESU-8", bytesOf('"', 0xed, 0xa0, 0xbd, 0xed, 0xb2, 0xa9, '"'), "utf-8"],
      ["a byte that begins nothing", bytesOf('"', 0x80, '"'), "utf-8"],
      ["an overlong form", bytesOf('"', 0xc0, 0xaf, '"'), "utf-8"],
      ["a cut sequence", bytesOf('"', 0xe2, 0x82, '"'), "utf-8"],
      ["beyond U+10FFFF", bytesOf('"', 0xf4, 0x90, 0x80, 0x80, '"'), "utf-8"],
      ["a byte order mark", bytesOf(0xef, 0xbb, 0xbf, "1"), "bom"],
      ["UTF-16", bytesOf(0x31, 0x00), "syntax"],
      ["a repeated key", bytesOf('{"a":1,"a":1}'), "duplicate-key"],
      ["a repeated key, escaped", bytesOf('{"a":1,"\\u0061":1}'), "duplicate-key"],
      ["a repeated key deep inside", bytesOf('[{"x":{"a":1,"b":2,"a":3}}]'), "duplicate-key"],
      ["minus zero", bytesOf("-0"), "not-canonical"],
      ["minus zero with an exponent", bytesOf("-0e1"), "not-canonical"],
      ["an integer that a double rounds", bytesOf("9007199254740993"), "not-canonical"],
      ["a number beyond a double", bytesOf("1e999"), "number"],
      ["undefined", bytesOf("undefined"), "syntax"],
      ["undefined as a member", bytesOf('{"a":undefined}'), "syntax"],
      ["NaN", bytesOf("[NaN]"), "syntax"],
      ["Infinity", bytesOf("[-Infinity]"), "syntax"],
      ["a raw control character", bytesOf('"', 0x1f, '"'), "syntax"],
      ["a key that is no string", bytesOf("{1:1}"), "syntax"],
    ];
    for (const [what, bytes, code] of cases) {
      const result = parseCanonicalJson(bytes, { maxBytes: 200 });
      expect(result.ok ? "ok" : result.reason.code, what).toBe(code);
    }
  });

  it("[C1] integers turn at 2^53: the last that a double holds exactly is canonical", () => {
    for (const text of ["9007199254740991", "-9007199254740991", "9007199254740992", "0"])
      expect(codeOf(text), text).toBe("ok");
    for (const text of ["9007199254740993", "-9007199254740993", "100000000000000000000000"])
      expect(codeOf(text), text).toBe("not-canonical");
  });
});
