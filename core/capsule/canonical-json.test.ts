import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalBytes, canonicalJson } from "./canonical-json.ts";
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
});
