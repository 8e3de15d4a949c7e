// Forms ride on cookies: each must come from a page of our own, whether it finds a session or not (OWASP, cross-site
// request forgery). SameSite=Lax is the second wall, not the first.
import { AppError } from "../api/app-error.ts";
import { refuseSource, sourceOf } from "../api/same-origin.ts";

/** Throws 403 for a request that changes something and was not sent by a page of this very origin. */
export function requireSameOrigin(request: Request): void {
  const reason = refuseSource({ ...sourceOf(request), hasOnlyCookie: true });
  if (reason !== null) throw new AppError("forbidden", reason);
}
