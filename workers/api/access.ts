// Tokens, and who the caller is.
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { describeActor, listTokens } from "../../adapters/database/tokens.ts";
import {
  createdTokenSchema,
  createTokenSchema,
  listTokensQuerySchema,
  tokenSchema,
  whoamiSchema,
} from "../../schemas/api/access.ts";
import { pageSchema } from "../../schemas/api/common.ts";
import { requirePermission } from "../identity/authenticate.ts";
import { FRESH_SIGN_IN_MS, requireFreshSignIn } from "../identity/fresh-sign-in.ts";
import { createApi } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { createToken, endToken } from "./change-tokens.ts";
import { CREATING, idempotencyHeaders, json, jsonBody, NEEDS_TOKEN, problems } from "./responses.ts";

const tags = ["Access"];

const whoamiRoute = createRoute({
  method: "get",
  path: "/api/whoami",
  operationId: "whoami",
  tags,
  summary: "Who you are here, and what you may do",
  security: NEEDS_TOKEN,
  responses: { 200: json(whoamiSchema, "You"), ...problems() },
});

const listTokensRoute = createRoute({
  method: "get",
  path: "/api/tokens",
  operationId: "listTokens",
  tags,
  summary:
    "Tokens in this organization, without their secrets: yours, or everybody's for who manages members",
  security: NEEDS_TOKEN,
  request: { query: listTokensQuerySchema },
  responses: { 200: json(pageSchema(tokenSchema), "The tokens"), ...problems() },
});

const createTokenRoute = createRoute({
  method: "post",
  path: "/api/tokens",
  operationId: "createToken",
  tags,
  summary: "Make a token with no more scopes than your own; it is shown this once",
  security: NEEDS_TOKEN,
  request: { headers: idempotencyHeaders, body: jsonBody(createTokenSchema) },
  responses: {
    201: json(
      createdTokenSchema.partial({ token: true }),
      "Made; `token` is left out of an answer that is given again",
    ),
    ...problems("conflict", ...CREATING),
  },
});

const revokeTokenRoute = createRoute({
  method: "delete",
  path: "/api/tokens/{id}",
  operationId: "revokeToken",
  tags,
  summary: "Revoke a token of yours, or anybody's when you manage members; it stops working at once",
  security: NEEDS_TOKEN,
  request: { params: z.object({ id: z.string().max(64) }) },
  responses: { 204: { description: "Revoked" }, ...problems() },
});

export const access = createApi()
  .openapi(whoamiRoute, async (context) => {
    const actor = context.get("actor");
    const described = await describeActor(context.env.DB, actor);
    if (described === null) throw new AppError("unauthenticated", "Your account is gone.");
    const { role, login, permissions, projectId } = actor;
    const tokenId = login.kind === "token" ? login.id : null;
    const freshUntil = login.kind === "token" ? null : login.signedInAt + FRESH_SIGN_IN_MS;
    const scopes = [...permissions];
    return context.json(
      { ...described, role, login: login.kind, tokenId, scopes, projectId, freshUntil },
      200,
    );
  })
  .openapi(listTokensRoute, async (context) => {
    const actor = context.get("actor");
    requirePermission(actor, "tokens:read");
    const { of: holders } = context.req.valid("query");
    // Whose tokens may be ended may be seen, and that is part of managing members.
    if (holders === "all") requirePermission(actor, "members:write");
    return context.json({ items: await listTokens(context.env.DB, actor, holders), nextCursor: null }, 200);
  })
  .openapi(createTokenRoute, async (context) => {
    const actor = context.get("actor");
    requirePermission(actor, "tokens:write");
    requireFreshSignIn(actor);
    context.set("oneTimeFields", ["token"]);
    return context.json(await createToken(context, actor, context.req.valid("json")), 201);
  })
  .openapi(revokeTokenRoute, async (context) => {
    const actor = context.get("actor");
    requirePermission(actor, "tokens:write");
    await endToken(context, actor, context.req.valid("param").id);
    return context.body(null, 204);
  });
