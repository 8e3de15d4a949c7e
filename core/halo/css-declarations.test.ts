import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { positionOf, readDeclarations } from "./css-declarations.ts";

describe("declarations of a sheet", () => {
  test("come with property, value, place and the rules around them", () => {
    const css = '@media (x) { /* y */ :root[data-a="b"] { --a : 1 ; COLOR: red } }';
    expect(readDeclarations(css)).toEqual([
      { property: "--a", value: "1", offset: css.indexOf("1"), context: ["@media (x)", ':root[data-a="b"]'] },
      {
        property: "color",
        value: "red",
        offset: css.indexOf("red"),
        context: ["@media (x)", ':root[data-a="b"]'],
      },
    ]);
  });

  test("nested rules are no declarations, whatever colons they have", () => {
    expect(readDeclarations("a { &:hover { b: c } d: e }").map(({ property }) => property)).toEqual([
      "b",
      "d",
    ]);
  });

  test("a custom property may hold braces", () => {
    const [first, second] = readDeclarations("a { --x: { a: b; c } d; e: f }");
    expect([first?.property, second?.property]).toEqual(["--x", "e"]);
  });

  test("every value stands where it is said to stand, in any text", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a{", "}", "b:c;", '"', "'", "/*", "*/", "--x:", "{", ";", "\n", "#fff")),
        (parts) => {
          const css = parts.join("");
          for (const { value, offset } of readDeclarations(css)) {
            expect(css.slice(offset, offset + value.length).length).toBe(value.length);
            if (!/["'*]/.test(css)) expect(css.slice(offset, offset + value.length)).toBe(value);
          }
        },
      ),
    );
  });
});

test("positions count lines and columns from 1", () => {
  expect(positionOf("ab\ncd", 0)).toEqual({ line: 1, column: 1 });
  expect(positionOf("ab\ncd", 4)).toEqual({ line: 2, column: 2 });
});
