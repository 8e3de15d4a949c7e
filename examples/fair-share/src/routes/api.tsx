/** The JSON API and its documentation. */
import { Hono } from "hono";
import { presentSummary } from "../api/present-summary";
import { readSettleRequest } from "../api/read-settle-request";
import { sealBook } from "../codec/seal-book";
import { summarize } from "../domain/summarize";
import type { AppEnv } from "../env";
import { frameFor } from "../http/page-frame";
import { paths } from "../http/paths";
import { problemJson } from "../http/problem-json";
import { readBoundedBody } from "../http/read-bounded-body";
import { describeProblem } from "../i18n/describe-problem";
import { en } from "../i18n/en";
import { ApiPage } from "../views/api-page";

export const apiRoutes = new Hono<AppEnv>();

apiRoutes.get("/", (c) => c.html(<ApiPage frame={frameFor(c)} origin={new URL(c.req.url).origin} />));

apiRoutes.post("/settle", async (c) => {
  const type = c.req.header("content-type") ?? "";
  if (!type.toLowerCase().startsWith("application/json"))
    return problemJson(c, 415, "Send application/json.");
  const body = parseJson(await readBoundedBody(c.req.raw));
  if (body === undefined) return problemJson(c, 400, "The body is not valid JSON.");
  const book = readSettleRequest(body);
  if (!book.ok) return problemJson(c, 422, "Some values do not fit.", book.failure);
  const code = sealBook(book.value);
  if (!code.ok) return problemJson(c, 422, describeProblem(code.failure, en));
  const link = new URL(paths.book(code.value), c.req.url).href;
  return c.json(presentSummary(book.value, summarize(book.value), link));
});

apiRoutes.all("/settle", (c) => {
  c.header("allow", "POST");
  return problemJson(c, 405, "Use POST. See /api.");
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller answers 400; the parser's position would only confuse.
    return undefined;
  }
}
