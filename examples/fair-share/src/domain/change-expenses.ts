/** Add, replace and remove expenses. The order is the order of entry: a link's history stays readable. */
import type { Book, Expense } from "./book";
import type { Problem } from "./problem";
import { fail, type Result, succeed } from "./result";

export function addExpense(book: Book, expense: Expense): Book {
  return { ...book, expenses: [...book.expenses, expense] };
}

export function replaceExpense(book: Book, index: number, expense: Expense): Result<Book, Problem> {
  if (!Object.hasOwn(book.expenses, index)) return fail({ kind: "expense-unknown" });
  return succeed({ ...book, expenses: book.expenses.with(index, expense) });
}

export function removeExpense(book: Book, index: number): Result<Book, Problem> {
  if (!Object.hasOwn(book.expenses, index)) return fail({ kind: "expense-unknown" });
  return succeed({ ...book, expenses: book.expenses.toSpliced(index, 1) });
}
