/** Names and titles come from strangers' links: no control characters, no text that reorders the page. */
import type { Problem } from "./problem";
import { fail, type Result, succeed } from "./result";

/** Control characters and the bidirectional overrides and isolates (Unicode UAX #9). */
const unwanted = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Trimmed, single-spaced, NFC; lengths count characters as people see code points, not UTF-16 units. */
export function cleanText(text: string, lengthMax: number): Result<string, Problem> {
  const clean = text.toWellFormed().replace(/\s+/g, " ").replace(unwanted, "").trim().normalize("NFC");
  if (clean === "") return fail({ kind: "text-missing" });
  if ([...clean].length > lengthMax) return fail({ kind: "text-too-long", lengthMax });
  return succeed(clean);
}
