import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalBytes, canonicalJson, parseCanonicalJson } from "./canonical-json.ts";
import { parseStrictJson } from "./strict-json.ts";

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
    const result = parseCanonicalJson(new TextEncoder().encode(text), { maxBytes: 200 });
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
});
