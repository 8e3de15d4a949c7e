/** A book as print page, CSV and JSON. */
import { Hono } from "hono";
import { presentSummary } from "../api/present-summary";
import { expensesCsv } from "../csv/expenses-csv";
import { paymentsCsv } from "../csv/payments-csv";
import type { AppContext, AppEnv } from "../env";
import { messagesFor } from "../i18n/messages";
import { PrintPage } from "../views/print-page";
import { bookView } from "./show-book";

export const exportsRoutes = new Hono<AppEnv>();

exportsRoutes.get("/print", (c) => c.html(<PrintPage view={bookView(c)} />));

exportsRoutes.get("/expenses.csv", (c) => {
  const book = c.get("book");
  return sendCsv(c, expensesCsv(book, messagesFor(book.language)), "expenses.csv");
});

exportsRoutes.get("/payments.csv", (c) => {
  const book = c.get("book");
  return sendCsv(c, paymentsCsv(book, messagesFor(book.language)), "payments.csv");
});

exportsRoutes.get("/summary.json", (c) => {
  const view = bookView(c);
  return c.json(presentSummary(view.book, view.summary, view.shareUrl));
});

function sendCsv(c: AppContext, text: string, fileName: string): Response {
  return c.body(text, 200, {
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": `attachment; filename="${fileName}"`,
  });
}
