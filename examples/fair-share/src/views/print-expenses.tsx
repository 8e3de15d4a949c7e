/** The table of expenses on the printed page. */
import { toMainCurrency } from "../domain/split-expense";
import { formatDate } from "../i18n/format-date";
import { formatMoney } from "../i18n/format-money";
import type { BookView } from "./book-view";
import { describeSplit } from "./describe-split";

export function PrintExpenses({ view }: { readonly view: BookView }) {
  const { frame, book, summary } = view;
  const { print: words, csv } = frame.messages;
  return (
    <>
      <h2>{words.expenses}</h2>
      <div class="table-scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{csv.title}</th>
              <th scope="col">{csv.paidBy}</th>
              <th scope="col">{csv.amount}</th>
              <th scope="col">{csv.inMain(book.mainCurrency)}</th>
            </tr>
          </thead>
          <tbody>
            {book.expenses.map((expense) => (
              <tr>
                <th scope="row">
                  {expense.title}
                  <span class="muted">
                    {[
                      expense.date && formatDate(expense.date, frame.language),
                      expense.split.kind === "repayment"
                        ? `${frame.messages.book.repaymentTitle} → ${book.people[expense.split.to]}`
                        : describeSplit(book, expense, frame),
                    ]
                      .filter(Boolean)
                      .join(" · ")}
                  </span>
                </th>
                <td>{book.people[expense.paidBy]}</td>
                <td>{formatMoney(expense.amountMinor, expense.currency, frame.language)}</td>
                <td>{formatMoney(toMainCurrency(book, expense), book.mainCurrency, frame.language)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{frame.messages.book.totalSpent}</th>
              <td />
              <td />
              <td>
                <strong>{formatMoney(summary.totalMinor, book.mainCurrency, frame.language)}</strong>
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
    </>
  );
}
