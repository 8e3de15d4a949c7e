/** The one place where a thrown error becomes a page or a problem document. */
import { HTTPException } from "hono/http-exception";
import type { AppContext } from "../env";
import { MessagePage } from "../views/message-page";
import { frameFor } from "./page-frame";
import { problemJson } from "./problem-json";

export function onError(error: Error, c: AppContext): Response | Promise<Response> {
  const status = statusOf(error);
  // The reader gets a calm sentence; the cause goes to the log.
  if (status === 500) console.error(error);
  if (c.req.path.startsWith("/api/")) {
    return problemJson(c, status, status === 500 ? "Something went wrong on our side." : error.message);
  }
  const frame = frameFor(c);
  const { failure } = frame.messages;
  const text = status === 413 ? failure.tooLarge : status === 500 ? failure.text : failure.unreadable;
  return c.html(<MessagePage frame={frame} heading={failure.heading} text={text} />, status);
}

function statusOf(error: Error): 400 | 413 | 415 | 500 {
  if (!(error instanceof HTTPException)) return 500;
  const { status } = error;
  return status === 400 || status === 413 || status === 415 ? status : 500;
}
