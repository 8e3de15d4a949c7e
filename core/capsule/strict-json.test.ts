import { describe, expect, it } from "vitest";
import { parseStrictJson } from "./strict-json.ts";

const encoder = new TextEncoder();
const limits = { maxBytes: 1_000 };

function codeOf(text: string | Uint8Array, maxBytes = 1_000): string {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  const result = parseStrictJson(bytes, { maxBytes });
  return result.ok ? "ok" : result.reason.code;
}

describe("parseStrictJson", () => {
  it("[C1] reads what JSON.parse reads", () => {
    for (const text of [
      '{"a":[1,-0.5e3,true,false,null,"\\u00e9\\n"],"b":{}}',
      " [ ] ",
      '"😀"',
      "0",
      '{"":"\\ud83d\\ude00"}',
    ]) {
      const result = parseStrictJson(encoder.encode(text), limits);
      expect(result).toEqual({ ok: true, value: JSON.parse(text) });
    }
  });

  it("[C1] rejects duplicate keys, also when spelled differently or named __proto__", () => {
    expect(codeOf('{"a":1,"a":2}')).toBe("duplicate-key");
    expect(codeOf('{"a":1,"\\u0061":2}')).toBe("duplicate-key");
    expect(codeOf('{"__proto__":1,"__proto__":2}')).toBe("duplicate-key");
    expect(codeOf('{"a":{"b":1},"b":1}')).toBe("ok");
  });

  it("[C1] keeps __proto__ as a plain key", () => {
    const result = parseStrictJson(encoder.encode('{"__proto__":{"x":1}}'), limits);
    expect(result.ok && Object.keys(result.value as object)).toEqual(["__proto__"]);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it("[C1] rejects lone surrogates, bad UTF-8 and a byte order mark", () => {
    expect(codeOf('"\\ud800"')).toBe("lone-surrogate");
    expect(codeOf('{"\\udc00":1}')).toBe("lone-surrogate");
    expect(codeOf(Uint8Array.of(0x22, 0xff, 0x22))).toBe("utf-8");
    expect(codeOf(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22))).toBe("utf-8");
    expect(codeOf(Uint8Array.of(0xef, 0xbb, 0xbf, 0x31))).toBe("bom");
  });

  it("[C1] allows 32 levels and not 33", () => {
    expect(codeOf("[".repeat(32) + "]".repeat(32))).toBe("ok");
    expect(codeOf("[".repeat(33) + "]".repeat(33))).toBe("too-deep");
    expect(codeOf("[".repeat(900))).toBe("too-deep");
  });

  it("[C1] allows the limit in bytes and not one more", () => {
    expect(codeOf(`"${"a".repeat(8)}"`, 10)).toBe("ok");
    expect(codeOf(`"${"a".repeat(9)}"`, 10)).toBe("too-large");
  });

  it("[C1] rejects what is not JSON", () => {
    const texts = [
      "",
      "{",
      "[1,]",
      '{"a":1,}',
      "{a:1}",
      "01",
      "+1",
      "1.",
      ".5",
      "NaN",
      "nul",
      "[1 2]",
      "1 2",
      "'a'",
      '"\n"',
    ];
    for (const text of [...texts, '"a', '"\\x"', '"\\u12g4"', '"\\', "// c\n1", "\u00a01"])
      expect(codeOf(text), text).toBe("syntax");
    expect(codeOf("1e400")).toBe("number");
  });

  it("[C1] comes to an end on what would send a backtracking reader astray", () => {
    const text = `{${Array.from({ length: 60_000 }, (_, index) => `"k${index}":"\\n${"x".repeat(20)}"`).join(",")}}`;
    expect(codeOf(text, 4_194_304)).toBe("ok");
    expect(codeOf(`"${"\\".repeat(2_000_000)}"`, 4_194_304)).toBe("ok");
    expect(codeOf('"'.repeat(1_000_000), 4_194_304)).toBe("syntax");
  });
});
