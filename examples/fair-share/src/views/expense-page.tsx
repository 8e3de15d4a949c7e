/** The form for a new or existing expense, on a page of its own. */
import { type Book, usableCurrencies } from "../domain/book";
import type { FieldProblem } from "../domain/problem";
import type { ExpenseDraft } from "../forms/expense-draft";
import type { PageFrame } from "../http/page-frame";
import { paths } from "../http/paths";
import { limits } from "../limits";
import { CurrencyOptions } from "./currency-options";
import { ErrorSummary } from "./error-summary";
import { Field } from "./field";
import { Layout } from "./layout";
import { PersonOptions } from "./person-options";
import { SplitFields } from "./split-fields";

export type ExpensePageProps = {
  readonly frame: PageFrame;
  readonly book: Book;
  readonly code: string;
  readonly draft: ExpenseDraft;
  readonly problems: readonly FieldProblem[];
  /** The place of the expense that is edited; undefined for a new one. */
  readonly index: number | undefined;
};

export function ExpensePage({ frame, book, code, draft, problems, index }: ExpensePageProps) {
  const words = frame.messages.expense;
  const shared = { frame, problems };
  const isNew = index === undefined;
  const heading = isNew ? words.newHeading : words.editHeading;
  return (
    <Layout frame={frame} title={heading}>
      <div class="narrow">
        <p class="crumb">
          <a href={paths.book(code)}>← {book.title}</a>
        </p>
        <h1>{heading}</h1>
        <ErrorSummary frame={frame} problems={problems} />
        <form
          class="card form expense-form"
          method="post"
          action={isNew ? paths.expenses(code) : paths.expense(code, index)}
        >
          <Field
            {...shared}
            field="title"
            label={words.title}
            control={(described) => (
              <input
                {...described}
                name="title"
                value={draft.title}
                placeholder={words.titlePlaceholder}
                maxlength={limits.titleLengthMax}
                autocomplete="off"
                required
              />
            )}
          />
          <div class="field-row">
            <Field
              {...shared}
              field="amount"
              label={words.amount}
              control={(described) => (
                <input
                  {...described}
                  class="amount-input"
                  name="amount"
                  value={draft.amount}
                  inputmode="decimal"
                  autocomplete="off"
                  placeholder={`0${frame.decimalMark}00`}
                  required
                />
              )}
            />
            <Field
              {...shared}
              field="currency"
              label={words.currency}
              control={(described) => (
                <select {...described} name="currency">
                  <CurrencyOptions
                    currencies={usableCurrencies(book)}
                    selected={draft.currency}
                    language={frame.language}
                  />
                </select>
              )}
            />
          </div>
          <div class="field-row">
            <Field
              {...shared}
              field="paidBy"
              label={words.paidBy}
              control={(described) => (
                <select {...described} name="paidBy">
                  <PersonOptions people={book.people} selected={draft.paidBy} />
                </select>
              )}
            />
            <Field
              {...shared}
              field="date"
              label={words.date}
              control={(described) => <input {...described} name="date" type="date" value={draft.date} />}
            />
          </div>
          <SplitFields frame={frame} book={book} draft={draft} problems={problems} />
          <div class="actions">
            <button class="button" type="submit">
              {isNew ? words.submitNew : words.submitEdit}
            </button>
            <a class="button quiet" href={paths.book(code)}>
              {words.cancel}
            </a>
          </div>
        </form>
        {isNew ? (
          <p class="hint">{words.moreCurrencies}</p>
        ) : (
          <form method="post" action={paths.expenseRemove(code, index)}>
            <button class="button danger" type="submit">
              {words.remove}
            </button>
          </form>
        )}
      </div>
    </Layout>
  );
}
