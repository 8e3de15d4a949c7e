/** Title, people, main currency: enough to begin. */
import { currencyCodes } from "../domain/currency";
import type { FieldProblem } from "../domain/problem";
import type { NewBookDraft } from "../forms/read-new-book-form";
import type { PageFrame } from "../http/page-frame";
import { paths } from "../http/paths";
import { limits } from "../limits";
import { CurrencyOptions } from "./currency-options";
import { ErrorSummary } from "./error-summary";
import { Field } from "./field";

type NewBookFormProps = {
  readonly frame: PageFrame;
  readonly draft: NewBookDraft;
  readonly problems: readonly FieldProblem[];
};

export function NewBookForm({ frame, draft, problems }: NewBookFormProps) {
  const { home } = frame.messages;
  const shared = { frame, problems };
  return (
    <form class="card form" method="post" action={`${paths.books}?lang=${frame.language}`}>
      <h2>{home.start}</h2>
      <ErrorSummary frame={frame} problems={problems} />
      <Field
        {...shared}
        field="title"
        label={home.titleLabel}
        hint={home.titleHint}
        control={(described) => (
          <input
            {...described}
            name="title"
            value={draft.title}
            placeholder={home.titlePlaceholder}
            maxlength={limits.titleLengthMax}
            autocomplete="off"
            required
          />
        )}
      />
      <Field
        {...shared}
        field="people"
        label={home.peopleLabel}
        hint={home.peopleHint}
        control={(described) => (
          <textarea {...described} name="people" rows={4} required>
            {draft.people}
          </textarea>
        )}
      />
      <Field
        {...shared}
        field="currency"
        label={home.currencyLabel}
        hint={home.currencyHint}
        control={(described) => (
          <select {...described} name="currency">
            <CurrencyOptions currencies={currencyCodes} selected={draft.currency} language={frame.language} />
          </select>
        )}
      />
      <button class="button" type="submit">
        {home.create}
      </button>
    </form>
  );
}
