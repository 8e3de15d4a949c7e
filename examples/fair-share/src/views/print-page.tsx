/** The whole list on paper: balances, payments, expenses and rates. */
import { paths } from "../http/paths";
import { formatMoney } from "../i18n/format-money";
import type { BookView } from "./book-view";
import { Icon } from "./icons";
import { Layout } from "./layout";
import { PrintExpenses } from "./print-expenses";

export function PrintPage({ view }: { readonly view: BookView }) {
  const { frame, book, code, summary } = view;
  const words = frame.messages.print;
  const money = (amountMinor: number) => formatMoney(amountMinor, book.mainCurrency, frame.language);
  return (
    <Layout frame={frame} title={`${words.heading}: ${book.title}`}>
      <article class="sheet">
        <p class="crumb screen-only">
          <a href={paths.book(code)}>← {words.back}</a>
        </p>
        <p class="hint screen-only">
          <Icon name="print" /> {words.howTo}
        </p>
        <h1>{book.title}</h1>
        <h2>{words.payments}</h2>
        {summary.payments.length === 0 && <p>{frame.messages.book.settledLead}</p>}
        <ul class="plain">
          {summary.payments.map(({ from, to, amountMinor }) => (
            <li>
              {book.people[from]} → {book.people[to]}: <strong>{money(amountMinor)}</strong>
            </li>
          ))}
        </ul>
        <h2>{words.balances}</h2>
        <div class="table-scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">{words.person}</th>
                <th scope="col">{words.paid}</th>
                <th scope="col">{words.share}</th>
                <th scope="col">{words.repaid}</th>
                <th scope="col">{words.balance}</th>
              </tr>
            </thead>
            <tbody>
              {summary.balances.map((balance) => (
                <tr>
                  <th scope="row">{balance.name}</th>
                  <td>{money(balance.paidMinor)}</td>
                  <td>{money(balance.shareMinor)}</td>
                  <td>{money(balance.repaidMinor)}</td>
                  <td>
                    <strong>{money(balance.balanceMinor)}</strong>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <PrintExpenses view={view} />
        {book.rates.length > 0 && (
          <>
            <h2>{words.rates}</h2>
            <ul class="plain">
              {book.rates.map(({ currency, rate }) => (
                <li>
                  1 {currency} = {rate.replace(".", frame.decimalMark)} {book.mainCurrency}
                </li>
              ))}
            </ul>
          </>
        )}
      </article>
    </Layout>
  );
}
