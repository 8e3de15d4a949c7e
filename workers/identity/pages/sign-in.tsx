/** @jsxImportSource hono/jsx */
// /sign-in and /sign-out.
import { isAPIError } from "better-auth/api";
import type { Context } from "hono";
import * as z from "zod";
import { endSession } from "../../../adapters/database/sessions.ts";
import { forgive, limitAttempts } from "../attempt-limits.ts";
import { hasPasskeys } from "../passkeys.ts";
import { recheckEverywhere } from "../recheck-watchers.ts";
import { clearSessionCookie } from "../session-credential.ts";
import { type SocialName, socialNames } from "../social-providers.ts";
import { EmailField, PasswordField } from "./account-fields.tsx";
import { emailField, nextField, passwordField } from "./form-fields.ts";
import { type FieldErrors, Hidden, Notice, SubmitButton } from "./form-parts.tsx";
import { Page } from "./layout.tsx";
import {
  accountsOf,
  createPages,
  findVisitor,
  nextQuery,
  type PageEnv,
  readForm,
  safeNext,
  showPage,
} from "./page-app.ts";
import { PASSKEY_SCRIPT, PasskeyButton } from "./passkey-button.tsx";
import { SocialButtons } from "./social.tsx";

/** What was just done elsewhere, said above the form. */
const DONE: Readonly<Record<string, string>> = {
  verified: "Your address is confirmed. Sign in to go on.",
  reset: "Your new password is set, and everybody who was signed in with the old one is signed out.",
  "social-failed": "That sign-in did not come through. Try again, or use your password.",
  "signed-out": "You are signed out.",
  "signed-out-everywhere": "You are signed out everywhere.",
};

const signInForm = z.object({ email: emailField, password: passwordField, next: nextField });

type SignInProps = {
  readonly next: string;
  readonly providers: readonly SocialName[];
  readonly hasPasskeys: boolean;
  readonly email?: string;
  readonly errors?: FieldErrors;
  readonly refusal?: string;
  readonly done?: string;
};

export const signIn = createPages()
  .get("/sign-in", async (context) => {
    const next = safeNext(context.req.query("next"), context.req.url);
    if (await findVisitor(context)) return context.redirect(next, 303);
    const done = DONE[context.req.query("done") ?? ""];
    return await showSignIn(context, { next, ...(done === undefined ? {} : { done }) });
  })
  .post("/sign-in", async (context) => {
    const form = await readForm(context, signInForm);
    if (!form.ok) {
      const { typed, errors } = form;
      const next = safeNext(typed.next, context.req.url);
      return await showSignIn(context, { next, email: typed.email ?? "", errors }, 422);
    }
    const { email, password } = form.values;
    const next = safeNext(form.values.next, context.req.url);
    const refuse = (refusal: string, status: 401 | 403): Promise<Response> =>
      showSignIn(context, { next, email, refusal }, status);
    const attempt = await limitAttempts(context.env.DB, "sign-in", {
      request: context.req.raw,
      account: email,
    });
    try {
      const accounts = await accountsOf(context);
      const hadSession = await findVisitor(context);
      const { headers } = await accounts.api.signInEmail({
        body: { email, password, callbackURL: next },
        headers: context.req.raw.headers,
        returnHeaders: true,
      });
      await forgive(context.env.DB, attempt);
      // A session that this browser had before is not carried on: nobody else's stays beneath the new one.
      if (hadSession)
        await endSession(context.env.DB, context.get("actor").userId, context.get("actor").login.id);
      for (const cookie of headers.getSetCookie()) context.header("set-cookie", cookie, { append: true });
      return context.redirect(next, 303);
    } catch (error) {
      if (!isAPIError(error)) throw error;
      if (error.statusCode === 401)
        return await refuse("That e-mail address and password do not match.", 401);
      if (error.statusCode !== 403) throw error;
      return await refuse(
        "Your address is not confirmed yet. A new mail with a link is on its way to it.",
        403,
      );
    }
  })
  .post("/sign-out", async (context) => {
    if (await findVisitor(context)) {
      const { userId, login } = context.get("actor");
      await endSession(context.env.DB, userId, login.id);
      await recheckEverywhere(context.env, context.executionCtx, context.get("actor"));
    }
    context.header("set-cookie", clearSessionCookie());
    return context.redirect("/sign-in?done=signed-out", 303);
  });

function showSignIn(
  context: Context<PageEnv>,
  props: Omit<SignInProps, "providers" | "hasPasskeys">,
  status: 200 | 401 | 403 | 422 = 200,
): Promise<Response> {
  const offered = { providers: socialNames(context.env), hasPasskeys: hasPasskeys(context.env) };
  return showPage(context, <SignIn {...props} {...offered} />, status);
}

function SignIn({ next, providers, hasPasskeys, email = "", errors = {}, refusal, done }: SignInProps) {
  return (
    <Page title="Sign in" script={hasPasskeys ? PASSKEY_SCRIPT : undefined}>
      {done === undefined ? null : <Notice kind="good">{done}</Notice>}
      {refusal === undefined ? null : <Notice kind="bad">{refusal}</Notice>}
      <div class="panel">
        <form method="post" action="/sign-in" novalidate>
          <EmailField value={email} errors={errors} isFocused={email === ""} />
          <PasswordField errors={errors} isFocused={email !== ""} />
          <Hidden name="next" value={next} />
          <SubmitButton>Sign in</SubmitButton>
        </form>
        {hasPasskeys ? <PasskeyButton act="sign-in" next={next} label="Sign in with a passkey" /> : null}
        <SocialButtons providers={providers} next={next} />
      </div>
      <div class="panel aside">
        <p>
          <a href="/reset">Forgot your password?</a>
        </p>
        <p>
          New here? <a href={`/sign-up${nextQuery(next)}`}>Make an account</a>
        </p>
      </div>
    </Page>
  );
}
