/** Amounts for people, by the rules of their language. */
import { type CurrencyCode, decimalsOf } from "../domain/currency";
import type { Language } from "./language";

/** Formatters are costly to build and there are few of them: languages times currencies. */
const formatters = new Map<string, Intl.NumberFormat>();

export function formatMoney(amountMinor: number, currency: CurrencyCode, language: Language): string {
  return formatterFor(currency, language).format(amountMinor / 10 ** decimalsOf(currency));
}

/** "Swiss franc (CHF)" for a list of choices. */
export function currencyLabel(currency: CurrencyCode, language: Language): string {
  const name = new Intl.DisplayNames(language, { type: "currency" }).of(currency) ?? currency;
  return name === currency ? currency : `${currency} – ${name}`;
}

function formatterFor(currency: CurrencyCode, language: Language): Intl.NumberFormat {
  const key = `${language} ${currency}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const digits = decimalsOf(currency);
  const formatter = new Intl.NumberFormat(language === "en" ? "en-GB" : "de-DE", {
    style: "currency",
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  formatters.set(key, formatter);
  return formatter;
}
