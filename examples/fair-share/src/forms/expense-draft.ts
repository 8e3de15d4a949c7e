/** An expense as the form shows it: plain texts, right or wrong, so that nothing typed is ever lost. */
import type { Book, Expense, Portion } from "../domain/book";
import { toDecimalText } from "../domain/money";

export type ExpenseDraft = {
  readonly title: string;
  readonly amount: string;
  readonly currency: string;
  readonly paidBy: string;
  readonly date: string;
  readonly kind: string;
  readonly repaidTo: string;
  /** One entry for each person. */
  readonly isSharing: readonly boolean[];
  readonly values: readonly string[];
};

/** A blank form guesses: everyone shares, same day and payer as the expense before. */
export function blankDraft(book: Book): ExpenseDraft {
  const last = book.expenses.at(-1);
  return {
    title: "",
    amount: "",
    currency: last?.currency ?? book.mainCurrency,
    paidBy: String(last?.paidBy ?? 0),
    date: last?.date ?? "",
    kind: "equal",
    repaidTo: "",
    isSharing: book.people.map(() => true),
    values: book.people.map(() => ""),
  };
}

export function draftFromForm(book: Book, form: URLSearchParams): ExpenseDraft {
  const text = (field: string) => form.get(field) ?? "";
  return {
    title: text("title"),
    amount: text("amount"),
    currency: text("currency"),
    paidBy: text("paidBy"),
    date: text("date"),
    kind: text("kind"),
    repaidTo: text("repaidTo"),
    isSharing: book.people.map((_, person) => form.has(`share-${person}`)),
    values: book.people.map((_, person) => text(`value-${person}`)),
  };
}

export function draftFromExpense(book: Book, expense: Expense, decimalMark: "." | ","): ExpenseDraft {
  const { split, currency } = expense;
  const toText = (amountMinor: number) => toDecimalText(amountMinor, currency).replace(".", decimalMark);
  const portions: readonly Portion[] =
    split.kind === "parts" ? split.parts : split.kind === "exact" ? split.amounts : [];
  return {
    title: expense.title,
    amount: toText(expense.amountMinor),
    currency,
    paidBy: String(expense.paidBy),
    date: expense.date,
    kind: split.kind,
    repaidTo: split.kind === "repayment" ? String(split.to) : "",
    isSharing: book.people.map((_, person) => split.kind !== "equal" || split.among.includes(person)),
    values: book.people.map((_, person) => {
      const size = portions.find((portion) => portion.person === person)?.size;
      if (size === undefined) return "";
      return split.kind === "exact" ? toText(size) : String(size);
    }),
  };
}
