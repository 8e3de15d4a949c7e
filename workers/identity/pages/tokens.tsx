/** @jsxImportSource hono/jsx */
// /account/tokens: programs' tokens. A new one is shown on the answer to its form and never again.
import type { Context } from "hono";
import * as z from "zod";
import { createTokenSchema } from "../../../schemas/api/access.ts";
import { createToken, endToken } from "../../api/change-tokens.ts";
import { requirePermission } from "../authenticate.ts";
import { requireFreshSignIn } from "../fresh-sign-in.ts";
import { tryChange } from "./change.ts";
import { createPages, type PageEnv, readForm, requireSignIn } from "./page-app.ts";
import { SCOPE_FIELD, showMadeToken, showTokens } from "./tokens-view.tsx";

const TOKENS_PATH = "/account/tokens";
const NEVER = "never";

const fieldsSchema = z.record(z.string(), z.string());

/** Boxes are fields of their own (`scope:projects:read=on`), because a form's values are read by name. */
const tokenForm = z.preprocess((value) => {
  const { name, projectId, days, ...boxes } = fieldsSchema.parse(value);
  const scopes = Object.keys(boxes).filter((field) => field.startsWith(SCOPE_FIELD));
  return {
    name,
    scopes: scopes.map((field) => field.slice(SCOPE_FIELD.length)),
    ...(projectId === undefined || projectId === "" ? {} : { projectId }),
    ...(days === NEVER ? {} : { expiresInDays: Number(days) }),
  };
}, createTokenSchema);

export const tokens = createPages()
  .use(TOKENS_PATH, requireSignIn)
  .use(`${TOKENS_PATH}/*`, requireSignIn)
  .get(TOKENS_PATH, (context) => showTokens(context, {}))
  .post(TOKENS_PATH, async (context) => {
    const form = await readForm(context, tokenForm);
    if (!form.ok) {
      const errors = describeErrors(form.errors);
      return await showTokens(context, { typed: form.typed, errors }, 422);
    }
    return await change(context, async () => {
      const actor = context.get("actor");
      requirePermission(actor, "tokens:write");
      requireFreshSignIn(actor);
      return await showMadeToken(context, await createToken(context, actor, form.values));
    });
  })
  .post(`${TOKENS_PATH}/:id/revoke`, (context) =>
    change(context, async () => {
      const actor = context.get("actor");
      requirePermission(actor, "tokens:write");
      await endToken(context, actor, context.req.param("id"));
      return context.redirect(TOKENS_PATH, 303);
    }),
  );

function change(context: Context<PageEnv>, make: () => Promise<Response>): Promise<Response> {
  return tryChange(context, TOKENS_PATH, make, (refusal, status) => showTokens(context, { refusal }, status));
}

/** In the form's words; the boxes are one question, so whatever is wrong with them is said once. */
function describeErrors(errors: Readonly<Record<string, string>>): Record<string, string> {
  const paths = Object.keys(errors);
  return {
    ...(paths.includes("name") ? { name: "Give it a name of at most 100 characters." } : {}),
    ...(paths.some((path) => path.startsWith("scopes")) ? { scopes: "Choose what it may do." } : {}),
  };
}
