/** "Mark as paid": a suggested payment becomes a repayment in the list. */
import { Hono } from "hono";
import { addExpense } from "../domain/change-expenses";
import type { Problem } from "../domain/problem";
import type { AppEnv } from "../env";
import { blankDraft } from "../forms/expense-draft";
import { readExpenseForm } from "../forms/read-expense-form";
import { readForm } from "../http/read-form";
import { messagesFor } from "../i18n/messages";
import { redirectTo } from "./redirect-to";
import { refuse } from "./show-book";

export const repaymentsRoutes = new Hono<AppEnv>();

/** The amount comes from a hidden field in plain decimal form, whatever the book's language. */
repaymentsRoutes.post("/", async (c) => {
  const book = c.get("book");
  const form = await readForm(c);
  const draft = {
    ...blankDraft(book),
    title: messagesFor(book.language).book.repaymentTitle,
    kind: "repayment",
    currency: book.mainCurrency,
    date: "",
    amount: form.get("amount") ?? "",
    paidBy: form.get("from") ?? "",
    repaidTo: form.get("to") ?? "",
  };
  const repayment = readExpenseForm(book, draft, ".");
  if (!repayment.ok) {
    return refuse(c, { problems: repayment.failure.map(({ problem }) => ({ field: "settle", problem })) });
  }
  return redirectTo(c, addExpense(book, repayment.value), "payment-recorded", (problem: Problem) =>
    refuse(c, { problems: [{ field: "settle", problem }] }),
  );
});
