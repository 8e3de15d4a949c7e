/** Add, rename and remove people. */
import type { Book, Expense, Portion, Split } from "./book";
import { peopleInSplit } from "./book";
import type { Problem } from "./problem";
import { fail, type Result, succeed } from "./result";

export function addPerson(book: Book, name: string): Book {
  return { ...book, people: [...book.people, name] };
}

export function renamePerson(book: Book, person: number, name: string): Book {
  return { ...book, people: book.people.map((old, index) => (index === person ? name : old)) };
}

/** Only someone no expense mentions can go; the people after them move up one place in every expense. */
export function removePerson(book: Book, person: number): Result<Book, Problem> {
  const name = book.people[person];
  if (name === undefined) return fail({ kind: "person-unknown" });
  const isInUse = book.expenses.some(
    (expense) => expense.paidBy === person || peopleInSplit(expense.split).includes(person),
  );
  if (isInUse) return fail({ kind: "person-in-use", name });
  const moved = (index: number) => (index > person ? index - 1 : index);
  return succeed({
    ...book,
    people: book.people.toSpliced(person, 1),
    expenses: book.expenses.map((expense) => moveExpense(expense, moved)),
  });
}

type Move = (index: number) => number;

function moveExpense(expense: Expense, moved: Move): Expense {
  return { ...expense, paidBy: moved(expense.paidBy), split: moveSplit(expense.split, moved) };
}

function moveSplit(split: Split, moved: Move): Split {
  const movePortion = (portion: Portion) => ({ ...portion, person: moved(portion.person) });
  switch (split.kind) {
    case "equal":
      return { ...split, among: split.among.map(moved) };
    case "parts":
      return { ...split, parts: split.parts.map(movePortion) };
    case "exact":
      return { ...split, amounts: split.amounts.map(movePortion) };
    case "repayment":
      return { ...split, to: moved(split.to) };
  }
}
