// Promote and roll back, and a person's answer to a prod action that was restated.
import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import type { Decider } from "../../durable-objects/project/prod-requests.ts";
import { projectOfConfirmation } from "../../durable-objects/project/prod-requests.ts";
import { projectRefSchema } from "../../schemas/api/common.ts";
import {
  activateSchema,
  activationSchema,
  confirmationNeededSchema,
  confirmationSchema,
  decidedSchema,
  decisionSchema,
} from "../../schemas/api/deploys.ts";
import { environmentSchema } from "../../schemas/environment.ts";
import { PROBLEMS } from "../../schemas/problem.ts";
import { restatementSchema } from "../../schemas/restatement.ts";
import { requirePermission } from "../identity/authenticate.ts";
import { requireFreshSignIn } from "../identity/fresh-sign-in.ts";
import { type ApiEnv, createApi } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { confirmIfProd } from "./prod-confirmation.ts";
import { requireQuota } from "./rate-limits.ts";
import { environmentUrl, orThrow, type ResolvedProject, resolveProject } from "./resolve-project.ts";
import { CREATING, idempotencyHeaders, json, jsonBody, NEEDS_TOKEN, problems } from "./responses.ts";

const tags = ["Deploys"];
const confirmationParams = z.object({ id: z.string().max(128) });

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
    ...problems("revision-moved", "evidence-missing", ...CREATING),
    428: json(confirmationNeededSchema, PROBLEMS["confirmation-needed"].title),
  },
});

const getConfirmationRoute = createRoute({
  method: "get",
  path: "/api/confirmations/{id}",
  operationId: "getConfirmation",
  tags,
  summary: "A prod action that waits for a person, restated in full",
  security: NEEDS_TOKEN,
  request: { params: confirmationParams },
  responses: { 200: json(confirmationSchema, "What would be done"), ...problems() },
});

const decideRoute = createRoute({
  method: "post",
  path: "/api/confirmations/{id}",
  operationId: "decideConfirmation",
  tags,
  summary: "A person's answer to one restated prod action; confirming carries it out",
  description:
    "Confirming needs the permission `deploys:confirm` (owner, admin), in a browser session that signed in or re-authenticated within 15 minutes. Tokens and device logins can ask and refuse, never confirm. Single use, 10 minutes, void when anything that the restatement covers has moved.",
  security: NEEDS_TOKEN,
  request: { params: confirmationParams, body: jsonBody(decisionSchema) },
  responses: {
    200: json(decidedSchema, "Answered; when confirmed, with what came of it"),
    ...problems("confirmation-void", "evidence-missing"),
  },
});

export const activations = createApi()
  .openapi(activateRoute, async (context) => {
    const { id, env } = context.req.valid("param");
    const { capsuleDigest, expectedRevision, override = null } = context.req.valid("json");
    const project = await resolveProject(context, id, "deploys:write");
    await requireQuota(context, "deploys");
    const request = { kind: "activate" as const, env, capsuleDigest, expectedRevision, override };
    await confirmIfProd(context, context.get("actor"), project, "activate", request);
    const actor = context.get("actor").ref;
    const activated = await project.object.activate({
      environment: env,
      capsuleDigest,
      expectedRevision,
      actor,
      confirmation: null,
    });
    const activation = describeActivation(orThrow(activated));
    return context.json({ ...activation, url: environmentUrl(context, project.row.label, env) }, 200);
  })
  .openapi(getConfirmationRoute, async (context) => {
    const { id } = context.req.valid("param");
    const project = await resolveConfirmation(context, id);
    const found = await project.object.findConfirmation(id);
    if (found === null) throw noConfirmation();
    const { confirmationId, restatementHash, expiresAt } = found;
    const restatement = restatementSchema.parse(found.restatement);
    return context.json({ confirmationId, restatement, restatementHash, expiresAt }, 200);
  })
  .openapi(decideRoute, async (context) => {
    const { id } = context.req.valid("param");
    const { decision } = context.req.valid("json");
    const project = await resolveConfirmation(context, id);
    if (decision === "refuse") {
      orThrow(await project.object.refuseConfirmation(id, deciderOf(context)));
      return context.json({ decision, outcome: null }, 200);
    }
    if ((await project.object.findConfirmation(id)) === null) throw noConfirmation();
    requirePerson(context);
    const outcome = orThrow(await project.object.confirm(id, deciderOf(context)));
    return context.json({ decision, outcome: describeOutcome(outcome) }, 200);
  });

/** Somebody who may deploy at all may look at what waits, and refuse it. */
function resolveConfirmation(context: Context<ApiEnv>, id: string): Promise<ResolvedProject> {
  const projectId = projectOfConfirmation(id);
  if (projectId === null) throw noConfirmation();
  return resolveProject(context, projectId, "deploys:write");
}

/** A program can ask, never confirm: a person in front of a browser who has just proved who they are. */
function requirePerson(context: Context<ApiEnv>): void {
  const actor = context.get("actor");
  if (actor.login.kind !== "session") {
    throw new AppError(
      "forbidden",
      "Tokens and device logins can ask, never confirm: a person confirms in a signed-in browser.",
    );
  }
  requirePermission(actor, "deploys:confirm");
  requireFreshSignIn(actor);
}

function deciderOf(context: Context<ApiEnv>): Decider {
  const { ref, role } = context.get("actor");
  return { actor: ref, isOwner: role === "owner" };
}

type Outcome = z.infer<typeof decidedSchema>["outcome"];
type ConfirmedValue = Extract<
  Awaited<ReturnType<ResolvedProject["object"]["confirm"]>>,
  { readonly ok: true }
>["value"];

function describeOutcome(outcome: ConfirmedValue): Outcome {
  return outcome.kind === "activate"
    ? { kind: outcome.kind, activation: describeActivation(outcome.activation) }
    : outcome;
}

/** Without what is internal to the platform. */
function describeActivation(activation: Extract<ConfirmedValue, { kind: "activate" }>["activation"]) {
  const { environment: env, revision, capsuleDigest, artifactDigest, deployId, activatedAt } = activation;
  return { env, revision, capsuleDigest, artifactDigest, deployId, activatedAt };
}

function noConfirmation(): AppError {
  return new AppError(
    "not-found",
    "There is no such confirmation; it may have been answered or have expired.",
  );
}
