/** The expense form's texts into an expense. All problems are collected: one round trip shows them all. */
import type { Book, Expense, Portion, Split } from "../domain/book";
import { isCalendarDate } from "../domain/calendar-date";
import { cleanText } from "../domain/clean-text";
import { type CurrencyCode, isCurrencyCode } from "../domain/currency";
import { parseAmount } from "../domain/parse-amount";
import type { FieldProblem, Problem } from "../domain/problem";
import { fail, type Result, succeed } from "../domain/result";
import { validateExpense } from "../domain/validate-book";
import { limits } from "../limits";
import type { ExpenseDraft } from "./expense-draft";

export function readExpenseForm(
  book: Book,
  draft: ExpenseDraft,
  decimalMark: "." | ",",
): Result<Expense, readonly FieldProblem[]> {
  const problems: FieldProblem[] = [];
  const report = (field: string, problem: Problem) => problems.push({ field, problem });
  const take = <Value>(field: string, result: Result<Value, Problem>, fallback: Value): Value => {
    if (result.ok) return result.value;
    report(field, result.failure);
    return fallback;
  };
  const currency = take("currency", readCurrency(draft.currency), book.mainCurrency);
  const title = take("title", cleanText(draft.title, limits.titleLengthMax), "");
  const amountMinor = take("amount", parseAmount(draft.amount, currency, decimalMark), 0);
  const paidBy = take("paidBy", readPerson(book, draft.paidBy), 0);
  if (draft.date !== "" && !isCalendarDate(draft.date)) report("date", { kind: "date-invalid" });
  const split = readSplit(book, draft, currency, decimalMark, report);
  if (split === undefined || problems.length > 0) return fail(problems);
  const expense: Expense = { title, amountMinor, currency, paidBy, date: draft.date, split };
  const problem = validateExpense(book, expense);
  return problem === undefined ? succeed(expense) : fail([{ field: fieldOf(problem), problem }]);
}

type Report = (field: string, problem: Problem) => void;

function readSplit(
  book: Book,
  draft: ExpenseDraft,
  currency: CurrencyCode,
  decimalMark: "." | ",",
  report: Report,
): Split | undefined {
  switch (draft.kind) {
    case "equal": {
      const among = book.people.map((_, person) => person).filter((person) => draft.isSharing[person]);
      if (among.length === 0) report("sharers", { kind: "split-empty" });
      return { kind: "equal", among };
    }
    case "parts":
      return { kind: "parts", parts: readPortions(draft, readParts, report) };
    case "exact": {
      const readExact = (text: string) => parseAmount(text, currency, decimalMark);
      return { kind: "exact", amounts: readPortions(draft, readExact, report) };
    }
    case "repayment": {
      const to = readPerson(book, draft.repaidTo);
      if (!to.ok) report("repaidTo", to.failure);
      return to.ok ? { kind: "repayment", to: to.value } : undefined;
    }
    default:
      // The one default branch: `kind` is a text from outside, not a union.
      report("kind", { kind: "split-unknown" });
      return undefined;
  }
}

/** Empty fields and zeros are people who do not take part. */
function readPortions(
  draft: ExpenseDraft,
  read: (text: string) => Result<number, Problem>,
  report: Report,
): readonly Portion[] {
  const portions: Portion[] = [];
  let hasProblem = false;
  draft.values.forEach((text, person) => {
    if (text.trim() === "") return;
    const size = read(text);
    if (!size.ok) {
      hasProblem = true;
      report(`value-${person}`, size.failure);
    } else if (size.value > 0) portions.push({ person, size: size.value });
  });
  if (portions.length === 0 && !hasProblem) report("sharers", { kind: "split-empty" });
  return portions;
}

function readParts(text: string): Result<number, Problem> {
  const parts = /^\d{1,4}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return parts <= limits.partsMax
    ? succeed(parts)
    : fail({ kind: "parts-invalid", partsMax: limits.partsMax });
}

function readPerson(book: Book, text: string): Result<number, Problem> {
  const isPlace = /^\d{1,2}$/.test(text) && Object.hasOwn(book.people, Number(text));
  return isPlace ? succeed(Number(text)) : fail({ kind: "person-unknown" });
}

function readCurrency(text: string): Result<CurrencyCode, Problem> {
  return isCurrencyCode(text)
    ? succeed(text)
    : fail({ kind: "currency-unknown", currency: text.slice(0, 8) });
}

/** Where a rule about the whole expense shows on the form. */
function fieldOf(problem: Problem): string {
  if (problem.kind === "exact-missing" || problem.kind === "exact-exceeds") return "sharers";
  if (problem.kind === "currency-needs-rate") return "currency";
  return problem.kind === "repayment-to-self" ? "repaidTo" : "amount";
}
