// The site's styles against its tokens: nothing is coloured or sized past them, and every pair of them can be read.
import { globSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { checkContrast } from "../core/halo/check-contrast.ts";
import { lintTokens } from "../core/halo/lint-tokens.ts";
import { CONTRAST_TABLE } from "../site/halo/contrast-pairs.ts";

/** The one file of tokens, and where styles are. What the build joins is made of these. */
const TOKENS_FILE = join("site", "styles", "tokens.css");
const STYLES = ["site/**/*.{css,astro}", "workers/**/*.css"];
const MADE = join("site", "public");

/** A line for each raw value in the styles below `root`: file, line, column, value, and what to do. */
export function findRawStyles(root: string): string[] {
  return globSync(STYLES, { cwd: root })
    .filter((file) => !file.startsWith(MADE + sep))
    .sort()
    .flatMap((file) => lintTokens(file, readFileSync(join(root, file), "utf8")))
    .map(({ file, line, column, value, hint }) => `${file}:${line}:${column} ${value}. ${hint}`);
}

/** A line for each pair of tokens that cannot be read well enough, with the theme. */
export function findWeakContrast(root: string): string[] {
  const css = readFileSync(join(root, TOKENS_FILE), "utf8");
  return checkContrast(css, CONTRAST_TABLE).map(({ theme, message }) => `${theme}: ${message}`);
}
