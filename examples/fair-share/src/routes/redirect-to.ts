/** The end of every successful change: 303 to the new state, so that reload and Back are harmless. */
import { sealBook } from "../codec/seal-book";
import type { Book } from "../domain/book";
import type { Problem } from "../domain/problem";
import type { AppContext } from "../env";
import { bookWithNotice } from "../http/paths";
import type { NoticeKind } from "../i18n/messages";

/** `onProblem` shows the form again if the changed book breaks a rule or no longer fits in a link. */
export function redirectTo(
  c: AppContext,
  book: Book,
  notice: NoticeKind,
  onProblem: (problem: Problem) => Response | Promise<Response>,
): Response | Promise<Response> {
  const sealed = sealBook(book);
  return sealed.ok ? c.redirect(bookWithNotice(sealed.value, notice), 303) : onProblem(sealed.failure);
}
