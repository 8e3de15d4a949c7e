/** A summary as JSON: names for places, decimal strings for minor units. */
import type { Book } from "../domain/book";
import { toDecimalText } from "../domain/money";
import type { Summary } from "../domain/summarize";

export function presentSummary(book: Book, summary: Summary, link: string) {
  const text = (amountMinor: number) => toDecimalText(amountMinor, book.mainCurrency);
  const nameOf = (person: number) => book.people[person] ?? "";
  return {
    title: book.title,
    currency: book.mainCurrency,
    total: text(summary.totalMinor),
    balances: summary.balances.map((entry) => ({
      person: entry.name,
      paid: text(entry.paidMinor),
      share: text(entry.shareMinor),
      repaid: text(entry.repaidMinor),
      balance: text(entry.balanceMinor),
    })),
    payments: summary.payments.map(({ from, to, amountMinor }) => ({
      from: nameOf(from),
      to: nameOf(to),
      amount: text(amountMinor),
    })),
    link,
  };
}
