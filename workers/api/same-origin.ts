// What a browser says about where a request comes from (RFC 6454 §7, Fetch Metadata). A page of another origin must not
// act here in the name of who is signed in; programs send no Origin and are not asked for one, unless a cookie speaks.
import type { MiddlewareHandler } from "hono";
import type { ApiEnv } from "./api-app.ts";
import { AppError } from "./app-error.ts";

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

export type RequestSource = {
  readonly method: string;
  /** The address that was asked, of the platform itself. */
  readonly url: string;
  readonly origin: string | null;
  /** Sec-Fetch-Site. `none` is a person who typed the address or opened a bookmark, which changes nothing. */
  readonly fetchSite: string | null;
  /** WebSockets know no CORS: an upgrade is judged like a change. */
  readonly isUpgrade: boolean;
  /** Whether a cookie is all that says who asks. */
  readonly hasOnlyCookie: boolean;
};

/** Why the request is refused, in one sentence; null when it may pass. */
export function refuseSource(source: RequestSource): string | null {
  const { method, url, origin, fetchSite, isUpgrade, hasOnlyCookie } = source;
  if (SAFE_METHODS.has(method) && !isUpgrade) return null;
  if (origin !== null && origin !== new URL(url).origin) {
    return `A page of ${origin.slice(0, 200)} may not do this here (Origin).`;
  }
  const isOwnSite = fetchSite === "same-origin" || (fetchSite === "none" && !hasOnlyCookie);
  if (fetchSite !== null && !isOwnSite) {
    return "A page of another site may not do this here (Origin, Sec-Fetch-Site).";
  }
  if (hasOnlyCookie && origin === null && fetchSite === null) {
    return "With a cookie the browser must say where the request comes from (Origin); a program sends a token instead.";
  }
  return null;
}

/** What a request says about its source. */
export function sourceOf(request: Request): RequestSource {
  const { headers, method, url } = request;
  return {
    method,
    url,
    origin: headers.get("origin"),
    fetchSite: headers.get("sec-fetch-site"),
    isUpgrade: headers.get("upgrade")?.toLowerCase() === "websocket",
    hasOnlyCookie: headers.has("cookie") && !headers.has("authorization"),
  };
}

/** Answers 403 before anything else is asked. An upgrade is refused inside its socket instead (timeline.ts). */
export const requireOwnOrigin: MiddlewareHandler<ApiEnv> = async (context, next) => {
  const source = sourceOf(context.req.raw);
  const reason = source.isUpgrade ? null : refuseSource(source);
  if (reason !== null) throw new AppError("forbidden", reason);
  await next();
};
