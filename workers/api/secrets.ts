// Secrets of a project, per environment: set, listed by name, removed. No answer holds a value, nor a hash of one.
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { sealProjectSecret } from "../../adapters/vault/project-secrets.ts";
import { pageSchema, projectRefSchema } from "../../schemas/api/common.ts";
import { confirmationNeededSchema } from "../../schemas/api/deploys.ts";
import {
  listSecretsQuerySchema,
  MAX_SECRET_BYTES,
  removeSecretQuerySchema,
  secretSchema,
  setSecretSchema,
} from "../../schemas/api/secrets.ts";
import { ENVIRONMENTS, type Environment, type SecretEnvironment } from "../../schemas/environment.ts";
import { PROBLEMS } from "../../schemas/problem.ts";
import { createApi } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { confirmIfProd } from "./prod-confirmation.ts";
import { orThrow, resolveProject } from "./resolve-project.ts";
import { json, jsonBody, NEEDS_TOKEN, problems } from "./responses.ts";

const tags = ["Secrets"];
const path = "/api/projects/{id}/secrets";
const params = z.object({ id: projectRefSchema });
const needsPerson = { 428: json(confirmationNeededSchema, PROBLEMS["confirmation-needed"].title) };

const listRoute = createRoute({
  method: "get",
  path,
  operationId: "listSecrets",
  tags,
  summary: "Names of secrets, of one environment or of all; values are never returned",
  security: NEEDS_TOKEN,
  request: { params, query: listSecretsQuerySchema },
  responses: { 200: json(pageSchema(secretSchema), "The names"), ...problems() },
});

const setRoute = createRoute({
  method: "post",
  path,
  operationId: "setSecret",
  tags,
  summary: "Set a secret; what is live in the environment has it within 5 s",
  description:
    "The value is sealed before it is stored and never comes back. At most 100 secrets an environment, 32 KiB each.",
  security: NEEDS_TOKEN,
  request: { params, body: jsonBody(setSecretSchema) },
  responses: {
    200: json(secretSchema, "Changed"),
    201: json(secretSchema, "Set"),
    ...problems("conflict", "too-large"),
    ...needsPerson,
  },
});

const removeRoute = createRoute({
  method: "delete",
  path,
  operationId: "removeSecret",
  tags,
  summary: "Remove a secret; refused while what is live there declares it, unless forced",
  security: NEEDS_TOKEN,
  request: { params, query: removeSecretQuerySchema },
  responses: { 204: { description: "Removed" }, ...problems("conflict"), ...needsPerson },
});

export const secrets = createApi()
  .openapi(listRoute, async (context) => {
    const { object } = await resolveProject(context, context.req.valid("param").id, "secrets:read");
    const items = await object.listSecrets(context.req.valid("query").env ?? null);
    return context.json({ items: [...items], nextCursor: null }, 200);
  })
  .openapi(setRoute, async (context) => {
    const project = await resolveProject(context, context.req.valid("param").id, "secrets:write");
    const { env, name, value } = context.req.valid("json");
    const sizeBytes = new TextEncoder().encode(value).length;
    if (sizeBytes > MAX_SECRET_BYTES) {
      const detail = `The value of ${name} has ${sizeBytes} bytes; a secret has at most ${MAX_SECRET_BYTES} (32 KiB).`;
      throw new AppError("too-large", detail, { errors: [{ path: "value", message: "is too large" }] });
    }
    const sealed = await sealProjectSecret(
      context.env,
      { ...project.owner, environment: env },
      { name, value },
    );
    const guarded = environmentOf(env);
    if (guarded !== null) {
      const request = { kind: "set-secret" as const, env: guarded, name, sealed };
      await confirmIfProd(context, context.get("actor"), project, "set-secret", request);
    }
    const actor = context.get("actor").ref;
    const { secret, isNew } = orThrow(await project.object.setSecret({ env, name, sealed, actor }));
    return isNew ? context.json(secret, 201) : context.json(secret, 200);
  })
  .openapi(removeRoute, async (context) => {
    const project = await resolveProject(context, context.req.valid("param").id, "secrets:write");
    const { env, name, force } = context.req.valid("query");
    const isForced = force === "true";
    const guarded = environmentOf(env);
    if (guarded !== null) {
      const request = { kind: "remove-secret" as const, env: guarded, name, isForced };
      await confirmIfProd(context, context.get("actor"), project, "remove-secret", request);
    }
    const actor = context.get("actor").ref;
    orThrow(await project.object.removeSecret({ env, name, isForced, actor }));
    return context.body(null, 204);
  });

/** A simulation's secrets are nobody's prod. */
function environmentOf(env: SecretEnvironment): Environment | null {
  return ENVIRONMENTS.find((environment) => environment === env) ?? null;
}
