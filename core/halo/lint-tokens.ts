// The token lint (docs/halo.md): colours and sizes are written down in tokens files, and used by name everywhere else.
import { type CssDeclaration, positionOf, readDeclarations } from "./css-declarations.ts";
import { findRawValues } from "./raw-values.ts";
import { styleText } from "./style-text.ts";

/** A value that is written out where a token belongs; line and column from 1. */
export type TokenFinding = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly value: string;
  readonly hint: string;
};

/** `tokens.css`, `dark.tokens.css`. */
const TOKENS_FILE_NAME = /(?:^|[/.])tokens\.css$/;
const HINTS = {
  colour: "Give the colour a name in a tokens file, and use it with var(--…).",
  size: "Give the size a name in a tokens file, and use it with var(--…).",
} as const;
/** Findings of one file; the rest would say nothing new. */
const MAX_FINDINGS = 200;

/**
 * The raw colours (hexadecimal, functions, named) and raw sizes (px, rem and other absolute lengths but zero) of a style
 * sheet, or of the `<style>` elements of a page. In a tokens file custom properties may hold them. Conditions of `@media`
 * and `@container` are free: no custom property can stand there.
 */
export function lintTokens(file: string, text: string): TokenFinding[] {
  const css = styleText(file, text);
  const declarations = readDeclarations(css);
  const isTokens = isTokensFile(file, declarations);
  const findings: TokenFinding[] = [];
  for (const { property, value, offset } of declarations) {
    if (isTokens && property.startsWith("--")) continue;
    for (const raw of findRawValues(property, value)) {
      if (findings.length === MAX_FINDINGS) return findings;
      findings.push({
        file,
        ...positionOf(css, offset + raw.offset),
        value: raw.text,
        hint: HINTS[raw.kind],
      });
    }
  }
  return findings;
}

/** A file that is called so, or one that declares custom properties and nothing else (`color-scheme` aside). */
function isTokensFile(file: string, declarations: readonly CssDeclaration[]): boolean {
  if (TOKENS_FILE_NAME.test(file)) return true;
  const names = declarations
    .map(({ property }) => property)
    .filter((property) => property !== "color-scheme");
  return names.length > 0 && names.every((name) => name.startsWith("--"));
}
