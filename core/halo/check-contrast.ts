// Whether what a tokens file declares can be read: the contrast of every pair, in every theme.
import { type Colour, contrastRatio, layOver, parseHex } from "./contrast-ratio.ts";
import { findContrastDrift, readTokenThemes, type TokenTheme } from "./token-themes.ts";

/** What stands on what. Names are tokens without `--color-`. */
export type ContrastPair = {
  readonly text: readonly string[];
  /** Grounds that each text stands on. One may be layers, the uppermost first: `glass over glow over ground`. */
  readonly on: readonly string[];
  /** text: 4.5, and 7 with more contrast. large, ui: 3, and 4.5 (WCAG 2.2, 1.4.3, 1.4.6, 1.4.11). */
  readonly kind: "text" | "large" | "ui";
};

/** The pairs of a tokens file, and colours that carry no meaning alone (hairlines, glows). */
export type ContrastTable = {
  readonly pairs: readonly ContrastPair[];
  readonly decoration: readonly string[];
};

/** A pair that cannot be read well enough, or a colour that nobody can tell about. */
export type ContrastFinding = { readonly theme: string; readonly message: string };

const LEAST = {
  text: { normal: 4.5, more: 7 },
  large: { normal: 3, more: 4.5 },
  ui: { normal: 3, more: 4.5 },
} as const satisfies Record<ContrastPair["kind"], { normal: number; more: number }>;
const PREFIX = "--color-";
const LAYER = " over ";

/**
 * Every pair below its contrast; every colour that is missing or not hexadecimal; every colour of the file that the table
 * leaves out; and every token that differs between the two ways to ask for more contrast.
 */
export function checkContrast(css: string, table: ContrastTable): ContrastFinding[] {
  const themes = readTokenThemes(css);
  return [
    ...themes.flatMap((theme) => table.pairs.flatMap((pair) => checkPair(theme, pair))),
    ...findForgotten(themes, table).map((name) => ({
      theme: "all",
      message: `${PREFIX}${name} stands in no pair, and is not named as decoration`,
    })),
    ...findContrastDrift(css).map((name) => ({
      theme: "more contrast",
      message: `${name} is not the same for prefers-contrast and data-contrast`,
    })),
  ];
}

function checkPair(theme: TokenTheme, { text, on, kind }: ContrastPair): ContrastFinding[] {
  const least = LEAST[kind][theme.isMoreContrast ? "more" : "normal"];
  return on.flatMap((ground) => {
    const seen = seenGround(theme, ground);
    if (typeof seen === "string") return [{ theme: theme.name, message: seen }];
    return text.flatMap((name) => {
      const colour = colourOf(theme, name);
      if (typeof colour === "string") return [{ theme: theme.name, message: colour }];
      const ratio = contrastRatio(layOver(colour, seen), seen);
      if (ratio >= least) return [];
      const told = `${name} on ${ground} has a contrast of ${ratio.toFixed(2)}, and needs ${least} (${kind})`;
      return [{ theme: theme.name, message: told }];
    });
  });
}

/** What a stack of layers looks like; a sentence when one of them cannot be told, or the lowest is see-through. */
function seenGround(theme: TokenTheme, ground: string): Colour | string {
  let seen: Colour | null = null;
  for (const name of ground.split(LAYER).reverse()) {
    const colour = colourOf(theme, name);
    if (typeof colour === "string") return colour;
    if (seen === null && colour.alpha < 1)
      return `${name} is see-through, and nothing is said to lie below it`;
    seen = seen === null ? colour : layOver(colour, seen);
  }
  return seen ?? `${ground} names no colour`;
}

function colourOf({ values }: TokenTheme, name: string): Colour | string {
  const value = values.get(`${PREFIX}${name}`);
  if (value === undefined) return `${PREFIX}${name} is not declared`;
  return parseHex(value) ?? `${PREFIX}${name} is ${value}: only hexadecimal colours can be computed`;
}

function findForgotten(themes: readonly TokenTheme[], { pairs, decoration }: ContrastTable): string[] {
  const told = new Set([
    ...decoration,
    ...pairs.flatMap(({ text, on }) => [...text, ...on.flatMap((ground) => ground.split(LAYER))]),
  ]);
  const declared = new Set(themes.flatMap(({ values }) => [...values.keys()]));
  return [...declared]
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => name.slice(PREFIX.length))
    .filter((name) => !told.has(name));
}
