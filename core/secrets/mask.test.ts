import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMask, MASKED } from "./mask.ts";

const SECRET = 'c0rrect-hörse "battery"/staple+42';
const mask = createMask([SECRET]);

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

describe("a secret in a text that is written down", () => {
  test.each([
    ["as it is", SECRET],
    ["in JSON", JSON.stringify({ token: SECRET })],
    ["in JSON inside of JSON", JSON.stringify(JSON.stringify({ token: SECRET }))],
    ["in a URL", `https://example.invalid/?key=${encodeURIComponent(SECRET)}&more=1`],
    ["in a form", new URLSearchParams({ key: SECRET }).toString()],
    ["in base64", base64(SECRET)],
    ["in base64 behind a user's name", `Basic ${base64(`user:${SECRET}`)}`],
    ["in base64 between other bytes", base64(`ab${SECRET}tail`)],
    ["in base64 for URLs", base64(`x${SECRET}`).replaceAll("+", "-").replaceAll("/", "_")],
    ["in hex", [...new TextEncoder().encode(SECRET)].map((b) => b.toString(16).padStart(2, "0")).join("")],
  ])("%s is taken out", (_how, text) => {
    const masked = mask(text);
    expect(masked).toContain(MASKED);
    expect(masked).not.toContain("battery");
    for (const part of [base64(SECRET).slice(4, 20), base64(`x${SECRET}`).slice(4, 20)]) {
      expect(masked).not.toContain(part);
    }
  });

  test("leaves the words around it as they are", () => {
    expect(mask(`before ${SECRET} after`)).toBe(`before ${MASKED} after`);
    expect(mask("nothing of it")).toBe("nothing of it");
  });

  test("of several lines goes as a whole and line by line", () => {
    const key =
      "-----BEGIN KEY-----\nMIIBVgIBADANBgkqhkiG9w0BAQ\nEFAASCAT8wggE7AgEAAkEAq7BFUp\n-----END KEY-----";
    const maskKey = createMask([key]);
    expect(maskKey(`key: ${key}.`)).toBe(`key: ${MASKED}.`);
    expect(maskKey("line 2 is MIIBVgIBADANBgkqhkiG9w0BAQ!")).toBe(`line 2 is ${MASKED}!`);
    expect(maskKey(JSON.stringify({ key }))).not.toContain("MIIBVg");
  });

  test("that begins with another secret goes whole", () => {
    expect(createMask(["abcd", "abcdefgh"])("abcdefgh abcd")).toBe(`${MASKED} ${MASKED}`);
  });

  test("cut in the middle by whoever shortened the text goes as well", () => {
    const text = `${"x".repeat(9_000)}${SECRET.slice(0, 20)}`;
    expect(mask(text)).toBe("x".repeat(9_000) + MASKED);
  });

  test("shorter than four characters stays, as the documentation says", () => {
    expect(createMask(["a", "abc", ""])("a b abc")).toBe("a b abc");
  });

  test("is never left in a text that holds it, whatever stands around it", () => {
    fc.assert(
      fc.property(
        fc
          .string({ minLength: 8, unit: "grapheme" })
          .filter((value) => value.trim().length >= 8 && !value.includes("*")),
        fc.string(),
        fc.string(),
        (value, before, after) => {
          const maskIt = createMask([value]);
          expect(maskIt(before + value + after)).not.toContain(value);
          expect(maskIt(JSON.stringify({ a: before, value }))).not.toContain(JSON.stringify(value));
        },
      ),
      { numRuns: 300 },
    );
  });
});
