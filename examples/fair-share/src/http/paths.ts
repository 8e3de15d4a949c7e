/** Every address of the app in one place: views and routes never build one by hand. */
import type { NoticeKind } from "../i18n/messages";

export const paths = {
  home: "/",
  books: "/books",
  example: "/example",
  api: "/api",
  apiSettle: "/api/settle",
  book: (code: string) => `/s/${code}`,
  print: (code: string) => `/s/${code}/print`,
  settings: (code: string) => `/s/${code}/settings`,
  people: (code: string) => `/s/${code}/people`,
  person: (code: string, person: number) => `/s/${code}/people/${person}`,
  personRemove: (code: string, person: number) => `/s/${code}/people/${person}/remove`,
  expenseNew: (code: string) => `/s/${code}/expenses/new`,
  expenses: (code: string) => `/s/${code}/expenses`,
  expense: (code: string, index: number) => `/s/${code}/expenses/${index}`,
  expenseRemove: (code: string, index: number) => `/s/${code}/expenses/${index}/remove`,
  repayments: (code: string) => `/s/${code}/repayments`,
  rates: (code: string) => `/s/${code}/rates`,
  rateRemove: (code: string, currency: string) => `/s/${code}/rates/${currency}/remove`,
  csvExpenses: (code: string) => `/s/${code}/expenses.csv`,
  csvPayments: (code: string) => `/s/${code}/payments.csv`,
  json: (code: string) => `/s/${code}/summary.json`,
} as const;

/** After a change: the new state's page, with a note on what happened. */
export function bookWithNotice(code: string, notice: NoticeKind, fragment = ""): string {
  return `${paths.book(code)}?did=${notice}${fragment}`;
}
