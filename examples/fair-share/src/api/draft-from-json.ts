/** One expense of the API's JSON as the same draft that the form produces. */
import type { Book } from "../domain/book";
import type { ExpenseDraft } from "../forms/expense-draft";

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Undefined if the shape is wrong or a name is not in the book; single values are judged by the form's reader. */
export function draftFromJson(book: Book, value: unknown): ExpenseDraft | undefined {
  if (!isRecord(value)) return undefined;
  const paidBy = placeOf(book, value.paidBy);
  const sharing = readSharing(book, value.split);
  if (paidBy === undefined || sharing === undefined) return undefined;
  return {
    title: textOf(value.title ?? "Expense"),
    amount: textOf(value.amount),
    currency: textOf(value.currency ?? book.mainCurrency),
    paidBy: String(paidBy),
    date: textOf(value.date ?? ""),
    ...sharing,
  };
}

type Sharing = Pick<ExpenseDraft, "kind" | "isSharing" | "values" | "repaidTo">;

function readSharing(book: Book, split: unknown): Sharing | undefined {
  const nobody: Sharing = {
    kind: "equal",
    isSharing: book.people.map(() => false),
    values: book.people.map(() => ""),
    repaidTo: "",
  };
  if (split === undefined) return { ...nobody, isSharing: book.people.map(() => true) };
  if (!isRecord(split) || Object.keys(split).length !== 1) return undefined;
  const { equal, parts, exact, repaymentTo } = split;
  if (Array.isArray(equal) && equal.every((name) => placeOf(book, name) !== undefined)) {
    return { ...nobody, isSharing: book.people.map((name) => equal.includes(name)) };
  }
  const portions = parts ?? exact;
  if (isRecord(portions) && Object.keys(portions).every((name) => placeOf(book, name) !== undefined)) {
    const values = book.people.map((name) => (Object.hasOwn(portions, name) ? textOf(portions[name]) : ""));
    return { ...nobody, kind: parts === undefined ? "exact" : "parts", values };
  }
  const to = placeOf(book, repaymentTo);
  return to === undefined ? undefined : { ...nobody, kind: "repayment", repaidTo: String(to) };
}

function placeOf(book: Book, name: unknown): number | undefined {
  const place = typeof name === "string" ? book.people.indexOf(name) : -1;
  return place === -1 ? undefined : place;
}

/** Numbers are taken as they print; 0.1 + 0.2 then fails as too precise instead of being rounded in secret. */
function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
