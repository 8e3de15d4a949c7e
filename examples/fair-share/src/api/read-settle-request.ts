/**
 * The API's JSON into a book. It fills the same draft as the form and goes through the same reader:
 * one set of rules for people and for programs.
 */
import type { Book, Expense, Rate } from "../domain/book";
import { cleanText } from "../domain/clean-text";
import { isCurrencyCode } from "../domain/currency";
import { parseRate } from "../domain/exchange-rate";
import { fail, type Result, succeed } from "../domain/result";
import { validateBook } from "../domain/validate-book";
import type { ExpenseDraft } from "../forms/expense-draft";
import { readExpenseForm } from "../forms/read-expense-form";
import type { ApiFault } from "../http/problem-json";
import { describeProblem } from "../i18n/describe-problem";
import { en } from "../i18n/en";
import { limits } from "../limits";
import { draftFromJson, isRecord } from "./draft-from-json";

type Read<Value> = Result<Value, readonly ApiFault[]>;

export function readSettleRequest(body: unknown): Read<Book> {
  if (!isRecord(body)) return reject("", "The body is not a JSON object.");
  const currency = body.currency;
  if (typeof currency !== "string" || !isCurrencyCode(currency)) {
    return reject("currency", "Not an ISO 4217 code that this app knows.");
  }
  const people = readPeople(body.people);
  if (!people.ok) return people;
  const rates = readRates(body.rates ?? {});
  if (!rates.ok) return rates;
  const title =
    body.title === undefined ? succeed("API") : cleanText(String(body.title), limits.titleLengthMax);
  if (!title.ok) return reject("title", describeProblem(title.failure, en));
  const empty: Book = {
    language: body.language === "de" ? "de" : "en",
    title: title.value,
    mainCurrency: currency,
    rates: rates.value,
    people: people.value,
    expenses: [],
  };
  const problem = validateBook(empty);
  return problem === undefined
    ? readExpenses(empty, body.expenses)
    : reject("", describeProblem(problem, en));
}

function readPeople(value: unknown): Read<readonly string[]> {
  if (!Array.isArray(value) || value.length === 0 || value.length > limits.peopleCountMax) {
    return reject("people", `A list of 1 to ${limits.peopleCountMax} names is needed.`);
  }
  const names: string[] = [];
  for (const [place, entry] of value.entries()) {
    const name = cleanText(typeof entry === "string" ? entry : "", limits.nameLengthMax);
    if (!name.ok) return reject(`people[${place}]`, describeProblem(name.failure, en));
    names.push(name.value);
  }
  return succeed(names);
}

function readRates(value: unknown): Read<readonly Rate[]> {
  if (!isRecord(value)) return reject("rates", "Not an object of currency codes and rates.");
  const rates: Rate[] = [];
  for (const [currency, text] of Object.entries(value).slice(0, limits.ratesCountMax + 1)) {
    const rate = parseRate(String(text));
    if (!isCurrencyCode(currency))
      return reject(`rates.${currency.slice(0, 8)}`, "Not a currency this app knows.");
    if (!rate.ok) return reject(`rates.${currency}`, describeProblem(rate.failure, en));
    rates.push({ currency, rate: rate.value });
  }
  return succeed(rates);
}

function readExpenses(book: Book, value: unknown): Read<Book> {
  if (!Array.isArray(value) || value.length > limits.expensesCountMax) {
    return reject("expenses", `A list of at most ${limits.expensesCountMax} expenses is needed.`);
  }
  const faults: ApiFault[] = [];
  const expenses: Expense[] = [];
  for (const [place, entry] of value.entries()) {
    const draft: ExpenseDraft | undefined = draftFromJson(book, entry);
    if (draft === undefined) {
      faults.push({
        field: `expenses[${place}]`,
        message: "Not an expense whose people are all on the list.",
      });
      continue;
    }
    const expense = readExpenseForm(book, draft, ".");
    if (expense.ok) expenses.push(expense.value);
    else {
      for (const { field, problem } of expense.failure) {
        faults.push({ field: `expenses[${place}].${field}`, message: describeProblem(problem, en) });
      }
    }
  }
  return faults.length > 0 ? fail(faults) : succeed({ ...book, expenses });
}

function reject(
  field: string,
  message: string,
): { readonly ok: false; readonly failure: readonly ApiFault[] } {
  return fail([{ field, message }]);
}
