/** @jsxImportSource hono/jsx */
// /sign-up, and /verify-email where the link of its mail leads.
import { isAPIError } from "better-auth/api";
import type { Context } from "hono";
import * as z from "zod";
import { limitAttempts } from "../attempt-limits.ts";
import { isLocalPlatform } from "../mails.ts";
import { EmailField, NameField, NewPasswordField } from "./account-fields.tsx";
import { emailField, nameField, newPasswordField, nextField } from "./form-fields.ts";
import { type FieldErrors, Hidden, Notice, SubmitButton } from "./form-parts.tsx";
import { Page } from "./layout.tsx";
import {
  accountsOf,
  createPages,
  nextQuery,
  type PageEnv,
  readForm,
  safeNext,
  showPage,
} from "./page-app.ts";

const MAX_LINK_CHARACTERS = 2_000;

const signUpForm = z.object({
  name: nameField,
  email: emailField,
  password: newPasswordField,
  next: nextField,
});
const verifyForm = z.object({ token: z.string().min(1).max(MAX_LINK_CHARACTERS), next: nextField });

type SignUpProps = {
  readonly next: string;
  readonly name?: string;
  readonly email?: string;
  readonly errors?: FieldErrors;
};

export const signUp = createPages()
  .get("/sign-up", (context) => {
    const next = safeNext(context.req.query("next"), context.req.url);
    return showPage(context, <SignUp next={next} />);
  })
  .post("/sign-up", async (context) => {
    const form = await readForm(context, signUpForm);
    if (!form.ok) {
      const { typed, errors } = form;
      const next = safeNext(typed.next, context.req.url);
      const page = <SignUp next={next} name={typed.name ?? ""} email={typed.email ?? ""} errors={errors} />;
      return await showPage(context, page, 422);
    }
    const { name, email, password } = form.values;
    await limitAttempts(context.env.DB, "sign-up", { request: context.req.raw, account: email });
    const accounts = await accountsOf(context);
    await accounts.api.signUpEmail({
      body: { name, email, password, callbackURL: safeNext(form.values.next, context.req.url) },
      headers: context.req.raw.headers,
    });
    return await showPage(
      context,
      <MailSent
        email={email}
        isLocal={isLocalPlatform(context.env)}
        what="a link that confirms your address"
      />,
    );
  })
  .get("/verify-email", (context) => {
    const { token = "", next } = context.req.query();
    return showVerify(context, { token, next: safeNext(next, context.req.url) });
  })
  .post("/verify-email", async (context) => {
    const form = await readForm(context, verifyForm);
    const next = safeNext(form.ok ? form.values.next : undefined, context.req.url);
    if (!form.ok) return await showVerify(context, { token: "", next });
    await limitAttempts(context.env.DB, "link", { request: context.req.raw, account: null });
    const accounts = await accountsOf(context);
    try {
      await accounts.api.verifyEmail({ query: { token: form.values.token } });
    } catch (error) {
      if (isAPIError(error)) return await showVerify(context, { token: "", next });
      throw error;
    }
    return context.redirect(`/sign-in?done=verified${nextQuery(next).replace("?", "&")}`, 303);
  });

function SignUp({ next, name = "", email = "", errors = {} }: SignUpProps) {
  return (
    <Page title="Make an account">
      <div class="panel">
        <form method="post" action="/sign-up" novalidate>
          <NameField value={name} errors={errors} isFocused />
          <EmailField value={email} errors={errors} />
          <NewPasswordField errors={errors} />
          <Hidden name="next" value={next} />
          <SubmitButton>Make the account</SubmitButton>
        </form>
      </div>
      <div class="panel aside">
        <p>
          Have one already? <a href={`/sign-in${nextQuery(next)}`}>Sign in</a>
        </p>
      </div>
    </Page>
  );
}

type MailSentProps = { readonly email: string; readonly what: string; readonly isLocal: boolean };

/** Says the same whether or not there is such an account: a stranger learns nothing. */
export function MailSent({ email, what, isLocal }: MailSentProps) {
  return (
    <Page title="Look into your mail">
      <div class="panel">
        <p>
          A mail to <strong>{email}</strong> is on its way, with {what}. The link works for an hour.
        </p>
        <p class="muted">If nothing comes, look among the spam, or begin again.</p>
      </div>
      {isLocal ? (
        <div class="panel aside">
          <p>
            This platform runs on your machine and sends no mail: <a href="/outbox">the outbox</a> has it.
          </p>
        </div>
      ) : null}
    </Page>
  );
}

function showVerify(
  context: Context<PageEnv>,
  { token, next }: { readonly token: string; readonly next: string },
): Promise<Response> {
  if (token === "") return showPage(context, <DeadLink />, 410);
  return showPage(
    context,
    <Page title="Confirm your address">
      <div class="panel">
        <p>One more click, which a program that only looks at links does not make.</p>
        <form method="post" action="/verify-email">
          <Hidden name="token" value={token} />
          <Hidden name="next" value={next} />
          <SubmitButton>Confirm my address</SubmitButton>
        </form>
      </div>
    </Page>,
  );
}

function DeadLink() {
  return (
    <Page title="Confirm your address">
      <Notice kind="bad">That link has expired, or was not copied whole.</Notice>
      <div class="panel">
        <p>
          <a href="/sign-in">Sign in</a> with your address and password: a new mail with a link is sent then.
        </p>
      </div>
    </Page>
  );
}
