// Promote and roll back, and a person's answer to a prod action that was restated.
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { projectRefSchema } from "../../schemas/api/common.ts";
import {
  activateSchema,
  activationSchema,
  confirmationNeededSchema,
  decisionSchema,
} from "../../schemas/api/deploys.ts";
import { environmentSchema } from "../../schemas/environment.ts";
import { PROBLEMS } from "../../schemas/problem.ts";
import { createApi } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { confirmIfProd, projectOfConfirmation } from "./prod-confirmation.ts";
import { requireQuota } from "./rate-limits.ts";
import { environmentUrl, orThrow, resolveProject } from "./resolve-project.ts";
import { CREATING, idempotencyHeaders, json, jsonBody, NEEDS_TOKEN, problems } from "./responses.ts";

const tags = ["Deploys"];

const activateRoute = createRoute({
  method: "post",
  path: "/api/projects/{id}/environments/{env}/activate",
  operationId: "activate",
  tags,
  summary: "Promote or roll back: swap the pointer to what is built already",
  security: NEEDS_TOKEN,
  request: {
    headers: idempotencyHeaders,
    params: z.object({ id: projectRefSchema, env: environmentSchema }),
    body: jsonBody(activateSchema),
  },
  responses: {
    200: json(activationSchema, "Live"),
    ...problems("revision-moved", ...CREATING),
    428: json(confirmationNeededSchema, PROBLEMS["confirmation-needed"].title),
  },
});

const confirmRoute = createRoute({
  method: "post",
  path: "/api/confirmations/{id}",
  operationId: "decideConfirmation",
  tags,
  summary: "A person's answer to one restated prod action",
  security: NEEDS_TOKEN,
  request: { params: z.object({ id: z.string().max(128) }), body: jsonBody(decisionSchema) },
  responses: { 200: json(z.strictObject({ decision: z.literal("refuse") }), "Refused"), ...problems() },
});

export const activations = createApi()
  .openapi(activateRoute, async (context) => {
    const { id, env } = context.req.valid("param");
    const { capsuleDigest, expectedRevision } = context.req.valid("json");
    const project = await resolveProject(context, id, "deploys:write");
    await requireQuota(context, "deploys");
    await confirmIfProd(project, "activate", capsuleDigest, env);
    const actor = context.get("actor").ref;
    const {
      environment,
      configurationDigest: _internal,
      ...activation
    } = orThrow(await project.object.activate({ environment: env, capsuleDigest, expectedRevision, actor }));
    return context.json(
      { ...activation, env: environment, url: environmentUrl(context, project.row.label, env) },
      200,
    );
  })
  .openapi(confirmRoute, async (context) => {
    const { id } = context.req.valid("param");
    const projectId = projectOfConfirmation(id);
    if (projectId === null) throw new AppError("not-found", `There is no confirmation ${id}.`);
    const project = await resolveProject(context, projectId, "deploys:write");
    if ((await project.object.findConfirmation(id)) === null) {
      throw new AppError(
        "not-found",
        "There is no such confirmation; it may have been used or have expired.",
      );
    }
    if (context.req.valid("json").decision === "confirm") {
      throw new AppError(
        "forbidden",
        "A token or a command line can ask, never confirm: a person does in a signed-in browser, once production deploys are there.",
      );
    }
    await project.object.removeConfirmation(id);
    return context.json({ decision: "refuse" as const }, 200);
  });
