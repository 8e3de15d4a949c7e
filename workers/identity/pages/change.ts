// A change that a form asks for: made, or told why not above the same page. The rules are those of the API (AppError), and
// an old sign-in is renewed first.
import type { Context } from "hono";
import { PROBLEMS } from "../../../schemas/problem.ts";
import { AppError } from "../../api/app-error.ts";
import { CONFIRM_PATH } from "../fresh-sign-in.ts";
import type { PageEnv } from "./page-app.ts";

/** Shows the page again with what went wrong. */
type ShowRefusal = (refusal: string, status: 400 | 403 | 404 | 409) => Promise<Response>;

/**
 * Runs the change and gives its answer. What the API would refuse with is said on the page; a sign-in that is too old goes
 * to give the password once more and comes back to `path`.
 */
export async function tryChange(
  context: Context<PageEnv>,
  path: string,
  change: () => Promise<Response>,
  show: ShowRefusal,
): Promise<Response> {
  try {
    return await change();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === "sign-in-stale") {
      return context.redirect(`${CONFIRM_PATH}?next=${encodeURIComponent(path)}`, 303);
    }
    const { status } = PROBLEMS[error.code];
    if (status !== 400 && status !== 403 && status !== 404 && status !== 409) throw error;
    return await show(error.message, status);
  }
}
