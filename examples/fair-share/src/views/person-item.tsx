/** One person: balance, bar, and the tools to rename or remove, folded away. */
import type { PersonBalance } from "../domain/summarize";
import { paths } from "../http/paths";
import { formatMoney } from "../i18n/format-money";
import { limits } from "../limits";
import { Avatar } from "./avatar";
import { BalanceBar } from "./balance-bar";
import type { BookView } from "./book-view";
import { Field } from "./field";

type PersonItemProps = {
  readonly view: BookView;
  readonly balance: PersonBalance;
  readonly largestMinor: number;
};

export function PersonItem({ view, balance, largestMinor }: PersonItemProps) {
  const { frame, book, code, problems, typed } = view;
  const words = frame.messages.book;
  const { person, name, balanceMinor } = balance;
  const money = (amountMinor: number) => formatMoney(amountMinor, book.mainCurrency, frame.language);
  const field = `rename-${person}`;
  const state = balanceMinor === 0 ? words.even : balanceMinor > 0 ? words.getsBack : words.owes;
  const tone = balanceMinor === 0 ? "even" : balanceMinor > 0 ? "plus" : "minus";
  return (
    <li>
      <details open={problems.some((entry) => entry.field === field)}>
        <summary>
          <Avatar name={name} person={person} />
          <span class="person-name">{name}</span>
          <span class={`person-balance ${tone}`}>
            {state} {balanceMinor !== 0 && <strong class="amount">{money(Math.abs(balanceMinor))}</strong>}
          </span>
          <BalanceBar balanceMinor={balanceMinor} largestMinor={largestMinor} />
        </summary>
        <p class="muted">{words.paidAndShare(money(balance.paidMinor), money(balance.shareMinor))}</p>
        <form class="inline-form" method="post" action={paths.person(code, person)}>
          <Field
            frame={frame}
            problems={problems}
            field={field}
            label={words.renamePerson(name)}
            control={(described) => (
              <input
                {...described}
                name="name"
                value={typed.get(field) ?? name}
                maxlength={limits.nameLengthMax}
                autocomplete="off"
                required
              />
            )}
          />
          <button class="button small quiet" type="submit">
            {words.rename}
          </button>
        </form>
        <form method="post" action={paths.personRemove(code, person)}>
          <button class="button small danger" type="submit" aria-label={words.removePerson(name)}>
            {words.remove}
          </button>
        </form>
      </details>
    </li>
  );
}
