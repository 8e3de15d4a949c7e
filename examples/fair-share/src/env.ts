/** What the manifest's `env` gives the app, and the values a request carries between handlers. */
import type { Context } from "hono";
import type { Book } from "./domain/book";
import { type CurrencyCode, isCurrencyCode } from "./domain/currency";

export type AppEnv = {
  readonly Bindings: { readonly TITLE?: string; readonly DEFAULT_CURRENCY?: string };
  readonly Variables: { book: Book; code: string };
};

export type AppContext = Context<AppEnv>;

/** The app's display name, from `TITLE`. A bare `app.fetch(request)` in a test has no `env` at all, hence `?.`. */
export function appTitle(c: AppContext): string {
  return c.env?.TITLE || "Fair Share";
}

/** The currency a new book starts with; a value we do not know falls back to EUR rather than failing. */
export function defaultCurrency(c: AppContext): CurrencyCode {
  const wanted = c.env?.DEFAULT_CURRENCY ?? "";
  return isCurrencyCode(wanted) ? wanted : "EUR";
}
