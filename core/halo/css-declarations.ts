// Reads the declarations of a style sheet with the places where they stand (CSS Syntax Module Level 3, as far as it takes
// to tell declarations from all else).

/** One declaration. Comments, strings and addresses in its value are blanked, so that nothing in them is mistaken. */
export type CssDeclaration = {
  readonly property: string;
  readonly value: string;
  /** Where the value begins in the sheet. */
  readonly offset: number;
  /** The preludes of the rules around it, from the outside: `@media (…)`, `:root`. */
  readonly context: readonly string[];
};

/** Deeper nesting is no style sheet that a person wrote. */
const MAX_DEPTH = 64;
const DECLARATION = /^(\s*)(--[^\s:]+|-?[a-z][a-z0-9-]*)(\s*:\s*)([\s\S]*)$/i;

/** Every declaration in order. A sheet that is not whole is read as far as it goes. */
export function readDeclarations(css: string): CssDeclaration[] {
  const text = blank(css);
  const declarations: CssDeclaration[] = [];
  const context: string[] = [];
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const sign = text[at];
    if (sign === "{" && context.length < MAX_DEPTH) {
      // The value of a custom property may hold braces of its own.
      if (/^\s*--[^\s:]+\s*:/.test(text.slice(start, at))) {
        at = skipBraces(text, at);
        continue;
      }
      context.push(readPrelude(css.slice(start, at)));
      start = at + 1;
    } else if (sign === ";" || sign === "}" || sign === undefined) {
      const found = readDeclaration(text, start, at, context);
      if (found !== null) declarations.push(found);
      if (sign === "}") context.pop();
      start = at + 1;
    }
  }
  return declarations;
}

/** The line and column, both from 1, of an offset. */
export function positionOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: offset - lineStart + 1 };
}

/** Without comments; a string in it (`[data-theme="dark"]`) is part of what it says. */
function readPrelude(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, " ")
    .trim()
    .replaceAll(/\s+/g, " ");
}

function readDeclaration(
  text: string,
  start: number,
  end: number,
  context: readonly string[],
): CssDeclaration | null {
  const parts = DECLARATION.exec(text.slice(start, end));
  if (parts === null || context.length === 0) return null;
  const [, indent = "", property = "", colon = "", value = ""] = parts;
  return {
    property: property.startsWith("--") ? property : property.toLowerCase(),
    value: value.trimEnd(),
    offset: start + indent.length + property.length + colon.length,
    context: [...context],
  };
}

/** Comments, strings and what stands in `url()` become blanks of the same length; line breaks stay. */
function blank(css: string): string {
  const hidden =
    /\/\*[\s\S]*?(?:\*\/|$)|"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?|(?<=\burl\()[^)"']*/gi;
  return css.replaceAll(hidden, (part) => part.replaceAll(/[^\n]/g, " "));
}

function skipBraces(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === "{") depth++;
    if (text[at] === "}" && --depth === 0) return at;
  }
  return text.length;
}
