// Highlighting, fetched only when there is code to show: the highlighter's core, and one language at a time.
import type { LanguageFn } from "highlight.js";
import { type CodeToken, plainTokens, readTokens } from "./code-tokens.ts";

type LanguageModule = Promise<{ readonly default: LanguageFn }>;

const LANGUAGES = {
  bash: () => import("highlight.js/lib/languages/bash"),
  css: () => import("highlight.js/lib/languages/css"),
  diff: () => import("highlight.js/lib/languages/diff"),
  ini: () => import("highlight.js/lib/languages/ini"),
  javascript: () => import("highlight.js/lib/languages/javascript"),
  json: () => import("highlight.js/lib/languages/json"),
  markdown: () => import("highlight.js/lib/languages/markdown"),
  sql: () => import("highlight.js/lib/languages/sql"),
  typescript: () => import("highlight.js/lib/languages/typescript"),
  xml: () => import("highlight.js/lib/languages/xml"),
  yaml: () => import("highlight.js/lib/languages/yaml"),
} as const satisfies Record<string, () => LanguageModule>;

/** A language that code can be shown in. */
export type CodeLanguage = keyof typeof LANGUAGES;

const LANGUAGE_BY_EXTENSION: Readonly<Record<string, CodeLanguage>> = {
  astro: "xml",
  bash: "bash",
  caps: "json",
  capsim: "json",
  cjs: "javascript",
  css: "css",
  diff: "diff",
  htm: "xml",
  html: "xml",
  ini: "ini",
  js: "javascript",
  json: "json",
  jsonc: "json",
  jsx: "javascript",
  md: "markdown",
  mjs: "javascript",
  mts: "typescript",
  patch: "diff",
  sh: "bash",
  sql: "sql",
  svg: "xml",
  toml: "ini",
  ts: "typescript",
  tsx: "typescript",
  webmanifest: "json",
  xml: "xml",
  yaml: "yaml",
  yml: "yaml",
};

/** More than this is shown plain: highlighting it would hold up the page. */
const HIGHLIGHT_LENGTH_MAX = 300_000;

/** The language of a file by its name; null when it is shown plain. */
export function languageOf(path: string): CodeLanguage | null {
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  return LANGUAGE_BY_EXTENSION[extension] ?? null;
}

/** The tokens of `code` by line. Plain where it is too long; a language that cannot be fetched throws. */
export async function highlightCode(code: string, language: CodeLanguage): Promise<CodeToken[][]> {
  if (code.length > HIGHLIGHT_LENGTH_MAX) return plainTokens(code);
  const [{ default: highlighter }, { default: grammar }] = await Promise.all([
    import("highlight.js/lib/core"),
    LANGUAGES[language](),
  ]);
  if (highlighter.getLanguage(language) === undefined) highlighter.registerLanguage(language, grammar);
  return readTokens(highlighter.highlight(code, { language, ignoreIllegals: true }).value);
}
