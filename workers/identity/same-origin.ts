// Requests that change something and ride on a cookie must come from a page of our own (OWASP, cross-site request
// forgery: Fetch Metadata and Origin). SameSite=Lax is the second wall, not the first.
import { AppError } from "../api/app-error.ts";

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Throws 403 for a request that changes something and was not sent by a page of this very origin. Browsers send Origin
 * with every such request; one that sends neither Origin nor Sec-Fetch-Site is no browser, and should send a token.
 */
export function requireSameOrigin(request: Request): void {
  if (SAFE_METHODS.has(request.method)) return;
  const origin = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  const isOwnOrigin = origin === null ? site === "same-origin" : origin === new URL(request.url).origin;
  if (isOwnOrigin && (site === null || site === "same-origin")) return;
  throw new AppError(
    "forbidden",
    "A session cookie changes things only from a page of this platform (Origin); programs send a token instead.",
  );
}
