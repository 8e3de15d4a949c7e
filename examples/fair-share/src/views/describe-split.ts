/** How an expense is split, in one short line. */
import type { Book, Expense } from "../domain/book";
import type { PageFrame } from "../http/page-frame";
import { formatMoney } from "../i18n/format-money";

export function describeSplit(book: Book, expense: Expense, frame: PageFrame): string {
  const { split, currency } = expense;
  const { splits } = frame.messages;
  const nameOf = (person: number) => book.people[person] ?? "";
  switch (split.kind) {
    case "equal":
      return split.among.length === book.people.length
        ? splits.equalAll
        : splits.equal(split.among.map(nameOf).join(", "));
    case "parts":
      return splits.parts(split.parts.map(({ person, size }) => `${nameOf(person)} ${size}`).join(", "));
    case "exact": {
      const amounts = split.amounts.map(
        ({ person, size }) => `${nameOf(person)} ${formatMoney(size, currency, frame.language)}`,
      );
      return splits.exact(amounts.join(", "));
    }
    case "repayment":
      return "";
  }
}
