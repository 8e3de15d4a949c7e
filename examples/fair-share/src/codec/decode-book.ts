/** A link back into a book. Links are edited, cut off and forged: every value is checked before use. */
import type { Book, Expense, Portion, Rate, Split } from "../domain/book";
import { isCalendarDate } from "../domain/calendar-date";
import { cleanText } from "../domain/clean-text";
import { type CurrencyCode, isCurrencyCode } from "../domain/currency";
import { parseRate } from "../domain/exchange-rate";
import { fail, type Result, succeed } from "../domain/result";
import { validateBook } from "../domain/validate-book";
import { isLanguage } from "../i18n/language";
import { limits } from "../limits";
import { decodeBase64Url } from "./base64url";
import { wireVersion } from "./encode-book";
import { readArray, readInteger, readString, WireError } from "./wire-reader";

export type DecodeFailure =
  | { readonly kind: "code-too-long" }
  | { readonly kind: "code-damaged" }
  | { readonly kind: "code-newer" }
  | { readonly kind: "code-invalid"; readonly detail: string };

/** Gives a book that obeys every rule of `validateBook`, or the reason why the link cannot be read. */
export function decodeBook(code: string): Result<Book, DecodeFailure> {
  if (code.length > limits.codeLengthMax) return fail({ kind: "code-too-long" });
  const wire = parseJson(decodeBase64Url(code));
  if (!Array.isArray(wire)) return fail({ kind: "code-damaged" });
  if (wire[0] !== wireVersion) return fail({ kind: "code-newer" });
  try {
    const book = readBook(wire);
    const problem = validateBook(book);
    if (problem !== undefined) return fail({ kind: "code-invalid", detail: problem.kind });
    return succeed(book);
  } catch (error) {
    if (error instanceof WireError) return fail({ kind: "code-invalid", detail: error.message });
    throw error;
  }
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    // Not JSON: the caller reports a damaged link, whatever the parser's words were.
    return undefined;
  }
}

function readBook(wire: readonly unknown[]): Book {
  const language = readString(wire[1], "language");
  if (!isLanguage(language)) throw new WireError("language is unknown");
  const mainCurrency = readCurrency(wire[3], "main currency");
  const rates = readArray(wire[4], "rates", limits.ratesCountMax).map(readRate);
  const currencies = [mainCurrency, ...rates.map((entry) => entry.currency)];
  return {
    language,
    title: readText(wire[2], "title", limits.titleLengthMax),
    mainCurrency,
    rates,
    people: readArray(wire[5], "people", limits.peopleCountMax).map((name) =>
      readText(name, "name", limits.nameLengthMax),
    ),
    expenses: readArray(wire[6], "expenses", limits.expensesCountMax).map((entry) =>
      readExpense(readArray(entry, "expense", 7), currencies),
    ),
  };
}

function readRate(value: unknown): Rate {
  const entry = readArray(value, "rate", 2);
  const rate = parseRate(readString(entry[1], "rate"));
  if (!rate.ok) throw new WireError("rate is not a number above zero");
  return { currency: readCurrency(entry[0], "currency"), rate: rate.value };
}

function readExpense(wire: readonly unknown[], currencies: readonly CurrencyCode[]): Expense {
  const currency = currencies[readInteger(wire[3], "currency place", 0, limits.ratesCountMax)];
  if (currency === undefined) throw new WireError("currency place is not in the list");
  const date = readString(wire[4], "date");
  if (date !== "" && !isCalendarDate(date)) throw new WireError("date is not a day in the calendar");
  return {
    title: readText(wire[0], "expense title", limits.titleLengthMax),
    paidBy: readPerson(wire[1]),
    amountMinor: readInteger(wire[2], "amount", 1, limits.amountMinorMax),
    currency,
    date,
    split: readSplit(wire[5], wire[6]),
  };
}

function readSplit(kind: unknown, sharing: unknown): Split {
  if (kind === "e") return { kind: "equal", among: readBits(sharing) };
  if (kind === "p") return { kind: "parts", parts: readPortions(sharing, limits.partsMax) };
  if (kind === "x") return { kind: "exact", amounts: readPortions(sharing, limits.amountMinorMax) };
  if (kind === "r") return { kind: "repayment", to: readPerson(sharing) };
  throw new WireError("kind of split is unknown");
}

function readBits(value: unknown): readonly number[] {
  const bits = readInteger(value, "sharing", 1, 2 ** limits.peopleCountMax - 1);
  return Array.from({ length: limits.peopleCountMax }, (_, person) => person).filter(
    (person) => (bits & (1 << person)) !== 0,
  );
}

function readPortions(value: unknown, sizeMax: number): readonly Portion[] {
  return readArray(value, "sharing", limits.peopleCountMax).map((entry) => {
    const pair = readArray(entry, "portion", 2);
    return { person: readPerson(pair[0]), size: readInteger(pair[1], "portion", 1, sizeMax) };
  });
}

function readPerson(value: unknown): number {
  return readInteger(value, "person", 0, limits.peopleCountMax - 1);
}

function readCurrency(value: unknown, place: string): CurrencyCode {
  const currency = readString(value, place);
  if (!isCurrencyCode(currency)) throw new WireError(`${place} is unknown`);
  return currency;
}

function readText(value: unknown, place: string, lengthMax: number): string {
  const text = cleanText(readString(value, place), lengthMax);
  if (!text.ok) throw new WireError(`${place} is empty or longer than ${lengthMax} characters`);
  return text.value;
}
