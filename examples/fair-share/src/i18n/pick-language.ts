/** For pages without a book: the first language of Accept-Language (RFC 9110 §12.5.4) that we have. */
import { isLanguage, type Language } from "./language";

const headerLengthMax = 200;

export function pickLanguage(asked: string | undefined, header: string | undefined): Language {
  if (asked !== undefined && isLanguage(asked)) return asked;
  const wanted = (header ?? "")
    .slice(0, headerLengthMax)
    .split(",")
    .map(readPreference)
    .toSorted((a, b) => b.quality - a.quality);
  for (const { tag, quality } of wanted) if (quality > 0 && isLanguage(tag)) return tag;
  return "en";
}

function readPreference(entry: string): { readonly tag: string; readonly quality: number } {
  const [range = "", ...parameters] = entry.trim().toLowerCase().split(";");
  const quality = parameters
    .map((parameter) => /^\s*q=([\d.]+)/.exec(parameter)?.[1])
    .find((q) => q !== undefined);
  return { tag: range.split("-")[0] ?? "", quality: quality === undefined ? 1 : Number(quality) || 0 };
}
