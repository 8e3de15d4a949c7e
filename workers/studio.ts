// /studio and every deep link below it: one page, whose script reads the address. Who has no session signs in first and
// comes back.
import { readSessionCookie } from "./identity/session-credential.ts";
import { sessionSecret } from "./identity/session-secret.ts";

export const STUDIO_PATH = /^\/studio(?:\/|$)/;

/**
 * The page, or the way to sign in. Only the cookie's signature is looked at here: whether the session still lives is what
 * the page's first question to the API finds out.
 */
export async function serveStudio(request: Request, env: Cloudflare.Env): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const session = await readSessionCookie(request.headers.get("cookie") ?? "", await sessionSecret(env));
  if (session === null) {
    const location = `/sign-in?next=${encodeURIComponent(pathname + search)}`;
    return new Response(null, { status: 303, headers: { location, "cache-control": "no-store" } });
  }
  const page = new Request(new URL("/studio/", request.url), {
    method: request.method,
    headers: request.headers,
  });
  return await env.ASSETS.fetch(page);
}
