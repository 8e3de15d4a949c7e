/** The last step of every change: the book must obey all rules and still fit in a link. */
import type { Book } from "../domain/book";
import type { Problem } from "../domain/problem";
import { fail, type Result, succeed } from "../domain/result";
import { validateBook } from "../domain/validate-book";
import { limits } from "../limits";
import { encodeBook } from "./encode-book";

/** Gives the code for the path, or the problem to show. */
export function sealBook(book: Book): Result<string, Problem> {
  const problem = validateBook(book);
  if (problem !== undefined) return fail(problem);
  const code = encodeBook(book);
  return code.length > limits.codeLengthMax ? fail({ kind: "link-too-long" }) : succeed(code);
}
