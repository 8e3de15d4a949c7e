/** CSV (RFC 4180) that spreadsheet programs open well and cannot be tricked by. */
import type { Language } from "../i18n/language";

/** A text cell, or an amount whose decimal mark follows the language. */
export type Cell = { readonly text: string } | { readonly amount: string };

/** German spreadsheets expect semicolons, because the comma is their decimal mark. */
export function toCsv(rows: readonly (readonly Cell[])[], language: Language): string {
  const separator = language === "de" ? ";" : ",";
  const mark = language === "de" ? "," : ".";
  const lines = rows.map((row) =>
    row
      .map((cell) => ("text" in cell ? quote(disarm(cell.text)) : cell.amount.replace(".", mark)))
      .join(separator),
  );
  // The byte order mark makes Excel read UTF-8.
  return `\ufeff${lines.join("\r\n")}\r\n`;
}

/** A text that begins like a formula gets an apostrophe, or a stranger's title could run in Excel (CWE-1236). */
function disarm(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
