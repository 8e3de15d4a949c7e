// `oursynth login`: a device asks for a code, a person approves it in a browser at /device, and the device, which has
// been asking since, is given a login (RFC 8628). Refusals are OAuth's, because that is what such a client reads.
import { createRoute } from "@hono/zod-openapi";
import { isAPIError } from "better-auth/api";
import type { Context } from "hono";
import type * as z from "zod";
import {
  deviceCodeRequestSchema,
  deviceCodeSchema,
  deviceTokenRequestSchema,
  deviceTokenSchema,
  type OauthError,
  oauthErrorSchema,
} from "../../schemas/api/sessions.ts";
import { problemSchema } from "../../schemas/problem.ts";
import { openAccounts } from "../identity/accounts.ts";
import { limitAttempts } from "../identity/attempt-limits.ts";
import { signForDevice } from "../identity/session-credential.ts";
import { sessionSecret } from "../identity/session-secret.ts";
import { type ApiEnv, createApi, invalidFields } from "./api-app.ts";
import { json, openProblems } from "./responses.ts";

const tags = ["Sessions"];
const NO_STORE = { "cache-control": "no-store" };

const codeRoute = createRoute({
  method: "post",
  path: "/api/auth/device/code",
  operationId: "startDeviceLogin",
  tags,
  summary: "Ask for a code that a person approves at /device (RFC 8628 §3.1)",
  security: [],
  request: { body: oauthBody(deviceCodeRequestSchema) },
  responses: {
    200: json(deviceCodeSchema, "Show `user_code` and `verification_uri`, then poll"),
    ...openProblems("validation", "too-many-attempts"),
    400: oauthRefusal("Refused (RFC 6749 §5.2)"),
  },
});

const tokenRoute = createRoute({
  method: "post",
  path: "/api/auth/device/token",
  operationId: "pollDeviceLogin",
  tags,
  summary: "Ask whether the code was approved; given once (RFC 8628 §3.4)",
  security: [],
  request: { body: oauthBody(deviceTokenRequestSchema) },
  responses: {
    200: json(deviceTokenSchema, "Signed in"),
    ...openProblems("validation"),
    400: oauthRefusal("`authorization_pending`, `slow_down`, `access_denied`, `expired_token` (§3.5)"),
  },
});

export const deviceLogin = createApi()
  .openapi(codeRoute, async (context) => {
    await limitAttempts(context.env.DB, "device-code", { request: context.req.raw, account: null });
    const accounts = await openAccounts(scopeOf(context));
    const body = readOauthBody(deviceCodeRequestSchema, context.req.valid("form"), context.req.valid("json"));
    try {
      const code = await accounts.api.deviceCode({ body, headers: context.req.raw.headers });
      return context.json(deviceCodeSchema.parse(code), 200, NO_STORE);
    } catch (error) {
      return context.json(toOauthError(error), 400, NO_STORE);
    }
  })
  .openapi(tokenRoute, async (context) => {
    const accounts = await openAccounts(scopeOf(context));
    const body = readOauthBody(
      deviceTokenRequestSchema,
      context.req.valid("form"),
      context.req.valid("json"),
    );
    try {
      const given = await accounts.api.deviceToken({ body, headers: context.req.raw.headers });
      const { access_token, expires_in, scope } = given;
      const credential = await signForDevice(access_token, await sessionSecret(context.env));
      const answer = { access_token: credential, token_type: "Bearer" as const, expires_in, scope };
      return context.json(answer, 200, NO_STORE);
    } catch (error) {
      return context.json(toOauthError(error), 400, NO_STORE);
    }
  });

/** A form, as RFC 6749 §3.2 asks, or JSON; which of them came, its media type says. */
function oauthBody<Schema extends z.ZodType>(schema: Schema) {
  return {
    required: false,
    content: { "application/x-www-form-urlencoded": { schema }, "application/json": { schema } },
  } as const;
}

function readOauthBody<Schema extends z.ZodType>(
  schema: Schema,
  form: object,
  json: object,
): z.infer<Schema> {
  const parsed = schema.safeParse({ ...form, ...json });
  if (!parsed.success) throw invalidFields(parsed.error);
  return parsed.data;
}

/** A refusal in OAuth's words; what is not a request of the grant at all is a problem like everywhere. */
function oauthRefusal(description: string) {
  return {
    description,
    content: {
      "application/json": { schema: oauthErrorSchema },
      "application/problem+json": { schema: problemSchema.meta({ id: "Problem" }) },
    },
  };
}

function scopeOf(context: Context<ApiEnv>) {
  return {
    env: context.env,
    origin: new URL(context.req.url).origin,
    waitUntil: (work: Promise<unknown>) => context.executionCtx.waitUntil(work),
  };
}

/** What better-auth refused with; anything else is our failure and goes on. */
function toOauthError(error: unknown): OauthError {
  const told = isAPIError(error) && error.statusCode < 500 ? oauthErrorSchema.safeParse(error.body) : null;
  if (told?.success !== true) throw error;
  return told.data;
}
