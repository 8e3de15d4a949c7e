/** The expense form: show, add, change, remove. */
import { Hono } from "hono";
import { addExpense, removeExpense, replaceExpense } from "../domain/change-expenses";
import type { FieldProblem, Problem } from "../domain/problem";
import { succeed } from "../domain/result";
import type { AppContext, AppEnv } from "../env";
import { blankDraft, draftFromExpense, draftFromForm, type ExpenseDraft } from "../forms/expense-draft";
import { readExpenseForm } from "../forms/read-expense-form";
import { frameFor } from "../http/page-frame";
import { paths } from "../http/paths";
import { readForm } from "../http/read-form";
import { ExpensePage } from "../views/expense-page";
import { redirectTo } from "./redirect-to";
import { refuse } from "./show-book";

export const expensesRoutes = new Hono<AppEnv>();

expensesRoutes.get("/new", (c) => {
  const book = c.get("book");
  if (book.people.length < 2) return c.redirect(paths.book(c.get("code")), 303);
  return showForm(c, blankDraft(book), undefined);
});

expensesRoutes.post("/", (c) => saveExpense(c, undefined));

expensesRoutes.get("/:index{[0-9]{1,3}}", (c) => {
  const index = Number(c.req.param("index"));
  const book = c.get("book");
  const expense = book.expenses[index];
  if (expense === undefined) return c.notFound();
  return showForm(c, draftFromExpense(book, expense, frameFor(c, book.language).decimalMark), index);
});

expensesRoutes.post("/:index{[0-9]{1,3}}", (c) => saveExpense(c, Number(c.req.param("index"))));

expensesRoutes.post("/:index{[0-9]{1,3}}/remove", (c) => {
  const refuseIt = (problem: Problem) => refuse(c, { problems: [{ field: "expenses", problem }] });
  const changed = removeExpense(c.get("book"), Number(c.req.param("index")));
  return changed.ok ? redirectTo(c, changed.value, "expense-removed", refuseIt) : refuseIt(changed.failure);
});

async function saveExpense(c: AppContext, index: number | undefined): Promise<Response> {
  const book = c.get("book");
  const draft = draftFromForm(book, await readForm(c));
  const expense = readExpenseForm(book, draft, frameFor(c, book.language).decimalMark);
  if (!expense.ok) return showForm(c, draft, index, expense.failure);
  const changed =
    index === undefined
      ? succeed(addExpense(book, expense.value))
      : replaceExpense(book, index, expense.value);
  const refuseIt = (problem: Problem) => showForm(c, draft, index, [{ field: "title", problem }]);
  if (!changed.ok) return refuseIt(changed.failure);
  return redirectTo(c, changed.value, index === undefined ? "expense-added" : "expense-changed", refuseIt);
}

function showForm(
  c: AppContext,
  draft: ExpenseDraft,
  index: number | undefined,
  problems: readonly FieldProblem[] = [],
): Response | Promise<Response> {
  const book = c.get("book");
  const frame = frameFor(c, book.language);
  const page = (
    <ExpensePage
      frame={frame}
      book={book}
      code={c.get("code")}
      draft={draft}
      problems={problems}
      index={index}
    />
  );
  return c.html(page, problems.length === 0 ? 200 : 422);
}
