/** How the expense is shared. CSS (`:has`) shows only the fields of the chosen kind; without it all show. */
import type { Book } from "../domain/book";
import type { FieldProblem } from "../domain/problem";
import type { ExpenseDraft } from "../forms/expense-draft";
import type { PageFrame } from "../http/page-frame";
import { describeProblem } from "../i18n/describe-problem";
import { Avatar } from "./avatar";
import { Field } from "./field";
import { PersonOptions } from "./person-options";

const kinds = ["equal", "parts", "exact", "repayment"] as const;

type SplitFieldsProps = {
  readonly frame: PageFrame;
  readonly book: Book;
  readonly draft: ExpenseDraft;
  readonly problems: readonly FieldProblem[];
};

export function SplitFields({ frame, book, draft, problems }: SplitFieldsProps) {
  const words = frame.messages.expense;
  const problem = problems.find(({ field }) => field === "sharers")?.problem;
  return (
    <>
      <fieldset class="kinds" id="kind">
        <legend>{words.split}</legend>
        {kinds.map((kind) => (
          <label class="kind" for={`kind-${kind}`}>
            <input id={`kind-${kind}`} type="radio" name="kind" value={kind} checked={draft.kind === kind} />
            <span>
              <strong>{words.kinds[kind][0]}</strong>
              <span class="hint">{words.kinds[kind][1]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <fieldset class="sharers" id="sharers" tabindex={-1} aria-describedby={problem && "sharers-error"}>
        <legend>{words.sharers}</legend>
        {problem && (
          <p class="field-error" id="sharers-error">
            {describeProblem(problem, frame.messages)}
          </p>
        )}
        {book.people.map((name, person) => (
          <div class="sharer">
            <label class="sharer-tick" for={`share-${person}`}>
              <input
                id={`share-${person}`}
                type="checkbox"
                name={`share-${person}`}
                value="1"
                checked={draft.isSharing[person] ?? false}
              />
              <Avatar name={name} person={person} />
              <span>{name}</span>
            </label>
            <Field
              frame={frame}
              problems={problems}
              className="sharer-value"
              field={`value-${person}`}
              label={
                <>
                  <Avatar name={name} person={person} />{" "}
                  <span class="visually-hidden">{words.amountOf(name)}</span>
                  <span aria-hidden="true">{name}</span>
                </>
              }
              control={(described) => (
                <input
                  {...described}
                  name={`value-${person}`}
                  value={draft.values[person] ?? ""}
                  inputmode="decimal"
                  autocomplete="off"
                />
              )}
            />
          </div>
        ))}
      </fieldset>
      <div class="repaid-to">
        <Field
          frame={frame}
          problems={problems}
          field="repaidTo"
          label={words.repaidTo}
          control={(described) => (
            <select {...described} name="repaidTo">
              <PersonOptions people={book.people} selected={draft.repaidTo} />
            </select>
          )}
        />
      </div>
    </>
  );
}
