/** The rules a whole book obeys, whoever made it: a form, the API, or a link edited by hand. */
import { limits } from "../limits";
import { type Book, type Expense, type Portion, peopleInSplit, usableCurrencies } from "./book";
import { toDecimalText } from "./money";
import type { Problem } from "./problem";
import { toMainCurrency } from "./split-expense";

/** The first broken rule, or undefined for a sound book. Single fields are checked where they are read. */
export function validateBook(book: Book): Problem | undefined {
  if (book.people.length > limits.peopleCountMax) {
    return { kind: "people-too-many", countMax: limits.peopleCountMax };
  }
  if (book.expenses.length > limits.expensesCountMax) {
    return { kind: "expenses-too-many", countMax: limits.expensesCountMax };
  }
  if (book.rates.length > limits.ratesCountMax) {
    return { kind: "rates-too-many", countMax: limits.ratesCountMax };
  }
  return findDuplicate(book) ?? firstProblem(book.expenses, (expense) => validateExpense(book, expense));
}

/** The rules of one expense within its book. */
export function validateExpense(book: Book, expense: Expense): Problem | undefined {
  if (expense.amountMinor < 1) return { kind: "amount-not-positive" };
  if (expense.amountMinor > limits.amountMinorMax) return { kind: "amount-too-large" };
  const involved = peopleInSplit(expense.split);
  if (involved.length === 0) return { kind: "split-empty" };
  if (![expense.paidBy, ...involved].every((person) => Object.hasOwn(book.people, person))) {
    return { kind: "person-unknown" };
  }
  if (new Set(involved).size !== involved.length) return { kind: "split-unknown" };
  if (!usableCurrencies(book).includes(expense.currency)) {
    return { kind: "currency-needs-rate", currency: expense.currency };
  }
  if (toMainCurrency(book, expense) > limits.convertedMinorMax) return { kind: "amount-too-large" };
  return validateSplit(expense);
}

function findDuplicate(book: Book): Problem | undefined {
  const names = new Set<string>();
  for (const name of book.people) {
    if (names.has(name.toLocaleLowerCase())) return { kind: "name-taken", name };
    names.add(name.toLocaleLowerCase());
  }
  const currencies = usableCurrencies(book);
  const twice = currencies.find((currency, index) => currencies.indexOf(currency) !== index);
  return twice === undefined ? undefined : { kind: "currency-in-use", currency: twice };
}

function validateSplit(expense: Expense): Problem | undefined {
  const { split } = expense;
  switch (split.kind) {
    case "equal":
      return undefined;
    case "parts":
      return split.parts.every((portion) => portion.size >= 1 && portion.size <= limits.partsMax)
        ? undefined
        : { kind: "parts-invalid", partsMax: limits.partsMax };
    case "exact":
      return validateExact(expense, split.amounts);
    case "repayment":
      return split.to === expense.paidBy ? { kind: "repayment-to-self" } : undefined;
  }
}

function validateExact(expense: Expense, amounts: readonly Portion[]): Problem | undefined {
  if (!amounts.every((portion) => portion.size >= 1)) return { kind: "amount-not-positive" };
  const missing = amounts.reduce((rest, portion) => rest - portion.size, expense.amountMinor);
  const amount = `${toDecimalText(Math.abs(missing), expense.currency)} ${expense.currency}`;
  if (missing === 0) return undefined;
  return missing > 0 ? { kind: "exact-missing", amount } : { kind: "exact-exceeds", amount };
}

function firstProblem<Item>(
  items: readonly Item[],
  check: (item: Item) => Problem | undefined,
): Problem | undefined {
  for (const item of items) {
    const problem = check(item);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
