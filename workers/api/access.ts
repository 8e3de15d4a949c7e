// Tokens, signing keys, and who the caller is.
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import {
  listSigningKeys,
  registerSigningKey,
  removeSigningKey,
} from "../../adapters/database/signing-keys.ts";
import { describeActor, listTokens } from "../../adapters/database/tokens.ts";
import { workerdHashing } from "../../adapters/hashing/workerd-hashing.ts";
import { keyIdOf, parsePublicKey } from "../../core/signing/key-format.ts";
import {
  addedKeySchema,
  addKeySchema,
  createdTokenSchema,
  createTokenSchema,
  keySchema,
  listTokensQuerySchema,
  projectKeysSchema,
  tokenSchema,
  whoamiSchema,
} from "../../schemas/api/access.ts";
import { digestSchema, pageSchema, projectRefSchema } from "../../schemas/api/common.ts";
import type { Role } from "../../schemas/trust.ts";
import { requirePermission } from "../identity/authenticate.ts";
import { requireFreshSignIn } from "../identity/fresh-sign-in.ts";
import { createApi } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { createToken, endToken } from "./change-tokens.ts";
import { orThrow, resolveProject } from "./resolve-project.ts";
import { json, jsonBody, NEEDS_TOKEN, problems } from "./responses.ts";

const tags = ["Access"];
const DEFAULT_ROLES: readonly Role[] = ["builder"];

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
  request: { body: jsonBody(createTokenSchema) },
  responses: { 201: json(createdTokenSchema, "Made"), ...problems("conflict") },
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

const listKeysRoute = createRoute({
  method: "get",
  path: "/api/keys",
  operationId: "listKeys",
  tags,
  summary: "Public signing keys that the organization has registered",
  security: NEEDS_TOKEN,
  responses: { 200: json(pageSchema(keySchema), "The keys"), ...problems() },
});

const addKeyRoute = createRoute({
  method: "post",
  path: "/api/keys",
  operationId: "addKey",
  tags,
  summary: "Register a public key, and trust it in a project when you name one",
  security: NEEDS_TOKEN,
  request: { body: jsonBody(addKeySchema) },
  responses: { 201: json(addedKeySchema, "Registered"), ...problems("unprocessable") },
});

const removeKeyRoute = createRoute({
  method: "delete",
  path: "/api/keys/{keyId}",
  operationId: "removeKey",
  tags,
  summary: "Stop trusting a key in a project, or forget it in the organization",
  security: NEEDS_TOKEN,
  request: {
    params: z.object({ keyId: digestSchema }),
    query: z.object({ projectId: projectRefSchema.optional() }),
  },
  responses: { 204: { description: "Removed" }, ...problems("conflict") },
});

const projectKeysRoute = createRoute({
  method: "get",
  path: "/api/projects/{id}/keys",
  operationId: "listProjectKeys",
  tags,
  summary: "Whom a project trusts, in which roles",
  security: NEEDS_TOKEN,
  request: { params: z.object({ id: projectRefSchema }) },
  responses: { 200: json(projectKeysSchema, "The trust record"), ...problems() },
});

export const access = createApi()
  .openapi(whoamiRoute, async (context) => {
    const actor = context.get("actor");
    const described = await describeActor(context.env.DB, actor);
    if (described === null) throw new AppError("unauthenticated", "Your account is gone.");
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
    const { of: holders } = context.req.valid("query");
    // Whose tokens may be ended may be seen, and that is part of managing members.
    if (holders === "all") requirePermission(actor, "members:write");
    return context.json({ items: await listTokens(context.env.DB, actor, holders), nextCursor: null }, 200);
  })
  .openapi(createTokenRoute, async (context) => {
    const actor = context.get("actor");
    requirePermission(actor, "tokens:write");
    requireFreshSignIn(actor);
    return context.json(await createToken(context, actor, context.req.valid("json")), 201);
  })
  .openapi(revokeTokenRoute, async (context) => {
    const actor = context.get("actor");
    requirePermission(actor, "tokens:write");
    await endToken(context, actor, context.req.valid("param").id);
    return context.body(null, 204);
  })
  .openapi(listKeysRoute, async (context) => {
    const actor = context.get("actor");
    requirePermission(actor, "keys:read");
    const rows = await listSigningKeys(context.env.DB, actor);
    const items = rows.map(({ keyId, name, publicKey, createdAt }) => ({
      keyId,
      name,
      publicKey,
      createdAt,
    }));
    return context.json({ items, nextCursor: null }, 200);
  })
  .openapi(addKeyRoute, async (context) => {
    const actor = context.get("actor");
    requirePermission(actor, "keys:write");
    requireFreshSignIn(actor);
    const { name, publicKey: text, roles = [...DEFAULT_ROLES], ...named } = context.req.valid("json");
    const parsed = parsePublicKey(text);
    if (!parsed.ok) {
      throw new AppError(
        "unprocessable",
        `That is not an Ed25519 public key: ${parsed.reason.message}. Send SPKI PEM, or base64 of the 32 bytes.`,
        {
          errors: [{ path: "publicKey", message: parsed.reason.message }],
        },
      );
    }
    const reference = named.projectId ?? actor.projectId;
    const project = reference === null ? null : await resolveProject(context, reference, "keys:write");
    const keyId = await keyIdOf(parsed.value, workerdHashing);
    const publicKey = Buffer.from(parsed.value).toString("base64");
    const createdAt = Date.now();
    await registerSigningKey(context.env.DB, actor, { keyId, publicKey, name, createdAt });
    if (project !== null) await project.object.trustKey({ keyId, publicKey, name, roles }, actor.ref);
    return context.json({ keyId, name, publicKey, createdAt, roles: project === null ? [] : roles }, 201);
  })
  .openapi(removeKeyRoute, async (context) => {
    const actor = context.get("actor");
    requirePermission(actor, "keys:write");
    requireFreshSignIn(actor);
    const { keyId } = context.req.valid("param");
    const reference = context.req.valid("query").projectId ?? actor.projectId;
    if (reference !== null) {
      const { object } = await resolveProject(context, reference, "keys:write");
      if ((await object.facts()).platformKeyId === keyId) {
        throw new AppError(
          "conflict",
          "The platform signs this project's activations with that key; it cannot be removed.",
        );
      }
      orThrow(await object.untrustKey(keyId, actor.ref));
    } else if (!(await removeSigningKey(context.env.DB, actor, keyId))) {
      throw new AppError("not-found", `No key ${keyId} is registered here.`);
    }
    return context.body(null, 204);
  })
  .openapi(projectKeysRoute, async (context) => {
    const { object } = await resolveProject(context, context.req.valid("param").id, "keys:read");
    const [{ keys, revision }, { platformKeyId }] = await Promise.all([object.trustRecord(), object.facts()]);
    const items = keys.map((key) => ({
      ...key,
      roles: [...key.roles],
      isPlatformKey: key.keyId === platformKeyId,
    }));
    return context.json({ revision, items, nextCursor: null }, 200);
  });
