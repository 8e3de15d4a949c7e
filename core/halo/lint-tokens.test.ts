import { describe, expect, test } from "vitest";
import { lintTokens } from "./lint-tokens.ts";

function valuesOf(css: string, file = "app.css"): string[] {
  return lintTokens(file, css).map(({ value }) => value);
}

describe("a raw colour is found", () => {
  test.each([
    ["#fff", "#fff"],
    ["#0a5a70cc", "#0a5a70cc"],
    ["rgb(10 20 30)", "rgb(10 20 30)"],
    ["rgba(1,2,3,.5)", "rgba(1,2,3,.5)"],
    ["hsl(200deg 50% 40%)", "hsl(200deg 50% 40%)"],
    ["oklch(0.7 0.1 200)", "oklch(0.7 0.1 200)"],
    ["RebeccaPurple", "RebeccaPurple"],
  ])("color: %s", (value, found) => {
    expect(valuesOf(`a { color: ${value} }`)).toEqual([found]);
  });

  test("each one of a value, in order", () => {
    expect(valuesOf("a { background: linear-gradient(red, #fff 2rem) }")).toEqual(["red", "#fff", "2rem"]);
  });
});

describe("a raw size is found", () => {
  test.each(["12px", "1px", "-0.5rem", "+2pt", ".25rem", "10mm", "1in", "4Q"])("margin: %s", (value) => {
    expect(valuesOf(`a { margin: ${value} }`)).toEqual([value]);
  });

  test("also inside calc(), and in a custom property beside rules", () => {
    expect(valuesOf("a { --gap: 3px; width: calc(100% - 2rem) }")).toEqual(["3px", "2rem"]);
  });
});

describe("what is no raw value is left alone", () => {
  test.each([
    ["color", "var(--color-text)"],
    ["color", "transparent"],
    ["color", "currentColor"],
    ["background", "Canvas"],
    ["background", "color-mix(in srgb, var(--a) 20%, transparent)"],
    ["color", "rgb(from var(--a) r g b / 50%)"],
    ["color", "var(--red)"],
    ["background", "url(#fff)"],
    ["background", "url('12px.png')"],
    ["content", '"12px red #fff"'],
    ["margin", "0"],
    ["margin", "0px"],
    ["width", "100%"],
    ["padding", "1.5em 2ch"],
    ["width", "min(40vw, 20cqi)"],
    ["grid-template-columns", "1fr 2fr"],
    ["rotate", "12deg"],
    ["transition", "color 120ms"],
    ["animation-name", "tan"],
    ["grid-area", "linen"],
    ["width", "var(--size-12px)"],
  ])("%s: %s", (property, value) => {
    expect(valuesOf(`a { ${property}: ${value} }`)).toEqual([]);
  });

  test("comments, selectors, and the conditions of @media and @container, which take no custom property", () => {
    const css =
      "/* #fff 12px */ #fff, a.red { color: var(--x) } @media (min-width: 640px) { b { margin: 0 } }";
    expect(valuesOf(css)).toEqual([]);
  });
});

describe("a finding", () => {
  test("says file, line, column, value and what to do", () => {
    const css = "a {\n  margin: 0;\n  border: 1px solid\n    red;\n}\n";
    expect(lintTokens("site/a.css", css)).toEqual([
      { file: "site/a.css", line: 3, column: 11, value: "1px", hint: expect.stringContaining("size") },
      { file: "site/a.css", line: 4, column: 5, value: "red", hint: expect.stringContaining("colour") },
    ]);
  });

  test("stands where it stands in the page, for a <style> of an HTML or Astro file", () => {
    const page =
      '---\nconst a = "#fff";\n---\n<p>12px</p>\n<style lang="css">\n  p { color: #123 }\n</style>\n<b>1px</b>';
    expect(lintTokens("a.astro", page)).toMatchObject([{ line: 6, column: 14, value: "#123" }]);
  });

  test("is told up to a limit", () => {
    expect(valuesOf(`a { ${"margin: 1px;".repeat(1_000)} }`)).toHaveLength(200);
  });
});

describe("a tokens file may hold raw values in its custom properties", () => {
  const tokens = ":root { color-scheme: dark; --a: #fff; --b: 2px } @media (x) { :root { --a: red } }";

  test.each(["tokens.css", "styles/tokens.css", "dark.tokens.css", "anything.css"])("%s", (file) => {
    expect(valuesOf(tokens, file)).toEqual([]);
  });

  test("but a rule in one that is called so is none of its custom properties", () => {
    expect(valuesOf(`${tokens} a { margin: 3px }`, "tokens.css")).toEqual(["3px"]);
  });

  test("the moment a file of tokens gets a rule, it is a style sheet", () => {
    expect(valuesOf(`${tokens} a { margin: 0 }`)).toEqual(["#fff", "2px", "red"]);
  });

  test("a name that only ends alike is no tokens file", () => {
    expect(valuesOf(":root { --a: #fff } a { margin: 0 }", "mytokens.css")).toEqual(["#fff"]);
  });
});

describe("a sheet that is not whole is read as far as it goes", () => {
  test.each([
    ["a { color: #fff", ["#fff"]],
    ["a { color: #fff /* never closed", ["#fff"]],
    ["} } a { color: #fff }", ["#fff"]],
    ['a { content: "never closed; color: #fff }\nb { color: #000 }', ["#000"]],
  ])("%s", (css, found) => {
    expect(valuesOf(css)).toEqual(found);
  });
});
