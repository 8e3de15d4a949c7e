/** Errors of the JSON API (RFC 9457). */
import type { AppContext } from "../env";

export type ApiFault = { readonly field: string; readonly message: string };

export function problemJson(
  c: AppContext,
  status: 400 | 404 | 405 | 413 | 415 | 422 | 500,
  detail: string,
  errors: readonly ApiFault[] = [],
): Response {
  const body = {
    type: "about:blank",
    title: titles[status],
    status,
    detail,
    ...(errors.length > 0 && { errors }),
  };
  return c.body(JSON.stringify(body), status, { "content-type": "application/problem+json" });
}

const titles = {
  400: "Bad Request",
  404: "Not Found",
  405: "Method Not Allowed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  500: "Internal Server Error",
} as const;
