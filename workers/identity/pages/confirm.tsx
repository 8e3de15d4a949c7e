/** @jsxImportSource hono/jsx */
// /account/confirm: the password once more, before something dangerous. The session goes on under a new token, so that
// one who had copied the old cookie does not come along.
import { isAPIError } from "better-auth/api";
import { generateRandomString } from "better-auth/crypto";
import type { Context } from "hono";
import * as z from "zod";
import { renewSignIn } from "../../../adapters/database/sessions.ts";
import { forgive, limitAttempts } from "../attempt-limits.ts";
import { CONFIRM_PATH } from "../fresh-sign-in.ts";
import { hasPasskeys } from "../passkeys.ts";
import { setSessionCookie } from "../session-credential.ts";
import { SESSION_LIFETIMES } from "../session-lifetime.ts";
import { sessionSecret } from "../session-secret.ts";
import { PasswordField } from "./account-fields.tsx";
import { nextField, passwordField } from "./form-fields.ts";
import { type FieldErrors, Hidden, SubmitButton } from "./form-parts.tsx";
import { Page } from "./layout.tsx";
import {
  accountsOf,
  createPages,
  type PageEnv,
  readForm,
  requireSignIn,
  safeNext,
  showPage,
} from "./page-app.ts";
import { PASSKEY_SCRIPT, PasskeyButton } from "./passkey-button.tsx";

const TOKEN_CHARACTERS = 32;

const confirmForm = z.object({ password: passwordField, next: nextField });

export const confirm = createPages()
  .use(CONFIRM_PATH, requireSignIn)
  .get(CONFIRM_PATH, (context) => showConfirm(context, { next: context.req.query("next") }))
  .post(CONFIRM_PATH, async (context) => {
    const form = await readForm(context, confirmForm);
    if (!form.ok) return await showConfirm(context, { next: form.typed.next, errors: form.errors }, 422);
    const { password, next } = form.values;
    const { userId, login } = context.get("actor");
    const attempt = await limitAttempts(context.env.DB, "sign-in", {
      request: context.req.raw,
      account: userId,
    });
    const accounts = await accountsOf(context);
    try {
      await accounts.api.verifyPassword({ body: { password }, headers: context.req.raw.headers });
    } catch (error) {
      if (!isAPIError(error)) throw error;
      return await showConfirm(context, { next, errors: { password: "That is not your password." } }, 401);
    }
    await forgive(context.env.DB, attempt);
    const token = generateRandomString(TOKEN_CHARACTERS, "a-z", "A-Z", "0-9");
    await renewSignIn(context.env.DB, login.id, { token, now: Date.now() });
    const maxAgeSeconds = SESSION_LIFETIMES.browser.longestMs / 1_000;
    context.header(
      "set-cookie",
      await setSessionCookie(token, await sessionSecret(context.env), maxAgeSeconds),
    );
    return context.redirect(safeNext(next, context.req.url), 303);
  });

type ConfirmProps = { readonly next: string | undefined; readonly errors?: FieldErrors };

function showConfirm(
  context: Context<PageEnv>,
  { next, errors = {} }: ConfirmProps,
  status: 200 | 401 | 422 = 200,
): Promise<Response> {
  const visitor = context.get("visitor");
  const goOn = safeNext(next, context.req.url);
  const isOn = hasPasskeys(context.env);
  return showPage(
    context,
    <Page title="Is it you?" visitor={visitor} script={isOn ? PASSKEY_SCRIPT : undefined}>
      <div class="panel">
        <p>
          What comes next is asked of somebody who signed in within 15 minutes. Give your password once more.
        </p>
        <form method="post" action={CONFIRM_PATH} novalidate>
          {/* Without it a password manager does not know whose password is asked for. */}
          <input
            class="only-read"
            type="text"
            autocomplete="username"
            value={visitor.email}
            readonly
            tabindex={-1}
          />
          <PasswordField errors={errors} isFocused />
          <Hidden name="next" value={goOn} />
          <SubmitButton>Go on</SubmitButton>
        </form>
        {isOn ? <PasskeyButton act="sign-in" next={goOn} label="Go on with a passkey" /> : null}
      </div>
    </Page>,
    status,
  );
}
