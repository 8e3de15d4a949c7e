// Tokens, and who the caller is.
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { describeActor, insertToken, listTokens, revokeToken } from "../../adapters/database/tokens.ts";
import { workerdHashing } from "../../adapters/hashing/workerd-hashing.ts";
import { newId } from "../../adapters/random/new-id.ts";
import {
  createdTokenSchema,
  createTokenSchema,
  tokenSchema,
  whoamiSchema,
} from "../../schemas/api/access.ts";
import { pageSchema } from "../../schemas/api/common.ts";
import { requirePermission } from "../identity/authenticate.ts";
import { hashToken, mintToken, TOKEN_PREFIX, TOKEN_START_CHARACTERS } from "../identity/token-format.ts";
import { createApi } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { resolveProject } from "./resolve-project.ts";
import { json, jsonBody, NEEDS_TOKEN, problems } from "./responses.ts";

const tags = ["Access"];
const DAY_MS = 86_400_000;

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
  summary: "Your tokens in this organization, without their secrets",
  security: NEEDS_TOKEN,
  responses: { 200: json(pageSchema(tokenSchema), "Your tokens"), ...problems() },
});

const createTokenRoute = createRoute({
  method: "post",
  path: "/api/tokens",
  operationId: "createToken",
  tags,
  summary: "Make a token with no more scopes than your own; it is shown this once",
  security: NEEDS_TOKEN,
  request: { body: jsonBody(createTokenSchema) },
  responses: { 201: json(createdTokenSchema, "Made"), ...problems() },
});

const revokeTokenRoute = createRoute({
  method: "delete",
  path: "/api/tokens/{id}",
  operationId: "revokeToken",
  tags,
  summary: "Revoke a token; it stops working at once",
  security: NEEDS_TOKEN,
  request: { params: z.object({ id: z.string().max(64) }) },
  responses: { 204: { description: "Revoked" }, ...problems() },
});

export const access = createApi()
  .openapi(whoamiRoute, async (context) => {
    const actor = context.get("actor");
    const described = await describeActor(context.env.DB, actor);
    if (described === null) throw new AppError("unauthenticated", "The owner of this token is gone.");
    const { role, login, permissions, projectId } = actor;
    const tokenId = login.kind === "token" ? login.id : null;
    return context.json(
      { ...described, role, login: login.kind, tokenId, scopes: [...permissions], projectId },
      200,
    );
  })
  .openapi(listTokensRoute, async (context) => {
    const actor = context.get("actor");
    requirePermission(actor, "tokens:read");
    return context.json({ items: await listTokens(context.env.DB, actor), nextCursor: null }, 200);
  })
  .openapi(createTokenRoute, async (context) => {
    const actor = context.get("actor");
    requirePermission(actor, "tokens:write");
    const { name, scopes, projectId: projectRef, expiresInDays } = context.req.valid("json");
    const beyond = scopes.filter((scope) => !actor.permissions.has(scope));
    if (beyond.length > 0) {
      throw new AppError(
        "forbidden",
        `A token can do no more than who makes it; you lack ${beyond.join(", ")}.`,
      );
    }
    const reference = projectRef ?? actor.projectId;
    const project = reference === null ? null : await resolveProject(context, reference, "tokens:write");
    const token = mintToken((bytes) => crypto.getRandomValues(bytes), workerdHashing.crc32);
    const createdAt = Date.now();
    const facts = {
      tokenId: newId("token"),
      name,
      start: token.slice(0, TOKEN_START_CHARACTERS),
      scopes,
      projectId: project?.row.id ?? null,
      createdAt,
      expiresAt: expiresInDays === undefined ? null : createdAt + expiresInDays * DAY_MS,
    };
    await insertToken(context.env.DB, actor, {
      ...facts,
      id: facts.tokenId,
      hash: await hashToken(token),
      prefix: TOKEN_PREFIX,
    });
    return context.json({ ...facts, lastUsedAt: null, token }, 201);
  })
  .openapi(revokeTokenRoute, async (context) => {
    const actor = context.get("actor");
    requirePermission(actor, "tokens:write");
    const { id } = context.req.valid("param");
    if (!(await revokeToken(context.env.DB, actor, id))) {
      throw new AppError("not-found", `You have no token ${id}.`);
    }
    return context.body(null, 204);
  });
