/** Days for people: "3 Jul 2026", "3. Juli 2026". */
import type { Language } from "./language";

export function formatDate(isoDay: string, language: Language): string {
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : "de-DE", {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  }).format(new Date(`${isoDay}T00:00:00Z`));
}
