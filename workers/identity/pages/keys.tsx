/** @jsxImportSource hono/jsx */
// /account/keys: the organization's signing keys; registering and making one, rotating and revoking it everywhere. The
// changes are those of the API (docs/keys.md).
import type { Context } from "hono";
import * as z from "zod";
import type { Actor } from "../../../adapters/database/actor.ts";
import { addKeySchema } from "../../../schemas/api/access.ts";
import { rotateKeySchema } from "../../../schemas/api/keys.ts";
import { addKey } from "../../api/add-key.ts";
import { AppError } from "../../api/app-error.ts";
import { revokeKey } from "../../api/revoke-key.ts";
import { rotateKey } from "../../api/rotate-key.ts";
import { requirePermission } from "../authenticate.ts";
import { requireFreshSignIn } from "../fresh-sign-in.ts";
import { tryChange } from "./change.ts";
import { KEYS_PATH, type KeyFormName } from "./key-forms.tsx";
import { showAwaiting, showKeys } from "./keys-view.tsx";
import { createPages, type PageEnv, readForm, requireSignIn } from "./page-app.ts";

const NAME_WRONG = "Give it a name of at most 100 characters.";
const REASON_WRONG = "Say why, in at most 500 characters.";
/** What a browser sends of a datetime-local field (HTML §2.3.5.5). */
const LOCAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?$/;

const nameField = worded(addKeySchema.shape.name, NAME_WRONG);
const reasonField = worded(rotateKeySchema.shape.reason, REASON_WRONG);

const registerForm = z.object({
  name: nameField,
  publicKey: worded(addKeySchema.shape.publicKey.unwrap(), "Give the public key, as PEM or base64."),
});
const makeForm = z.object({ name: nameField });
const rotateForm = z.object({ reason: reasonField });
const revokeForm = z.object({
  reason: reasonField,
  compromisedSince: z
    .string()
    .optional()
    .transform((text = "") => (text === "" ? undefined : readMoment(text)))
    .refine((moment) => moment === undefined || moment >= 0, "Give a day and a time, or leave it empty.")
    .refine((moment) => moment === undefined || !(moment > Date.now()), "A key cannot leak in the future."),
});

export const keys = createPages()
  .use(KEYS_PATH, requireSignIn)
  .use(`${KEYS_PATH}/*`, requireSignIn)
  .get(KEYS_PATH, (context) => showKeys(context, {}))
  .post(`${KEYS_PATH}/register`, (context) =>
    change(context, "register", registerForm, async (actor, values) => {
      const wrong = await addKey(context, actor, values).then(() => null, keyError);
      if (wrong === null) return toList(context);
      return await showKeys(context, { form: "register", typed: values, errors: wrong }, 422);
    }),
  )
  .post(`${KEYS_PATH}/make`, (context) =>
    change(context, "make", makeForm, async (actor, { name }) => {
      await addKey(context, actor, { name, make: true });
      return toList(context);
    }),
  )
  .post(`${KEYS_PATH}/:keyId/rotate`, (context) => {
    const keyId = context.req.param("keyId");
    return change(context, `rotate:${keyId}`, rotateForm, async (actor, { reason }) => {
      const outcome = await rotateKey(context, actor, keyId, { reason });
      if (outcome.status === "done") return toList(context);
      return await showAwaiting(context, { keyId, reason, needs: outcome.answer.needs });
    });
  })
  .post(`${KEYS_PATH}/:keyId/revoke`, (context) => {
    const keyId = context.req.param("keyId");
    return change(context, `revoke:${keyId}`, revokeForm, async (actor, asked) => {
      await revokeKey(context, actor, keyId, asked);
      return toList(context);
    });
  });

/** Reads the form and makes the change as one who may and has just shown that it is them; else says what is wrong. */
async function change<Schema extends z.ZodType>(
  context: Context<PageEnv>,
  form: KeyFormName,
  schema: Schema,
  make: (actor: Actor, values: z.infer<Schema>) => Promise<Response>,
): Promise<Response> {
  const actor = context.get("actor");
  const read = await readForm(context, schema);
  return await tryChange(
    context,
    KEYS_PATH,
    async () => {
      requirePermission(actor, "keys:write");
      if (!read.ok) return await showKeys(context, { form, typed: read.typed, errors: read.errors }, 422);
      requireFreshSignIn(actor);
      return await make(actor, read.values);
    },
    (refusal, status) => showKeys(context, { refusal }, status),
  );
}

function toList(context: Context<PageEnv>): Response {
  return context.redirect(KEYS_PATH, 303);
}

/** What stands beside the field when the key is none; throws every other failure. */
function keyError(error: unknown): { readonly publicKey: string } {
  if (error instanceof AppError && error.code === "unprocessable") return { publicKey: error.message };
  throw error;
}

/** The API's rule in the page's words. */
function worded(schema: z.ZodString, message: string) {
  return z
    .string(message)
    .refine((text) => schema.safeParse(text).success, message)
    .pipe(schema);
}

/** Ms since the epoch, of a time in UTC; -1 for what is no time. */
function readMoment(text: string): number {
  const moment = LOCAL_TIME.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  return Number.isNaN(moment) ? -1 : moment;
}
