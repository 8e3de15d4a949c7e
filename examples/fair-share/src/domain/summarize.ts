/** Everything the pages, the CSV files and the API show, worked out from the book in one pass. */
import type { Book } from "./book";
import { type Payment, settle } from "./settle";
import { splitExpense } from "./split-expense";

export type PersonBalance = {
  readonly person: number;
  readonly name: string;
  readonly paidMinor: number;
  readonly shareMinor: number;
  /** Paid back to others, less what was paid back to this person. */
  readonly repaidMinor: number;
  /** Above zero: gets money back. Below zero: owes. */
  readonly balanceMinor: number;
};

export type Summary = {
  /** Repayments move money between people and are not spending, so they do not count here. */
  readonly totalMinor: number;
  readonly balances: readonly PersonBalance[];
  readonly payments: readonly Payment[];
};

export function summarize(book: Book): Summary {
  const paid = book.people.map(() => 0);
  const share = book.people.map(() => 0);
  const repaid = book.people.map(() => 0);
  let totalMinor = 0;
  for (const expense of book.expenses) {
    const split = splitExpense(book, expense);
    const isRepayment = expense.split.kind === "repayment";
    if (!isRepayment) totalMinor += split.totalMinor;
    add(isRepayment ? repaid : paid, expense.paidBy, split.totalMinor);
    split.sharesMinor.forEach((shareMinor, person) => {
      add(isRepayment ? repaid : share, person, isRepayment ? -shareMinor : shareMinor);
    });
  }
  const balances = book.people.map((name, person) => {
    const [paidMinor, shareMinor, repaidMinor] = [paid[person] ?? 0, share[person] ?? 0, repaid[person] ?? 0];
    const balanceMinor = paidMinor - shareMinor + repaidMinor;
    return { person, name, paidMinor, shareMinor, repaidMinor, balanceMinor };
  });
  return { totalMinor, balances, payments: settle(balances.map((entry) => entry.balanceMinor)) };
}

function add(sums: number[], person: number, amountMinor: number): void {
  sums[person] = (sums[person] ?? 0) + amountMinor;
}
