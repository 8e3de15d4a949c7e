// What every page is made with: bindings, who is signed in, and how a page goes out.
import { type Context, Hono, type MiddlewareHandler } from "hono";
import type * as z from "zod";
import type { Actor } from "../../../adapters/database/actor.ts";
import { describeUser } from "../../../adapters/database/sessions.ts";
import { AppError } from "../../api/app-error.ts";
import { type Accounts, openAccounts, type RequestScope } from "../accounts.ts";
import { findActor } from "../authenticate.ts";
import { CONFIRM_PATH, isFresh } from "../fresh-sign-in.ts";
import { LANDING } from "../landing.ts";
import type { FieldErrors } from "./form-parts.tsx";
import type { Visitor } from "./layout.tsx";

export type PageEnv = {
  Bindings: Cloudflare.Env;
  Variables: { requestId: string; actor: Actor; visitor: Visitor };
};

/** The part of a page's form that was filled in well, or what to say beside its fields. */
type ReadForm<Values> =
  | { readonly ok: true; readonly values: Values }
  | { readonly ok: false; readonly typed: Readonly<Record<string, string>>; readonly errors: FieldErrors };

const MAX_FORM_BYTES = 65_536;

/** A group of pages; workers/identity/pages/app.ts mounts it. */
export function createPages(): Hono<PageEnv> {
  return new Hono<PageEnv>();
}

/** Lets in who is signed in, and sets `actor` and `visitor`; everybody else signs in first and comes back. */
export const requireSignIn: MiddlewareHandler<PageEnv> = async (context, next) => {
  if (!(await findVisitor(context))) return toSignIn(context);
  await next();
};

/** Asks for the password once more when the sign-in is older than 15 minutes, and comes back. After requireSignIn. */
export const requireFreshSignInPage: MiddlewareHandler<PageEnv> = async (context, next) => {
  const { login } = context.get("actor");
  if (login.kind !== "token" && !isFresh(login.signedInAt, Date.now())) {
    return context.redirect(`${CONFIRM_PATH}?next=${encodeURIComponent(ownPath(context))}`, 303);
  }
  await next();
};

/** Sets `actor` and `visitor` when a browser's session speaks; whether one does. */
export async function findVisitor(context: Context<PageEnv>): Promise<boolean> {
  const { env, executionCtx } = context;
  const actor = await findActor({ request: context.req.raw, env, executionCtx }).catch((error) => {
    // Forbidden is who belongs to no organization any more: the next sign-in makes one of their own.
    if (error instanceof AppError && ["unauthenticated", "forbidden"].includes(error.code)) return null;
    throw error;
  });
  if (actor?.login.kind !== "session") return false;
  const user = await describeUser(env.DB, actor.userId);
  if (user === null) return false;
  context.set("actor", actor);
  context.set("visitor", { userId: actor.userId, ...user });
  return true;
}

/** better-auth for this request. */
export function accountsOf(context: Context<PageEnv>): Promise<Accounts> {
  return openAccounts(scopeOf(context));
}

/** What better-auth is to know of this request. */
export function scopeOf(context: Context<PageEnv>): RequestScope {
  return {
    env: context.env,
    origin: new URL(context.req.url).origin,
    waitUntil: (work) => context.executionCtx.waitUntil(work),
  };
}

/** A page of JSX as a whole document. */
export async function showPage(
  context: Context<PageEnv>,
  page: unknown,
  status: 200 | 202 | 400 | 401 | 403 | 404 | 409 | 410 | 422 | 429 = 200,
): Promise<Response> {
  return context.html(`<!doctype html>${String(await page)}`, status);
}

/** Reads a form of text fields; throws 400 for what no form of ours sends. */
export async function readForm<Schema extends z.ZodType>(
  context: Context<PageEnv>,
  schema: Schema,
): Promise<ReadForm<z.infer<Schema>>> {
  const type = context.req.header("content-type") ?? "";
  if (!type.startsWith("application/x-www-form-urlencoded")) {
    throw new AppError("unsupported-media-type", "This page takes what its own form sends.");
  }
  const length = Number(context.req.header("content-length") ?? Number.NaN);
  if (!(length <= MAX_FORM_BYTES)) {
    throw new AppError("too-large", `A form has at most ${MAX_FORM_BYTES} bytes, and tells its length.`);
  }
  const typed = Object.fromEntries(new URLSearchParams(await context.req.text()));
  const parsed = schema.safeParse(typed);
  if (parsed.success) return { ok: true, values: parsed.data };
  const errors: Record<string, string> = {};
  for (const { path, message } of parsed.error.issues) errors[path.join(".")] ??= message;
  return { ok: false, typed, errors };
}

/**
 * Where to go on after a sign-in: a path of this very platform, or `fallback`. Anything that a browser could read as
 * another origin (`//host`, `/\host`, a scheme) is not a path.
 */
export function safeNext(next: string | undefined, requestUrl: string, fallback = LANDING): string {
  // Controls too: a browser drops tabs and line ends from an address.
  if (next === undefined || !/^\/(?![/\\])[^\\ \p{Cc}]*$/u.test(next)) return fallback;
  const { origin } = new URL(requestUrl);
  const url = URL.parse(next, origin);
  return url === null || url.origin !== origin ? fallback : url.pathname + url.search;
}

/** `?next=…` for a link, nothing when it leads where one goes anyway. */
export function nextQuery(next: string): string {
  return next === LANDING ? "" : `?next=${encodeURIComponent(next)}`;
}

function toSignIn(context: Context<PageEnv>): Response {
  return context.redirect(`/sign-in${nextQuery(ownPath(context))}`, 303);
}

/** The address to come back to; not that of a form that was sent, which is no page. */
function ownPath(context: Context<PageEnv>): string {
  if (context.req.method !== "GET") return "/account";
  const { pathname, search } = new URL(context.req.url);
  return pathname + search;
}
