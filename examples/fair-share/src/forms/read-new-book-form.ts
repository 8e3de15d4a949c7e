/** The start page's form: a title, names line by line, and the main currency. */
import type { Book } from "../domain/book";
import { cleanText } from "../domain/clean-text";
import { isCurrencyCode } from "../domain/currency";
import type { FieldProblem, Problem } from "../domain/problem";
import { fail, type Result, succeed } from "../domain/result";
import { validateBook } from "../domain/validate-book";
import type { Language } from "../i18n/language";
import { limits } from "../limits";

export type NewBookDraft = { readonly title: string; readonly people: string; readonly currency: string };

export function readNewBookForm(
  draft: NewBookDraft,
  language: Language,
): Result<Book, readonly FieldProblem[]> {
  const problems: FieldProblem[] = [];
  const title = cleanText(draft.title, limits.titleLengthMax);
  if (!title.ok) problems.push({ field: "title", problem: title.failure });
  const people = readNames(draft.people);
  if (!people.ok) problems.push({ field: "people", problem: people.failure });
  const { currency } = draft;
  if (!isCurrencyCode(currency)) {
    problems.push({
      field: "currency",
      problem: { kind: "currency-unknown", currency: currency.slice(0, 8) },
    });
    return fail(problems);
  }
  if (!title.ok || !people.ok) return fail(problems);
  const book: Book = {
    language,
    title: title.value,
    mainCurrency: currency,
    rates: [],
    people: people.value,
    expenses: [],
  };
  const problem = validateBook(book);
  return problem === undefined ? succeed(book) : fail([{ field: "people", problem }]);
}

/** Commas are accepted too: many people write a list that way. */
function readNames(text: string): Result<readonly string[], Problem> {
  const names: string[] = [];
  for (const line of text.split(/[\n,;]/)) {
    if (line.trim() === "") continue;
    if (names.length === limits.peopleCountMax) {
      return fail({ kind: "people-too-many", countMax: limits.peopleCountMax });
    }
    const name = cleanText(line, limits.nameLengthMax);
    if (!name.ok) return name;
    names.push(name.value);
  }
  return names.length < 2 ? fail({ kind: "people-too-few" }) : succeed(names);
}
