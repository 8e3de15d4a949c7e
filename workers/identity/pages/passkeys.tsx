/** @jsxImportSource hono/jsx */
// Passkeys: signing in with one, and /account/passkeys where a person adds and removes theirs. The script's questions are
// answered in JSON, its failures as problems.
import { isAPIError } from "better-auth/api";
import type { Context, MiddlewareHandler } from "hono";
import * as z from "zod";
import { endSession } from "../../../adapters/database/sessions.ts";
import { AppError, toProblemResponse } from "../../api/app-error.ts";
import { forgive, limitAttempts } from "../attempt-limits.ts";
import { hasPasskeys, openPasskeys } from "../passkeys.ts";
import { SubmitButton } from "./form-parts.tsx";
import { Page } from "./layout.tsx";
import { formatMoment } from "./moment.ts";
import {
  createPages,
  findVisitor,
  type PageEnv,
  requireFreshSignInPage,
  requireSignIn,
  scopeOf,
  showPage,
} from "./page-app.ts";
import { PASSKEY_SCRIPT, PasskeyButton } from "./passkey-button.tsx";

const MAX_BODY_BYTES = 65_536;
const NOT_TAKEN = "That passkey was not taken. Try again, or use your password.";

/** What a browser's credential says of itself (WebAuthn Level 3, AuthenticationResponseJSON). */
const signInSchema = z.object({
  response: z.object({
    id: z.string(),
    rawId: z.string(),
    type: z.literal("public-key"),
    clientExtensionResults: z.object({}),
    response: z.object({
      clientDataJSON: z.string(),
      authenticatorData: z.string(),
      signature: z.string(),
    }),
  }),
});
const registerSchema = z.object({ response: z.looseObject({}) });

const requirePasskeys: MiddlewareHandler<PageEnv> = async (context, next) => {
  if (!hasPasskeys(context.env)) throw new AppError("not-found", "Passkeys are not turned on here.");
  await next();
};

export const passkeys = createPages()
  .use("/sign-in/passkey/*", requirePasskeys)
  .use("/account/passkeys/*", requirePasskeys, requireSignIn, requireFreshSignInPage)
  .post("/sign-in/passkey/options", (context) =>
    answerScript(context, async () => {
      await limitAttempts(context.env.DB, "link", { request: context.req.raw, account: null });
      const { api } = await openPasskeys(scopeOf(context));
      return await api.generatePasskeyAuthenticationOptions({
        headers: context.req.raw.headers,
        returnHeaders: true,
      });
    }),
  )
  .post("/sign-in/passkey", (context) =>
    answerScript(context, async () => {
      const attempt = await limitAttempts(context.env.DB, "sign-in", {
        request: context.req.raw,
        account: null,
      });
      const hadSession = await findVisitor(context);
      const { api } = await openPasskeys(scopeOf(context));
      const { headers } = await api.verifyPasskeyAuthentication({
        body: await readResponse(context, signInSchema),
        headers: context.req.raw.headers,
        returnHeaders: true,
      });
      await forgive(context.env.DB, attempt);
      if (hadSession) {
        const { userId, login } = context.get("actor");
        await endSession(context.env.DB, userId, login.id);
      }
      return { headers, response: { ok: true } };
    }),
  )
  .get("/account/passkeys", async (context) => {
    const { api } = await openPasskeys(scopeOf(context));
    const found = await api.listPasskeys({ headers: context.req.raw.headers });
    return await showPage(
      context,
      <Page
        title="Your passkeys"
        visitor={context.get("visitor")}
        accountPath="/account"
        script={PASSKEY_SCRIPT}
      >
        <div class="panel">
          {found.length === 0 ? <p>None yet. A passkey signs you in without a password.</p> : null}
          <ul class="rows">
            {found.map(({ id, createdAt }) => (
              <li>
                <p>Added {createdAt === null ? "" : formatMoment(new Date(createdAt).getTime())}</p>
                <form method="post" action={`/account/passkeys/${id}/remove`}>
                  <SubmitButton look="danger">Remove</SubmitButton>
                </form>
              </li>
            ))}
          </ul>
        </div>
        <div class="panel">
          <PasskeyButton act="register" next="/account/passkeys" label="Add a passkey" />
          <noscript>Adding one needs a script, which this browser does not run.</noscript>
        </div>
      </Page>,
    );
  })
  .post("/account/passkeys/options", (context) =>
    answerScript(context, async () => {
      const { api } = await openPasskeys(scopeOf(context));
      return await api.generatePasskeyRegistrationOptions({
        query: { name: context.get("visitor").email },
        headers: context.req.raw.headers,
        returnHeaders: true,
      });
    }),
  )
  .post("/account/passkeys", (context) =>
    answerScript(context, async () => {
      const { api } = await openPasskeys(scopeOf(context));
      const body = await readResponse(context, registerSchema);
      await api.verifyPasskeyRegistration({ body, headers: context.req.raw.headers });
      return { headers: new Headers(), response: { ok: true } };
    }),
  )
  .post("/account/passkeys/:id/remove", async (context) => {
    const { api } = await openPasskeys(scopeOf(context));
    try {
      await api.deletePasskey({
        body: { id: context.req.param("id") },
        headers: context.req.raw.headers,
      });
    } catch (error) {
      if (isAPIError(error)) throw new AppError("not-found", "You have no such passkey.");
      throw error;
    }
    return context.redirect("/account/passkeys", 303);
  });

async function answerScript(
  context: Context<PageEnv>,
  act: () => Promise<{ readonly headers: Headers; readonly response: unknown }>,
): Promise<Response> {
  try {
    const { headers, response } = await act();
    for (const cookie of headers.getSetCookie()) context.header("set-cookie", cookie, { append: true });
    return context.json(response as object);
  } catch (error) {
    return toProblemResponse(isAPIError(error) ? new AppError("unauthenticated", NOT_TAKEN) : error, context);
  }
}

/** What the browser's dialog gave; better-auth checks every part of it. */
async function readResponse<Schema extends z.ZodType>(
  context: Context<PageEnv>,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const length = Number(context.req.header("content-length") ?? Number.NaN);
  if (!(length <= MAX_BODY_BYTES)) throw new AppError("too-large", "That is more than a passkey's answer.");
  const parsed = schema.safeParse(await context.req.json().catch(() => null));
  if (!parsed.success) throw new AppError("validation", NOT_TAKEN);
  return parsed.data;
}
