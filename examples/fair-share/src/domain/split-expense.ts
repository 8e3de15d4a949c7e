/** What each person owes for one expense, in minor units of the main currency. */
import { allocate } from "./allocate";
import type { Book, Expense, Portion } from "./book";
import { convertMinor } from "./exchange-rate";

export type ExpenseShares = {
  readonly totalMinor: number;
  /** One entry for every person in the book; zero for those who do not take part. */
  readonly sharesMinor: readonly number[];
};

/** The total is converted once and then split, so the shares add up to it exactly in every currency. */
export function splitExpense(book: Book, expense: Expense): ExpenseShares {
  const totalMinor = toMainCurrency(book, expense);
  return { totalMinor, sharesMinor: allocate(totalMinor, weightsOf(book, expense)) };
}

/** The expense's amount in the main currency. */
export function toMainCurrency(book: Book, expense: Expense): number {
  if (expense.currency === book.mainCurrency) return expense.amountMinor;
  const rate = book.rates.find((entry) => entry.currency === expense.currency)?.rate;
  if (rate === undefined) throw new RangeError(`no rate for ${expense.currency}`);
  return convertMinor(expense.amountMinor, rate, expense.currency, book.mainCurrency);
}

function weightsOf(book: Book, expense: Expense): readonly number[] {
  const { split } = expense;
  switch (split.kind) {
    case "equal":
      return weigh(
        book,
        split.among.map((person) => ({ person, size: 1 })),
      );
    case "parts":
      return weigh(book, split.parts);
    case "exact":
      return weigh(book, split.amounts);
    case "repayment":
      return weigh(book, [{ person: split.to, size: 1 }]);
  }
}

function weigh(book: Book, portions: readonly Portion[]): readonly number[] {
  const weights = book.people.map(() => 0);
  for (const portion of portions) weights[portion.person] = portion.size;
  return weights;
}
