/** @jsxImportSource hono/jsx */
// All pages of sign-in and account: mounted together, with one set of headers and one way to fail.
import { Hono } from "hono";
import { newId } from "../../../adapters/random/new-id.ts";
import { PROBLEMS } from "../../../schemas/problem.ts";
import { AppError, toProblemResponse } from "../../api/app-error.ts";
import { requireSameOrigin } from "../same-origin.ts";
import { socialOrigins } from "../social-providers.ts";
import { account } from "./account.tsx";
import { confirm } from "./confirm.tsx";
import { confirmation } from "./confirmation.tsx";
import { device } from "./device.tsx";
import { Notice } from "./form-parts.tsx";
import { invitation } from "./invitation.tsx";
import { Page } from "./layout.tsx";
import { outbox } from "./outbox.tsx";
import type { PageEnv } from "./page-app.ts";
import { reset } from "./reset.tsx";
import { signIn } from "./sign-in.tsx";
import { signUp } from "./sign-up.tsx";
import { social } from "./social.tsx";
import { welcome } from "./welcome.tsx";

/** The paths of these pages; workers/index.ts sends them here. */
export const PAGE_PATH =
  /^\/(?:sign-in|sign-up|sign-out|reset|verify-email|invitation|device|welcome|account|outbox|confirmations|api\/auth\/callback)(?:\/|$)/;

const HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  // Links of these pages hold one-time tokens: no other origin learns where one came from. Not `no-referrer`, with which
  // browsers send `Origin: null` with our own forms.
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
};

export const pages = new Hono<PageEnv>();

pages.use("*", async (context, next) => {
  const requestId = newId("request");
  context.set("requestId", requestId);
  // Every form here, signed in or not: nobody else's page may sign a browser in or out either.
  requireSameOrigin(context.req.raw);
  await next();
});

for (const group of [
  signIn,
  social,
  signUp,
  reset,
  account,
  confirm,
  confirmation,
  device,
  invitation,
  welcome,
  outbox,
]) {
  pages.route("/", group);
}

pages.notFound((context) => {
  throw new AppError("not-found", `There is no page at ${context.req.path}.`);
});

pages.onError(async (error, context) => {
  const problem = toProblemResponse(error, context);
  const told = error instanceof AppError ? error : null;
  const { title, status } = PROBLEMS[told?.code ?? "internal"];
  const page = (
    <Page title={title}>
      <Notice kind="bad">
        {told?.message ?? "The platform failed; its log has the details. Try again."}
      </Notice>
      <div class="panel aside">
        <p>
          <a href="/account">Your account</a> · <a href="/">Home</a>
        </p>
        <p>Request {context.get("requestId")}</p>
      </div>
    </Page>
  );
  const retryAfter = problem.headers.get("retry-after");
  return context.html(`<!doctype html>${String(await page)}`, status, {
    ...(retryAfter === null ? {} : { "retry-after": retryAfter }),
  });
});

/** One page, with the headers that all of them carry. */
export async function servePage(
  request: Request,
  env: Cloudflare.Env,
  executionCtx: ExecutionContext,
): Promise<Response> {
  const answer = await pages.fetch(request, env, executionCtx);
  const secured = new Response(answer.body, answer);
  for (const [name, value] of Object.entries(HEADERS)) secured.headers.set(name, value);
  secured.headers.set("content-security-policy", policyFor(env));
  return secured;
}

/** No script at all; forms go to us, or where a configured provider signs people in. */
function policyFor(env: Cloudflare.Env): string {
  const formTargets = ["'self'", ...socialOrigins(env)].join(" ");
  return `default-src 'none'; style-src 'self'; img-src 'self'; form-action ${formTargets}; base-uri 'none'; frame-ancestors 'none'`;
}
