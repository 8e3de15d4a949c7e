/** The whole state of the app. It is small, plain and immutable; every change makes a new book. */
import type { Language } from "../i18n/language";
import type { CurrencyCode } from "./currency";

/** A person is known by the position in `people`: the link stays short and names may change freely. */
export type PersonIndex = number;

export type Split =
  | { readonly kind: "equal"; readonly among: readonly PersonIndex[] }
  | { readonly kind: "parts"; readonly parts: readonly Portion[] }
  | { readonly kind: "exact"; readonly amounts: readonly Portion[] }
  | { readonly kind: "repayment"; readonly to: PersonIndex };

/** A number of parts, or an amount in minor units, depending on the split it belongs to. */
export type Portion = { readonly person: PersonIndex; readonly size: number };

export type Expense = {
  readonly title: string;
  readonly paidBy: PersonIndex;
  readonly amountMinor: number;
  readonly currency: CurrencyCode;
  /** ISO date, or empty when nobody remembers. */
  readonly date: string;
  readonly split: Split;
};

/** One unit of `currency` is worth `rate` units of the main currency. A decimal string, kept as typed. */
export type Rate = { readonly currency: CurrencyCode; readonly rate: string };

export type Book = {
  readonly language: Language;
  readonly title: string;
  readonly mainCurrency: CurrencyCode;
  readonly rates: readonly Rate[];
  readonly people: readonly string[];
  readonly expenses: readonly Expense[];
};

/** The people whose share an expense changes, besides the one who paid. */
export function peopleInSplit(split: Split): readonly PersonIndex[] {
  switch (split.kind) {
    case "equal":
      return split.among;
    case "parts":
      return split.parts.map((portion) => portion.person);
    case "exact":
      return split.amounts.map((portion) => portion.person);
    case "repayment":
      return [split.to];
  }
}

/** The currencies an expense may be entered in: the main one first. */
export function usableCurrencies(book: Book): readonly CurrencyCode[] {
  return [book.mainCurrency, ...book.rates.map((rate) => rate.currency)];
}
