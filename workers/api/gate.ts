// The gate before an environment over HTTP: what it asks for, what it would say now, and its policy (MESH.md M18).
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { digestSchema, projectRefSchema } from "../../schemas/api/common.ts";
import { confirmationNeededSchema } from "../../schemas/api/deploys.ts";
import { gateSchema, policySchema } from "../../schemas/api/gate.ts";
import { type Environment, environmentSchema } from "../../schemas/environment.ts";
import { gatePolicySchema } from "../../schemas/gate.ts";
import { meshParametersSchema } from "../../schemas/mesh-parameters.ts";
import { PROBLEMS } from "../../schemas/problem.ts";
import { createApi } from "./api-app.ts";
import { confirmIfProd } from "./prod-confirmation.ts";
import { orThrow, type ResolvedProject, resolveProject } from "./resolve-project.ts";
import { json, jsonBody, NEEDS_TOKEN, problems } from "./responses.ts";

const tags = ["Deploys"];
const params = z.object({ id: projectRefSchema, env: environmentSchema });

const gateRoute = createRoute({
  method: "get",
  path: "/api/projects/{id}/environments/{env}/gate",
  operationId: "askGate",
  tags,
  summary: "What a rehearsal for this environment must be, and what the gate would say to a capsule now",
  security: NEEDS_TOKEN,
  request: { params, query: z.object({ capsuleHash: digestSchema }) },
  responses: {
    200: json(gateSchema, "Parameters, seeds, and today's decision"),
    ...problems("app-invalid"),
  },
});

const getPolicyRoute = createRoute({
  method: "get",
  path: "/api/projects/{id}/environments/{env}/policy",
  operationId: "getPolicy",
  tags,
  summary: "What the gate of an environment asks",
  security: NEEDS_TOKEN,
  request: { params },
  responses: { 200: json(policySchema, "The policy"), ...problems() },
});

const setPolicyRoute = createRoute({
  method: "put",
  path: "/api/projects/{id}/environments/{env}/policy",
  operationId: "setPolicy",
  tags,
  summary: "Change what the gate of an environment asks; for a guarded one a person must confirm it",
  description:
    "What is left out is the default, not what it was. Every change makes evidence for older revisions void.",
  security: NEEDS_TOKEN,
  request: { params, body: jsonBody(gatePolicySchema) },
  responses: {
    200: json(policySchema, "Changed"),
    ...problems(),
    428: json(confirmationNeededSchema, PROBLEMS["confirmation-needed"].title),
  },
});

export const gate = createApi()
  .openapi(gateRoute, async (context) => {
    const { id, env } = context.req.valid("param");
    const { object } = await resolveProject(context, id, "deploys:read");
    const asked = orThrow(await object.askGate(env, context.req.valid("query").capsuleHash));
    const params = meshParametersSchema.parse(asked.params);
    const { policyRevision, decision } = asked;
    const policy = gatePolicySchema.parse(asked.policy);
    return context.json({ params, seeds: params.seeds, policyRevision, policy, decision }, 200);
  })
  .openapi(getPolicyRoute, async (context) => {
    const { id, env } = context.req.valid("param");
    const { object } = await resolveProject(context, id, "deploys:read");
    return context.json(await describePolicy(object, env), 200);
  })
  .openapi(setPolicyRoute, async (context) => {
    const { id, env } = context.req.valid("param");
    const policy = context.req.valid("json");
    const project = await resolveProject(context, id, "deploys:write");
    await confirmIfProd(context, context.get("actor"), project, "change-policy", {
      kind: "policy",
      env,
      policy,
    });
    orThrow(await project.object.setPolicy(env, policy, context.get("actor").ref));
    return context.json(await describePolicy(project.object, env), 200);
  });

async function describePolicy(object: ResolvedProject["object"], env: Environment) {
  const { policy, policyRevision } = await object.policy(env);
  return { env, policy: gatePolicySchema.parse(policy), policyRevision };
}
