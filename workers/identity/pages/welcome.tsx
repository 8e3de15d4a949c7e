/** @jsxImportSource hono/jsx */
// /welcome/:token: the first owner gives their name, address and password. The link is printed on a terminal, works once
// and ends after a day; there is never a password that somebody else chose.
import type { Context } from "hono";
import * as z from "zod";
import { claimOwner, isOwnerLinkOpen } from "../../../adapters/database/owner-links.ts";
import { newId } from "../../../adapters/random/new-id.ts";
import { limitAttempts } from "../attempt-limits.ts";
import { EmailField, NameField, NewPasswordField } from "./account-fields.tsx";
import { emailField, nameField, newPasswordField } from "./form-fields.ts";
import { type FieldErrors, Notice, SubmitButton } from "./form-parts.tsx";
import { Page } from "./layout.tsx";
import { accountsOf, createPages, type PageEnv, readForm, showPage } from "./page-app.ts";

const welcomeForm = z.object({ name: nameField, email: emailField, password: newPasswordField });

type WelcomeProps = {
  readonly token: string;
  readonly typed?: Readonly<Record<string, string>>;
  readonly errors?: FieldErrors;
};

export const welcome = createPages()
  .get("/welcome/:token", async (context) => {
    const token = context.req.param("token");
    await limitAttempts(context.env.DB, "link", { request: context.req.raw, account: null });
    const isOpen = await isOwnerLinkOpen(context.env.DB, await hashLink(token), Date.now());
    return isOpen ? await showPage(context, <Welcome token={token} />) : await showDeadLink(context);
  })
  .post("/welcome/:token", async (context) => {
    const token = context.req.param("token");
    await limitAttempts(context.env.DB, "link", { request: context.req.raw, account: null });
    const tokenHash = await hashLink(token);
    // Before the password is hashed, which takes long: strangers are turned away at once.
    if (!(await isOwnerLinkOpen(context.env.DB, tokenHash, Date.now()))) return await showDeadLink(context);
    const form = await readForm(context, welcomeForm);
    if (!form.ok) {
      return await showPage(context, <Welcome token={token} typed={form.typed} errors={form.errors} />, 422);
    }
    const { name, email, password } = form.values;
    const accounts = await accountsOf(context);
    const passwordHash = await (await accounts.$context).password.hash(password);
    const ids = { accountId: newId("account"), now: Date.now() };
    const outcome = await claimOwner(context.env.DB, { tokenHash, name, email, passwordHash, ...ids });
    if (outcome === "link-gone") return await showDeadLink(context);
    if (outcome === "email-taken") {
      const errors = { email: "Somebody else's account has that address." };
      return await showPage(context, <Welcome token={token} typed={{ name, email }} errors={errors} />, 409);
    }
    const { headers } = await accounts.api.signInEmail({
      body: { email, password },
      headers: context.req.raw.headers,
      returnHeaders: true,
    });
    for (const cookie of headers.getSetCookie()) context.header("set-cookie", cookie, { append: true });
    return context.redirect("/account", 303);
  });

/** Lowercase hex of SHA-256, as scripts/platform/owner-link.ts keeps it. */
async function hashLink(token: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return Buffer.from(digest).toString("hex");
}

function Welcome({ token, typed = {}, errors = {} }: WelcomeProps) {
  return (
    <Page title="Welcome, owner">
      <div class="panel">
        <p>This platform is yours. Say who you are; this page works once.</p>
        <form method="post" action={`/welcome/${encodeURIComponent(token)}`} novalidate>
          <NameField value={typed.name ?? ""} errors={errors} isFocused />
          <EmailField value={typed.email ?? ""} errors={errors} />
          <NewPasswordField errors={errors} />
          <SubmitButton>Begin</SubmitButton>
        </form>
      </div>
    </Page>
  );
}

function showDeadLink(context: Context<PageEnv>): Promise<Response> {
  return showPage(
    context,
    <Page title="Welcome">
      <Notice kind="bad">That link was used already, has expired, or was not copied whole.</Notice>
      <div class="panel">
        <p>
          <a href="/sign-in">Sign in</a> if you have said who you are. Else a new link is printed by{" "}
          <code>node scripts/run.mjs owner-link</code>, run where the platform is.
        </p>
      </div>
    </Page>,
    410,
  );
}
