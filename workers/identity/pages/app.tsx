/** @jsxImportSource hono/jsx */
// All pages of sign-in and account: mounted together, with one set of headers and one way to fail.
import { Hono } from "hono";
import { newId } from "../../../adapters/random/new-id.ts";
import { PROBLEMS } from "../../../schemas/problem.ts";
import { AppError, toProblemResponse } from "../../api/app-error.ts";
import { hasPasskeys } from "../passkeys.ts";
import { requireSameOrigin } from "../same-origin.ts";
import { socialOrigins } from "../social-providers.ts";
import { account } from "./account.tsx";
import { confirm } from "./confirm.tsx";
import { confirmation } from "./confirmation.tsx";
import { device } from "./device.tsx";
import { Notice } from "./form-parts.tsx";
import { invitation } from "./invitation.tsx";
import { keys } from "./keys.tsx";
import { Page } from "./layout.tsx";
import { members } from "./members.tsx";
import { outbox } from "./outbox.tsx";
import type { PageEnv } from "./page-app.ts";
import { PASSKEY_SCRIPT } from "./passkey-button.tsx";
import { passkeys } from "./passkeys.tsx";
import { reset } from "./reset.tsx";
import { signIn } from "./sign-in.tsx";
import { signUp } from "./sign-up.tsx";
import { social } from "./social.tsx";
import { tokens } from "./tokens.tsx";
import { welcome } from "./welcome.tsx";

/** The paths of these pages; workers/index.ts sends them here. */
export const PAGE_PATH =
  /^\/(?:sign-in|sign-up|sign-out|reset|verify-email|invitation|device|welcome|account|outbox|confirmations|api\/auth\/callback)(?:\/|$)/;

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
  members,
  tokens,
  keys,
  welcome,
  outbox,
  passkeys,
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
          <a href="/studio">The Studio</a> · <a href="/account">Your account</a> · <a href="/">Home</a>
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

/** One page, with its policy; workers/site-headers.ts adds the rest. */
export async function servePage(
  request: Request,
  env: Cloudflare.Env,
  executionCtx: ExecutionContext,
): Promise<Response> {
  const answer = await pages.fetch(request, env, executionCtx);
  const secured = new Response(answer.body, answer);
  secured.headers.set("content-security-policy", policyFor(env, new URL(request.url).origin));
  return secured;
}

/**
 * No script at all, but the one of passkeys where they are on; forms go to us, or where a configured provider signs
 * people in.
 */
function policyFor(env: Cloudflare.Env, origin: string): string {
  const formTargets = ["'self'", ...socialOrigins(env)].join(" ");
  const script = hasPasskeys(env) ? ` script-src ${origin}${PASSKEY_SCRIPT}; connect-src 'self';` : "";
  return `default-src 'none';${script} style-src 'self'; img-src 'self'; form-action ${formTargets}; base-uri 'none'; frame-ancestors 'none'`;
}
