import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainTokens, readTokens } from "./code-tokens.ts";
import { type CodeLanguage, highlightCode, languageOf } from "./highlight-code.ts";

const LANGUAGES: readonly CodeLanguage[] = [
  "typescript",
  "json",
  "css",
  "xml",
  "markdown",
  "yaml",
  "bash",
  "sql",
];
const textOf = (lines: readonly (readonly { readonly text: string }[])[]) =>
  lines.map((tokens) => tokens.map(({ text }) => text).join("")).join("\n");

describe("highlighted code", () => {
  test("is tokens by line, each with its kind", async () => {
    const [first, second] = await highlightCode('const a = "<b>";\n// c', "typescript");
    expect(first).toContainEqual({ text: "const", kind: "keyword" });
    expect(first).toContainEqual({ text: '"<b>"', kind: "string" });
    expect(second).toEqual([{ text: "// c", kind: "comment" }]);
  });

  test("goes on in its kind over a line break", async () => {
    const lines = await highlightCode("/* a\nb */", "css");
    expect(lines).toEqual([[{ text: "/* a", kind: "comment" }], [{ text: "b */", kind: "comment" }]]);
  });

  test.each(LANGUAGES)("in %s is the same text as before, whatever is in it", async (language) => {
    const piece = fc.constantFrom(
      "<",
      ">",
      "&",
      '"',
      "'",
      "`",
      "\n",
      "{",
      "}",
      "a",
      "&lt;",
      "</span>",
      "<span class=",
      " ",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
        const code = pieces.join("");
        expect(textOf(await highlightCode(code, language))).toBe(code);
      }),
      { numRuns: 60 },
    );
  });

  test("stays plain when it is very long", async () => {
    const code = "const a = 1;\n".repeat(30_000);
    expect((await highlightCode(code, "typescript"))[0]).toEqual([{ text: "const a = 1;", kind: null }]);
  });
});

test("plain text keeps empty lines", () => {
  expect(plainTokens("a\n\nb")).toEqual([[{ text: "a", kind: null }], [], [{ text: "b", kind: null }]]);
});

test("a span that the highlighter does not write is text", () => {
  expect(readTokens("&lt;script&gt;")).toEqual([[{ text: "<script>", kind: null }]]);
});

test.each([
  ["src/a.ts", "typescript"],
  ["capsule.json", "json"],
  ["a.caps", "json"],
  ["README.MD", "markdown"],
  ["Makefile", null],
  ["a.unknown", null],
])("%s is %s", (path, language) => {
  expect(languageOf(path)).toBe(language);
});
