/** The start page and the creation of a list. */
import { Hono } from "hono";
import { type AppContext, type AppEnv, defaultCurrency } from "../env";
import { type NewBookDraft, readNewBookForm } from "../forms/read-new-book-form";
import { frameFor } from "../http/page-frame";
import { readForm } from "../http/read-form";
import { HomePage } from "../views/home-page";
import { redirectTo } from "./redirect-to";

export const homeRoutes = new Hono<AppEnv>();

homeRoutes.get("/", (c) => {
  c.header("vary", "Accept-Language");
  const draft = { title: "", people: "", currency: defaultCurrency(c) };
  return c.html(<HomePage frame={frameFor(c)} draft={draft} problems={[]} />);
});

homeRoutes.post("/books", async (c) => {
  const form = await readForm(c);
  const text = (field: string) => form.get(field) ?? "";
  return createBook(c, { title: text("title"), people: text("people"), currency: text("currency") });
});

function createBook(c: AppContext, draft: NewBookDraft): Response | Promise<Response> {
  const frame = frameFor(c);
  const book = readNewBookForm(draft, frame.language);
  if (!book.ok) return c.html(<HomePage frame={frame} draft={draft} problems={book.failure} />, 422);
  return redirectTo(c, book.value, "book-created", (problem) =>
    c.html(<HomePage frame={frame} draft={draft} problems={[{ field: "people", problem }]} />, 422),
  );
}
