/** Set and remove exchange rates, and choose the currency that the result is in. */
import type { Book, Rate } from "./book";
import type { CurrencyCode } from "./currency";
import { divideRates } from "./exchange-rate";
import type { Problem } from "./problem";
import { fail, type Result, succeed } from "./result";

/** Adds the currency, or gives it a new rate. */
export function setRate(book: Book, entry: Rate): Result<Book, Problem> {
  if (entry.currency === book.mainCurrency) {
    return fail({ kind: "currency-is-main", currency: entry.currency });
  }
  const place = book.rates.findIndex((rate) => rate.currency === entry.currency);
  const rates = place === -1 ? [...book.rates, entry] : book.rates.with(place, entry);
  return succeed({ ...book, rates });
}

export function removeRate(book: Book, currency: string): Result<Book, Problem> {
  if (book.expenses.some((expense) => expense.currency === currency)) {
    return fail({ kind: "currency-in-use", currency });
  }
  return succeed({ ...book, rates: book.rates.filter((rate) => rate.currency !== currency) });
}

/**
 * Without rates or foreign expenses this is a plain change. Otherwise the new main currency must have a rate,
 * and all rates are restated against it: the old main currency becomes one of the listed ones.
 */
export function changeMainCurrency(book: Book, currency: CurrencyCode): Result<Book, Problem> {
  if (currency === book.mainCurrency) return succeed(book);
  if (book.expenses.length === 0 && book.rates.length === 0) {
    return succeed({ ...book, mainCurrency: currency });
  }
  const base = book.rates.find((rate) => rate.currency === currency);
  if (base === undefined) return fail({ kind: "currency-needs-rate", currency });
  const old: Rate = { currency: book.mainCurrency, rate: "1" };
  const restated: Rate[] = [];
  for (const entry of [old, ...book.rates.filter((rate) => rate !== base)]) {
    const divided = divideRates(entry.rate, base.rate);
    if (!divided.ok) return divided;
    restated.push({ currency: entry.currency, rate: divided.value });
  }
  return succeed({ ...book, mainCurrency: currency, rates: restated });
}
