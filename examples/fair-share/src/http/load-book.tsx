/** Opens the book in the path before any handler under /s/:code runs. */
import type { MiddlewareHandler } from "hono";
import { decodeBook } from "../codec/decode-book";
import type { AppEnv } from "../env";
import { LinkErrorPage } from "../views/link-error-page";
import { frameFor } from "./page-frame";
import { problemJson } from "./problem-json";

export const loadBook: MiddlewareHandler<AppEnv> = async (c, next) => {
  const code = c.req.param("code") ?? "";
  const decoded = decodeBook(code);
  if (!decoded.ok) {
    const frame = frameFor(c);
    if (c.req.path.endsWith(".json"))
      return problemJson(c, 400, `The code is not valid: ${decoded.failure.kind}.`);
    return c.html(<LinkErrorPage frame={frame} failure={decoded.failure} />, 400);
  }
  c.set("book", decoded.value);
  c.set("code", code);
  return next();
};
