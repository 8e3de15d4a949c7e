/** Other currencies and the rates people paid. */
import { currencyCodes } from "../domain/currency";
import { paths } from "../http/paths";
import { currencyLabel } from "../i18n/format-money";
import type { BookView } from "./book-view";
import { CurrencyOptions } from "./currency-options";
import { Field } from "./field";

const fields = ["rateCurrency", "rate"];

export function RatesPanel({ view }: { readonly view: BookView }) {
  const { frame, book, code, problems, typed } = view;
  const words = frame.messages.book;
  const others = currencyCodes.filter((currency) => currency !== book.mainCurrency);
  return (
    <details class="card fold" id="rates" open={problems.some(({ field }) => fields.includes(field))}>
      <summary>
        <h2>{words.ratesHeading}</h2>
        <span class="muted">
          {[book.mainCurrency, ...book.rates.map((rate) => rate.currency)].join(", ")}
        </span>
      </summary>
      <p class="muted">{words.ratesLead(book.mainCurrency)}</p>
      <ul class="rates">
        {book.rates.map(({ currency, rate }) => (
          <li>
            <span title={currencyLabel(currency, frame.language)}>
              1 {currency} = <strong>{rate.replace(".", frame.decimalMark)}</strong> {book.mainCurrency}
            </span>
            <form method="post" action={paths.rateRemove(code, currency)}>
              <button class="button small danger" type="submit" aria-label={words.removeRate(currency)}>
                {words.remove}
              </button>
            </form>
          </li>
        ))}
      </ul>
      <form class="inline-form" method="post" action={paths.rates(code)}>
        <Field
          frame={frame}
          problems={problems}
          field="rateCurrency"
          label={words.rateCurrency}
          control={(described) => (
            <select {...described} name="currency">
              <CurrencyOptions
                currencies={others}
                selected={typed.get("rateCurrency") ?? "USD"}
                language={frame.language}
              />
            </select>
          )}
        />
        <Field
          frame={frame}
          problems={problems}
          field="rate"
          label={words.rateValue(book.mainCurrency)}
          control={(described) => (
            <input
              {...described}
              name="rate"
              value={typed.get("rate") ?? ""}
              inputmode="decimal"
              autocomplete="off"
              required
            />
          )}
        />
        <button class="button quiet" type="submit">
          {words.saveRate}
        </button>
      </form>
    </details>
  );
}
