/**
 * A book as a link. The JSON is made of arrays without keys to stay short:
 * [version, language, title, main currency, [[currency, rate]…], [name…], [expense…]]
 * where an expense is [title, paid by, amount, currency place, date, kind, sharing].
 */
import { type Book, type Expense, usableCurrencies } from "../domain/book";
import type { CurrencyCode } from "../domain/currency";
import { encodeBase64Url } from "./base64url";

export const wireVersion = 1;

export function encodeBook(book: Book): string {
  const currencies = usableCurrencies(book);
  return encodeBase64Url(
    JSON.stringify([
      wireVersion,
      book.language,
      book.title,
      book.mainCurrency,
      book.rates.map((entry) => [entry.currency, entry.rate]),
      book.people,
      book.expenses.map((expense) => encodeExpense(expense, currencies)),
    ]),
  );
}

function encodeExpense(expense: Expense, currencies: readonly CurrencyCode[]): readonly unknown[] {
  const { title, paidBy, amountMinor, currency, date, split } = expense;
  return [title, paidBy, amountMinor, currencies.indexOf(currency), date, ...encodeSplit(split)];
}

/** People in an equal split are bits of one number: sixteen people fit in five digits. */
function encodeSplit(split: Expense["split"]): readonly unknown[] {
  switch (split.kind) {
    case "equal":
      return ["e", split.among.reduce((bits, person) => bits | (1 << person), 0)];
    case "parts":
      return ["p", split.parts.map((portion) => [portion.person, portion.size])];
    case "exact":
      return ["x", split.amounts.map((portion) => [portion.person, portion.size])];
    case "repayment":
      return ["r", split.to];
  }
}
