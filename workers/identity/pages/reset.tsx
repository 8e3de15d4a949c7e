/** @jsxImportSource hono/jsx */
// /reset asks for a mail; /reset/:token sets the new password.
import { isAPIError } from "better-auth/api";
import * as z from "zod";
import { limitAttempts } from "../attempt-limits.ts";
import { isLocalPlatform } from "../mails.ts";
import { EmailField, NewPasswordField } from "./account-fields.tsx";
import { emailField, newPasswordField } from "./form-fields.ts";
import { type FieldErrors, Notice, SubmitButton } from "./form-parts.tsx";
import { Page } from "./layout.tsx";
import { accountsOf, createPages, readForm, showPage } from "./page-app.ts";
import { MailSent } from "./sign-up.tsx";

const resetForm = z.object({ email: emailField });
const newPasswordForm = z.object({ password: newPasswordField });

export const reset = createPages()
  .get("/reset", (context) => showPage(context, <AskReset />))
  .post("/reset", async (context) => {
    const form = await readForm(context, resetForm);
    if (!form.ok) {
      return await showPage(context, <AskReset email={form.typed.email ?? ""} errors={form.errors} />, 422);
    }
    const { email } = form.values;
    await limitAttempts(context.env.DB, "mail", { request: context.req.raw, account: email });
    const accounts = await accountsOf(context);
    await accounts.api.requestPasswordReset({ body: { email } });
    return await showPage(
      context,
      <MailSent
        email={email}
        isLocal={isLocalPlatform(context.env)}
        what="a link that sets a new password, if there is an account"
      />,
    );
  })
  .get("/reset/:token", (context) => showPage(context, <SetPassword token={context.req.param("token")} />))
  .post("/reset/:token", async (context) => {
    const token = context.req.param("token");
    const form = await readForm(context, newPasswordForm);
    if (!form.ok) return await showPage(context, <SetPassword token={token} errors={form.errors} />, 422);
    await limitAttempts(context.env.DB, "link", { request: context.req.raw, account: null });
    const accounts = await accountsOf(context);
    try {
      await accounts.api.resetPassword({ body: { newPassword: form.values.password, token } });
    } catch (error) {
      if (isAPIError(error)) return await showPage(context, <DeadReset />, 410);
      throw error;
    }
    return context.redirect("/sign-in?done=reset", 303);
  });

type AskResetProps = { readonly email?: string; readonly errors?: FieldErrors };

function AskReset({ email = "", errors = {} }: AskResetProps) {
  return (
    <Page title="Set a new password">
      <div class="panel">
        <p>You are sent a link that sets a new one.</p>
        <form method="post" action="/reset" novalidate>
          <EmailField value={email} errors={errors} isFocused />
          <SubmitButton>Send the link</SubmitButton>
        </form>
      </div>
      <div class="panel aside">
        <p>
          Remembered it? <a href="/sign-in">Sign in</a>
        </p>
      </div>
    </Page>
  );
}

function SetPassword({ token, errors = {} }: { readonly token: string; readonly errors?: FieldErrors }) {
  return (
    <Page title="Choose a new password">
      <div class="panel">
        <p>Everybody who is signed in with the old one is signed out.</p>
        <form method="post" action={`/reset/${encodeURIComponent(token)}`} novalidate>
          <NewPasswordField label="New password" errors={errors} isFocused />
          <SubmitButton>Set it</SubmitButton>
        </form>
      </div>
    </Page>
  );
}

function DeadReset() {
  return (
    <Page title="Choose a new password">
      <Notice kind="bad">That link has expired, was used already, or was not copied whole.</Notice>
      <div class="panel">
        <p>
          <a href="/reset">Ask for a new one</a>; it works for an hour.
        </p>
      </div>
    </Page>
  );
}
