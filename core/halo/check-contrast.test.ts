import { describe, expect, test } from "vitest";
import { type ContrastTable, checkContrast } from "./check-contrast.ts";
import { contrastRatio, layOver, parseHex } from "./contrast-ratio.ts";

function hex(text: string) {
  const colour = parseHex(text);
  if (colour === null) throw new Error(`${text} is no colour`);
  return colour;
}

describe("the ratio of WCAG 2.2", () => {
  test.each([
    ["#000", "#fff", 21],
    ["#fff", "#fff", 1],
    ["#767676", "#ffffff", 4.54],
    ["#777777", "#ffffff", 4.48],
    ["#0000ff", "#ffffff", 8.59],
  ])("of %s and %s is %d, whichever comes first", (one, other, ratio) => {
    expect(contrastRatio(hex(one), hex(other))).toBeCloseTo(ratio, 2);
    expect(contrastRatio(hex(other), hex(one))).toBeCloseTo(ratio, 2);
  });

  test("a see-through colour is seen over what lies below", () => {
    expect(layOver(hex("#ffffff80"), hex("#000"))).toMatchObject({ red: expect.closeTo(128, 0), alpha: 1 });
  });

  test.each(["red", "#12", "#12345", "#ggg", "rgb(0 0 0)"])("%s is not read as hexadecimal", (text) => {
    expect(parseHex(text)).toBeNull();
  });
});

const PAIR = { text: ["text"], on: ["ground"], kind: "text" } as const;
const table = (over: Partial<ContrastTable> = {}): ContrastTable => ({
  pairs: [PAIR],
  decoration: [],
  ...over,
});
const tokens = (text: string, ground: string, more = "") =>
  `:root { --color-text: ${text}; --color-ground: ${ground} }${more}`;

function messagesOf(css: string, given: ContrastTable = table()): string[] {
  return checkContrast(css, given).map(({ theme, message }) => `${theme}: ${message}`);
}

describe("the check of a tokens file", () => {
  test("is content with black on white", () => {
    expect(messagesOf(tokens("#000", "#fff"))).toEqual([]);
  });

  test("fails text below 4.5, and with more contrast below 7", () => {
    expect(messagesOf(tokens("#777", "#fff"))).toEqual([
      "light: text on ground has a contrast of 4.48, and needs 4.5 (text)",
      "light, more contrast: text on ground has a contrast of 4.48, and needs 7 (text)",
      "dark: text on ground has a contrast of 4.48, and needs 4.5 (text)",
      "dark, more contrast: text on ground has a contrast of 4.48, and needs 7 (text)",
    ]);
  });

  test("the moment a grey is dark enough for text, only more contrast misses it", () => {
    expect(messagesOf(tokens("#767676", "#fff")).map((message) => message.split(":")[0])).toEqual([
      "light, more contrast",
      "dark, more contrast",
    ]);
  });

  test.each(["large", "ui"] as const)("lets %s have 3, and 4.5 with more contrast", (kind) => {
    const messages = messagesOf(tokens("#888", "#fff"), table({ pairs: [{ ...PAIR, kind }] }));
    expect(messages.map((message) => message.split(":")[0])).toEqual([
      "light, more contrast",
      "dark, more contrast",
    ]);
  });

  test("looks at light and dark apart", () => {
    expect(messagesOf(tokens("light-dark(#000, #222)", "light-dark(#fff, #000)"))).toEqual([
      expect.stringMatching(/^dark: /),
      expect.stringMatching(/^dark, more contrast: /),
    ]);
  });

  test("takes what more contrast changes, which both ways must say alike", () => {
    const more = (colour: string) => `:root[data-contrast="more"] { --color-text: ${colour} }`;
    const system =
      '@media (prefers-contrast: more) { :root:not([data-contrast="normal"]) { --color-text: #000 } }';
    expect(messagesOf(tokens("#666", "#fff", system + more("#000")))).toEqual([]);
    expect(messagesOf(tokens("#666", "#fff", system + more("#111")))).toEqual([
      "more contrast: --color-text is not the same for prefers-contrast and data-contrast",
    ]);
    expect(messagesOf(tokens("#666", "#fff", system))).toHaveLength(1);
  });

  test("sees through layers, and refuses a lowest one that is see-through", () => {
    const css = `${tokens("#000", "#fff")} :root { --color-veil: #000000cc }`;
    const veiled = (on: string) => table({ pairs: [PAIR, { text: ["text"], on: [on], kind: "text" }] });
    expect(messagesOf(css, veiled("veil over ground"))).toHaveLength(4);
    expect(messagesOf(css, veiled("veil"))[0]).toContain("nothing is said to lie below it");
  });

  test("says which colour is missing, forgotten, or not hexadecimal", () => {
    expect(messagesOf(tokens("red", "#fff"))[0]).toContain("only hexadecimal colours can be computed");
    expect(messagesOf(":root { --color-ground: #fff }")[0]).toContain("--color-text is not declared");
    const css = `${tokens("#000", "#fff")} :root { --color-new: #123 }`;
    expect(messagesOf(css)).toEqual(["all: --color-new stands in no pair, and is not named as decoration"]);
    expect(messagesOf(css, table({ decoration: ["new"] }))).toEqual([]);
  });
});
