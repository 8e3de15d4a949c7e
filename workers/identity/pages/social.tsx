/** @jsxImportSource hono/jsx */
// Sign-in by another's account, where a provider is configured: a button for each, the way there, and the way back.
import { isAPIError } from "better-auth/api";
import * as z from "zod";
import { AppError } from "../../api/app-error.ts";
import { limitAttempts } from "../attempt-limits.ts";
import { SOCIAL_NAMES, type SocialName, socialNames } from "../social-providers.ts";
import { nextField } from "./form-fields.ts";
import { Hidden, SubmitButton } from "./form-parts.tsx";
import { accountsOf, createPages, readForm, safeNext } from "./page-app.ts";

const TITLES: Readonly<Record<SocialName, string>> = { github: "GitHub", google: "Google" };

const socialForm = z.object({ provider: z.enum(SOCIAL_NAMES), next: nextField });

export const social = createPages()
  .post("/sign-in/social", async (context) => {
    const form = await readForm(context, socialForm);
    if (!form.ok || !socialNames(context.env).includes(form.values.provider)) {
      throw new AppError("not-found", "This platform has no sign-in by that provider.");
    }
    await limitAttempts(context.env.DB, "link", { request: context.req.raw, account: null });
    const { provider } = form.values;
    const callbackURL = safeNext(form.values.next, context.req.url);
    const accounts = await accountsOf(context);
    const { headers, response } = await accounts.api.signInSocial({
      body: { provider, callbackURL, errorCallbackURL: "/sign-in?done=social-failed", disableRedirect: true },
      headers: context.req.raw.headers,
      returnHeaders: true,
    });
    if (response.url === undefined)
      throw new AppError("unavailable", `${TITLES[provider]} cannot be asked now.`);
    for (const cookie of headers.getSetCookie()) context.header("set-cookie", cookie, { append: true });
    return context.redirect(response.url, 303);
  })
  .get("/api/auth/callback/:provider", async (context) => {
    const provider = context.req.param("provider");
    if (!socialNames(context.env).some((name) => name === provider)) {
      throw new AppError("not-found", "This platform has no sign-in by that provider.");
    }
    const accounts = await accountsOf(context);
    try {
      return await accounts.handler(context.req.raw);
    } catch (error) {
      if (isAPIError(error)) return context.redirect("/sign-in?done=social-failed", 303);
      throw error;
    }
  });

type SocialButtonsProps = { readonly providers: readonly SocialName[]; readonly next: string };

export function SocialButtons({ providers, next }: SocialButtonsProps) {
  if (providers.length === 0) return null;
  return (
    <form method="post" action="/sign-in/social">
      <Hidden name="next" value={next} />
      {providers.map((name) => (
        <SubmitButton look="plain" name="provider" value={name}>
          Sign in with {TITLES[name]}
        </SubmitButton>
      ))}
    </form>
  );
}
