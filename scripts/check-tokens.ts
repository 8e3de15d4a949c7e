// The site's styles against its tokens: nothing is coloured or sized past them, and every pair of them can be read.
import { globSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { checkContrast } from "../core/halo/check-contrast.ts";
import { positionOf, readDeclarations } from "../core/halo/css-declarations.ts";
import { lintTokens } from "../core/halo/lint-tokens.ts";
import { hasStyle, styleText } from "../core/halo/style-text.ts";
import { CONTRAST_TABLE } from "../site/halo/contrast-pairs.ts";

/** The one file of tokens, and where styles are. What the build joins is made of these. */
const TOKENS_FILE = join("site", "styles", "tokens.css");
const STYLES = ["site/**/*.{css,astro}", "workers/**/*.css"];
/** Where tokens are used: drawings in pages and components name them too. */
const USES = ["site/**/*.{css,astro,ts,tsx}", "workers/identity/**/*.{css,tsx}"];
const MADE = join("site", "public");

/** A line for each raw value in the styles below `root`: file, line, column, value, and what to do. */
export function findRawStyles(root: string): string[] {
  return globSync(STYLES, { cwd: root })
    .filter((file) => !file.startsWith(MADE + sep))
    .sort()
    .flatMap((file) => lintTokens(file, readFileSync(join(root, file), "utf8")))
    .map(({ file, line, column, value, hint }) => `${file}:${line}:${column} ${value}. ${hint}`);
}

/** A line for each `var(--…)` that is declared nowhere: CSS passes over it in silence. */
export function findUnknownTokens(root: string): string[] {
  const texts = globSync(USES, { cwd: root })
    .filter((file) => !file.startsWith(MADE + sep) && !file.includes(".test."))
    .sort()
    .map((file) => ({ file, text: readFileSync(join(root, file), "utf8") }));
  const declared = new Set(
    texts
      .filter(({ file }) => hasStyle(file))
      .flatMap(({ file, text }) => readDeclarations(styleText(file, text)))
      .map(({ property }) => property)
      .filter((property) => property.startsWith("--")),
  );
  return texts.flatMap(({ file, text }) =>
    [...text.matchAll(/var\(\s*(--[\w-]+)/g)]
      .filter(([, name = ""]) => !declared.has(name))
      .map((match) => `${file}:${positionOf(text, match.index).line} ${match[1]} is declared nowhere.`),
  );
}

/** A line for each pair of tokens that cannot be read well enough, with the theme. */
export function findWeakContrast(root: string): string[] {
  const css = readFileSync(join(root, TOKENS_FILE), "utf8");
  return checkContrast(css, CONTRAST_TABLE).map(({ theme, message }) => `${theme}: ${message}`);
}
