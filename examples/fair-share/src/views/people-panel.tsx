/** Everyone with their balance, and the form to add one more. */
import { paths } from "../http/paths";
import { limits } from "../limits";
import type { BookView } from "./book-view";
import { Field } from "./field";
import { PersonItem } from "./person-item";

export function PeoplePanel({ view }: { readonly view: BookView }) {
  const { frame, code, summary, problems, typed } = view;
  const words = frame.messages.book;
  const largestMinor = Math.max(0, ...summary.balances.map((entry) => Math.abs(entry.balanceMinor)));
  return (
    <section class="card" id="people" aria-labelledby="people-heading">
      <h2 id="people-heading">{words.peopleHeading}</h2>
      <ul class="people">
        {summary.balances.map((balance) => (
          <PersonItem view={view} balance={balance} largestMinor={largestMinor} />
        ))}
      </ul>
      <form class="inline-form" method="post" action={paths.people(code)}>
        <Field
          frame={frame}
          problems={problems}
          field="name"
          label={words.addPersonLabel}
          control={(described) => (
            <input
              {...described}
              name="name"
              value={typed.get("name") ?? ""}
              maxlength={limits.nameLengthMax}
              autocomplete="off"
              required
            />
          )}
        />
        <button class="button quiet" type="submit">
          {words.add}
        </button>
      </form>
    </section>
  );
}
