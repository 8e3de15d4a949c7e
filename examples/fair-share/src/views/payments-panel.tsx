/** The answer: who pays whom. */
import { toDecimalText } from "../domain/money";
import { paths } from "../http/paths";
import { formatMoney } from "../i18n/format-money";
import { Avatar } from "./avatar";
import type { BookView } from "./book-view";
import { Icon } from "./icons";

export function PaymentsPanel({ view }: { readonly view: BookView }) {
  const { frame, book, code, summary } = view;
  const words = frame.messages.book;
  const nameOf = (person: number) => book.people[person] ?? "";
  const count = summary.payments.length;
  const lead =
    book.expenses.length === 0 ? words.nothingYet : count === 0 ? words.settledLead : words.settleLead(count);
  return (
    <section class="card accent" id="settle" aria-labelledby="settle-heading">
      <h2 id="settle-heading">{words.settleHeading}</h2>
      <p class="lead">{lead}</p>
      <ul class="payments">
        {summary.payments.map(({ from, to, amountMinor }) => (
          <li>
            <span class="pair">
              <Avatar name={nameOf(from)} person={from} />
              <span>
                <strong>{nameOf(from)}</strong> <span class="muted">{words.pays}</span>{" "}
                <strong>{nameOf(to)}</strong>
              </span>
            </span>
            <strong class="amount">{formatMoney(amountMinor, book.mainCurrency, frame.language)}</strong>
            <form method="post" action={paths.repayments(code)}>
              <input type="hidden" name="from" value={String(from)} />
              <input type="hidden" name="to" value={String(to)} />
              <input type="hidden" name="amount" value={toDecimalText(amountMinor, book.mainCurrency)} />
              <button
                class="button small quiet"
                type="submit"
                aria-label={words.markPaidFor(nameOf(from), nameOf(to))}
              >
                <Icon name="check" /> {words.markPaid}
              </button>
            </form>
          </li>
        ))}
      </ul>
    </section>
  );
}
