/** A submitted form. Only the plain encoding that our own pages send is read. */
import { HTTPException } from "hono/http-exception";
import type { AppContext } from "../env";
import { readBoundedBody } from "./read-bounded-body";

export async function readForm(c: AppContext): Promise<URLSearchParams> {
  const type = c.req.header("content-type") ?? "";
  if (!type.toLowerCase().startsWith("application/x-www-form-urlencoded")) {
    throw new HTTPException(415, { message: "Send the form as application/x-www-form-urlencoded." });
  }
  return new URLSearchParams(await readBoundedBody(c.req.raw));
}
