/** The list's title and its main currency. */
import { currencyCodes } from "../domain/currency";
import { paths } from "../http/paths";
import { limits } from "../limits";
import type { BookView } from "./book-view";
import { CurrencyOptions } from "./currency-options";
import { Field } from "./field";

const fields = ["title", "mainCurrency"];

export function SettingsPanel({ view }: { readonly view: BookView }) {
  const { frame, book, code, problems, typed } = view;
  const { home, book: words } = frame.messages;
  return (
    <details class="card fold" id="settings" open={problems.some(({ field }) => fields.includes(field))}>
      <summary>
        <h2>{words.settingsHeading}</h2>
      </summary>
      <form class="form" method="post" action={paths.settings(code)}>
        <Field
          frame={frame}
          problems={problems}
          field="title"
          label={home.titleLabel}
          control={(described) => (
            <input
              {...described}
              name="title"
              value={typed.get("title") ?? book.title}
              maxlength={limits.titleLengthMax}
              autocomplete="off"
              required
            />
          )}
        />
        <Field
          frame={frame}
          problems={problems}
          field="mainCurrency"
          label={home.currencyLabel}
          control={(described) => (
            <select {...described} name="currency">
              <CurrencyOptions
                currencies={currencyCodes}
                selected={typed.get("mainCurrency") ?? book.mainCurrency}
                language={frame.language}
              />
            </select>
          )}
        />
        <button class="button quiet" type="submit">
          {words.save}
        </button>
      </form>
    </details>
  );
}
