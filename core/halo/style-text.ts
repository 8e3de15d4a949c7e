// The part of a file that is CSS.

const PAGE = /\.(?:astro|html?|svelte|vue)$/i;
const STYLE_SHEET = /\.css$/i;
/** Up to the end of the tag; an attribute's value may hold `>`. */
const STYLE_ELEMENT = /<style\b(?:"[^"]*"|'[^']*'|[^"'>])*>([\s\S]*?)<\/style\s*>/gi;

/** Whether a file by its name can hold CSS that is linted. */
export function hasStyle(file: string): boolean {
  return STYLE_SHEET.test(file) || PAGE.test(file);
}

/** A style sheet as it is; of a page what its `<style>` elements hold, every place as in the file. */
export function styleText(file: string, text: string): string {
  if (!PAGE.test(file)) return text;
  let css = "";
  let readUpTo = 0;
  for (const match of text.matchAll(STYLE_ELEMENT)) {
    const [element, content = ""] = match;
    const start = match.index + element.lastIndexOf("</") - content.length;
    css += blank(text.slice(readUpTo, start)) + content;
    readUpTo = start + content.length;
  }
  return css + blank(text.slice(readUpTo));
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, " ");
}
