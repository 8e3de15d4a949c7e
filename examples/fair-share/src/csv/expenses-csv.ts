/** One row for each expense, one column for each person's share. */
import type { Book } from "../domain/book";
import { toDecimalText } from "../domain/money";
import { splitExpense } from "../domain/split-expense";
import type { Messages } from "../i18n/messages";
import { type Cell, toCsv } from "./csv-text";

export function expensesCsv(book: Book, messages: Messages): string {
  const { csv } = messages;
  const headings = [csv.date, csv.title, csv.paidBy, csv.amount, csv.currency, csv.inMain(book.mainCurrency)];
  const header: readonly Cell[] = [...headings, ...book.people.map(csv.shareOf)].map((text) => ({ text }));
  const rows = book.expenses.map((expense): readonly Cell[] => {
    const { totalMinor, sharesMinor } = splitExpense(book, expense);
    return [
      { text: expense.date },
      { text: expense.title },
      { text: book.people[expense.paidBy] ?? "" },
      { amount: toDecimalText(expense.amountMinor, expense.currency) },
      { text: expense.currency },
      { amount: toDecimalText(totalMinor, book.mainCurrency) },
      ...sharesMinor.map((shareMinor) => ({ amount: toDecimalText(shareMinor, book.mainCurrency) })),
    ];
  });
  return toCsv([header, ...rows], book.language);
}
