/** Renders a book's page, with the problems of a refused form if there are any. */
import type { FieldProblem } from "../domain/problem";
import { summarize } from "../domain/summarize";
import type { AppContext } from "../env";
import { frameFor } from "../http/page-frame";
import { paths } from "../http/paths";
import { noticeKinds } from "../i18n/messages";
import { BookPage } from "../views/book-page";
import type { BookView } from "../views/book-view";

type Refusal = {
  readonly problems: readonly FieldProblem[];
  readonly typed?: readonly (readonly [string, string])[];
};

export function bookView(c: AppContext, refusal: Refusal = { problems: [] }): BookView {
  const book = c.get("book");
  const code = c.get("code");
  return {
    frame: frameFor(c, book.language),
    book,
    code,
    summary: summarize(book),
    problems: refusal.problems,
    typed: new Map(refusal.typed ?? []),
    shareUrl: new URL(paths.book(code), c.req.url).href,
  };
}

export function showBook(c: AppContext): Response | Promise<Response> {
  const did = c.req.query("did");
  const notice = noticeKinds.find((kind) => kind === did);
  return c.html(<BookPage view={bookView(c)} notice={notice} />);
}

/** The form was refused: the same page, what was typed, and what is wrong with it. */
export function refuse(c: AppContext, refusal: Refusal): Response | Promise<Response> {
  return c.html(<BookPage view={bookView(c, refusal)} notice={undefined} />, 422);
}
