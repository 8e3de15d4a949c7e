/** One expense in the list; the whole row leads to its form. */
import type { Book, Expense } from "../domain/book";
import { toMainCurrency } from "../domain/split-expense";
import type { PageFrame } from "../http/page-frame";
import { paths } from "../http/paths";
import { formatDate } from "../i18n/format-date";
import { formatMoney } from "../i18n/format-money";
import { Avatar } from "./avatar";
import { describeSplit } from "./describe-split";

type ExpenseItemProps = {
  readonly frame: PageFrame;
  readonly book: Book;
  readonly code: string;
  readonly expense: Expense;
  readonly index: number;
};

export function ExpenseItem({ frame, book, code, expense, index }: ExpenseItemProps) {
  const words = frame.messages.book;
  const { language } = frame;
  const payer = book.people[expense.paidBy] ?? "";
  const isForeign = expense.currency !== book.mainCurrency;
  const isRepayment = expense.split.kind === "repayment";
  const line =
    expense.split.kind === "repayment"
      ? words.paidTo(payer, book.people[expense.split.to] ?? "")
      : `${words.paidBy(payer)}, ${describeSplit(book, expense, frame)}`;
  return (
    <li class={isRepayment ? "expense repayment" : "expense"}>
      <Avatar name={payer} person={expense.paidBy} />
      <div class="expense-text">
        <a
          class="expense-title"
          href={paths.expense(code, index)}
          aria-label={words.editExpense(expense.title)}
        >
          {expense.title}
        </a>
        <p class="muted">{line}</p>
        {expense.date !== "" && (
          <time class="muted" datetime={expense.date}>
            {formatDate(expense.date, language)}
          </time>
        )}
      </div>
      <div class="expense-amount">
        <strong class="amount">{formatMoney(expense.amountMinor, expense.currency, language)}</strong>
        {isForeign && (
          <span class="muted">
            ≈ {formatMoney(toMainCurrency(book, expense), book.mainCurrency, language)}
          </span>
        )}
      </div>
    </li>
  );
}
