/** @jsxImportSource hono/jsx */
// /device: a command line has shown a code, and its person decides here (RFC 8628 §3.3). Whoever approves gives a
// terminal their role for weeks, so it asks for a sign-in of the last 15 minutes.
import { isAPIError } from "better-auth/api";
import type { Context } from "hono";
import * as z from "zod";
import { limitAttempts } from "../attempt-limits.ts";
import { Field, Hidden, Notice, SubmitButton } from "./form-parts.tsx";
import { Page } from "./layout.tsx";
import {
  accountsOf,
  createPages,
  type PageEnv,
  readForm,
  requireFreshSignInPage,
  requireSignIn,
  showPage,
} from "./page-app.ts";

const CODE_CHARACTERS = 8;
const codeField = z
  .string("Give the code.")
  .trim()
  .toUpperCase()
  .transform((text) => text.replaceAll(/[^A-Z0-9]/g, ""))
  .pipe(z.string().length(CODE_CHARACTERS, `A code has ${CODE_CHARACTERS} letters and digits.`));
const decisionForm = z.object({ user_code: codeField, decision: z.enum(["approve", "deny"]) });

const NO_SUCH_CODE =
  "No command line waits with that code. It may have expired (they last ten minutes), or been used.";

export const device = createPages()
  .use("/device", requireSignIn, requireFreshSignInPage)
  .get("/device", async (context) => {
    const given = context.req.query("user_code");
    if (given === undefined) return await showAskCode(context, {});
    const code = codeField.safeParse(given);
    if (!code.success)
      return await showAskCode(context, { typed: given, error: code.error.issues[0]?.message });
    const { userId } = context.get("actor");
    await limitAttempts(context.env.DB, "device-code", { request: context.req.raw, account: userId });
    const accounts = await accountsOf(context);
    try {
      const { status } = await accounts.api.deviceVerify({
        query: { user_code: code.data },
        headers: context.req.raw.headers,
      });
      if (status === "pending") return await showDecision(context, code.data);
    } catch (error) {
      if (!isAPIError(error)) throw error;
    }
    return await showAskCode(context, { typed: code.data, error: NO_SUCH_CODE });
  })
  .post("/device", async (context) => {
    const form = await readForm(context, decisionForm);
    if (!form.ok)
      return await showAskCode(context, { typed: form.typed.user_code ?? "", error: NO_SUCH_CODE });
    const { user_code: userCode, decision } = form.values;
    const accounts = await accountsOf(context);
    const decided = { body: { userCode }, headers: context.req.raw.headers };
    try {
      await (decision === "approve" ? accounts.api.deviceApprove(decided) : accounts.api.deviceDeny(decided));
    } catch (error) {
      if (!isAPIError(error)) throw error;
      return await showAskCode(context, { typed: userCode, error: NO_SUCH_CODE });
    }
    return await showDecided(context, decision);
  });

type AskCodeProps = { readonly typed?: string; readonly error?: string | undefined };

function showAskCode(context: Context<PageEnv>, { typed = "", error }: AskCodeProps): Promise<Response> {
  const errors = error === undefined ? {} : { user_code: error };
  return showPage(
    context,
    <Page title="Sign a command line in" visitor={context.get("visitor")}>
      <div class="panel">
        <p>
          <code>oursynth login</code> shows a code in your terminal. Type it here.
        </p>
        <form method="get" action="/device" novalidate>
          <Field
            name="user_code"
            label="Code"
            autocomplete="one-time-code"
            value={typed}
            errors={errors}
            maxlength={20}
            isFocused
          />
          <SubmitButton>Go on</SubmitButton>
        </form>
      </div>
    </Page>,
    error === undefined ? 200 : 404,
  );
}

function showDecision(context: Context<PageEnv>, code: string): Promise<Response> {
  const { name, email } = context.get("visitor");
  return showPage(
    context,
    <Page title="Sign this command line in?" visitor={context.get("visitor")}>
      <div class="panel">
        <p>The OurSynth command line asks to act as you. Does your terminal show this code?</p>
        <p class="code">{`${code.slice(0, 4)}-${code.slice(4)}`}</p>
        <dl>
          <dt>Who asks</dt>
          <dd>oursynth, the command line</dd>
          <dt>As whom</dt>
          <dd>
            {name}, {email}
          </dd>
          <dt>It may then</dt>
          <dd>do what a token of yours could, and never confirm what a person must</dd>
        </dl>
        <form method="post" action="/device">
          <Hidden name="user_code" value={code} />
          <div class="choices">
            <SubmitButton name="decision" value="approve">
              Yes, sign it in
            </SubmitButton>
            <SubmitButton look="danger" name="decision" value="deny">
              No, deny it
            </SubmitButton>
          </div>
        </form>
      </div>
      <div class="panel aside">
        <p>If you did not just run it yourself, or somebody sent you here with a code, deny it.</p>
      </div>
    </Page>,
  );
}

function showDecided(context: Context<PageEnv>, decision: "approve" | "deny"): Promise<Response> {
  const isApproved = decision === "approve";
  return showPage(
    context,
    <Page title={isApproved ? "Signed in" : "Denied"} visitor={context.get("visitor")}>
      <Notice kind={isApproved ? "good" : "plain"}>
        {isApproved
          ? "Your terminal goes on by itself in a few seconds. You can close this page."
          : "That command line was not signed in."}
      </Notice>
      <div class="panel">
        <p>
          <a href="/account#sessions">Your account</a> lists every command line, and signs it out again.
        </p>
      </div>
    </Page>,
  );
}
