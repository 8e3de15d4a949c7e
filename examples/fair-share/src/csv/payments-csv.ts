/** One row for each payment that settles the list. */
import type { Book } from "../domain/book";
import { toDecimalText } from "../domain/money";
import { summarize } from "../domain/summarize";
import type { Messages } from "../i18n/messages";
import { type Cell, toCsv } from "./csv-text";

export function paymentsCsv(book: Book, messages: Messages): string {
  const { csv } = messages;
  const header: readonly Cell[] = [csv.from, csv.to, csv.amount, csv.currency].map((text) => ({ text }));
  const rows = summarize(book).payments.map(({ from, to, amountMinor }): readonly Cell[] => [
    { text: book.people[from] ?? "" },
    { text: book.people[to] ?? "" },
    { amount: toDecimalText(amountMinor, book.mainCurrency) },
    { text: book.mainCurrency },
  ]);
  return toCsv([header, ...rows], book.language);
}
