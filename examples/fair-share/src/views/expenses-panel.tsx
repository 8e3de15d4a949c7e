/** The list of expenses, newest entry first. */
import { paths } from "../http/paths";
import type { BookView } from "./book-view";
import { ExpenseItem } from "./expense-item";
import { Icon } from "./icons";

export function ExpensesPanel({ view }: { readonly view: BookView }) {
  const { frame, book, code } = view;
  const words = frame.messages.book;
  const canAdd = book.people.length >= 2;
  const isEmpty = book.expenses.length === 0;
  const newestFirst = book.expenses.map((expense, index) => ({ expense, index })).toReversed();
  return (
    <section class="card" id="expenses" aria-labelledby="expenses-heading">
      <header class="card-header">
        <h2 id="expenses-heading">
          {words.expensesHeading} {!isEmpty && <span class="count">{book.expenses.length}</span>}
        </h2>
        {canAdd && (
          <a class="button" href={paths.expenseNew(code)}>
            <Icon name="plus" /> {words.addExpense}
          </a>
        )}
      </header>
      {isEmpty && (
        <div class="empty">
          <p>
            <strong>{words.noExpensesHeading}</strong>
          </p>
          <p class="muted">{canAdd ? words.noExpenses : words.needPeople}</p>
        </div>
      )}
      <ul class="expenses">
        {newestFirst.map(({ expense, index }) => (
          <ExpenseItem frame={frame} book={book} code={code} expense={expense} index={index} />
        ))}
      </ul>
    </section>
  );
}
