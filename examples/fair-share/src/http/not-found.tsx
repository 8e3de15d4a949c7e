/** Unknown addresses: a friendly page for people, a problem document for programs. */
import type { AppContext } from "../env";
import { MessagePage } from "../views/message-page";
import { frameFor } from "./page-frame";
import { problemJson } from "./problem-json";

export function notFound(c: AppContext): Response | Promise<Response> {
  if (c.req.path.startsWith("/api/")) return problemJson(c, 404, "There is no such endpoint. See /api.");
  const frame = frameFor(c);
  const { heading, text } = frame.messages.notFound;
  return c.html(<MessagePage frame={frame} heading={heading} text={text} />, 404);
}
