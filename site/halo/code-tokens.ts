// Highlighted code as plain data: the highlighter's HTML read back into tokens by line, so that no page ever inserts HTML.

/** A piece of a line; `kind` is what the highlighter calls it (`keyword`, `string` …), null for plain text. */
export type CodeToken = { readonly text: string; readonly kind: string | null };

/** What highlight.js writes, and nothing else: opening and closing spans, and text between them. */
const PART = /<span class="([^"]*)">|<\/span>|[^<]+/g;
const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#x27;": "'",
};

/** The lines of highlighted HTML, each as tokens. The innermost span names a token. */
export function readTokens(html: string): CodeToken[][] {
  const lines: CodeToken[][] = [[]];
  const kinds: string[] = [];
  for (const [part, className] of html.matchAll(PART)) {
    if (className !== undefined) kinds.push(kindOf(className));
    else if (part === "</span>") kinds.pop();
    else addText(lines, decode(part), kinds.at(-1) ?? null);
  }
  return lines;
}

/** The lines of a text that nothing is known about. */
export function plainTokens(text: string): CodeToken[][] {
  const lines: CodeToken[][] = [[]];
  addText(lines, text, null);
  return lines;
}

function addText(lines: CodeToken[][], text: string, kind: string | null): void {
  for (const [index, piece] of text.split("\n").entries()) {
    if (index > 0) lines.push([]);
    if (piece !== "") lines.at(-1)?.push({ text: piece, kind });
  }
}

/** `hljs-title function_` is a `title`. */
function kindOf(className: string): string {
  const [first = ""] = className.split(" ");
  return first.startsWith("hljs-") ? first.slice("hljs-".length) : first;
}

function decode(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => ENTITIES[entity] ?? entity);
}
