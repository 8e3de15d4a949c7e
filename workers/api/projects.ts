// Projects: make, list, look, rename, delete.
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import {
  insertProject,
  isLabelTaken,
  listProjects,
  type Project,
  renameProject,
} from "../../adapters/database/projects.ts";
import { newId } from "../../adapters/random/new-id.ts";
import { makeVaultKey, platformKeysOf } from "../../adapters/vault/project-key.ts";
import { pageQuerySchema, pageSchema, projectRefSchema } from "../../schemas/api/common.ts";
import {
  createProjectSchema,
  environmentStateSchema,
  projectDetailSchema,
  projectSchema,
  updateProjectSchema,
} from "../../schemas/api/projects.ts";
import { requirePermission } from "../identity/authenticate.ts";
import { createApi } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { environmentUrl, resolveProject } from "./resolve-project.ts";
import { CREATING, idempotencyHeaders, json, jsonBody, NEEDS_TOKEN, problems } from "./responses.ts";

const tags = ["Projects"];
const params = z.object({ id: projectRefSchema });
const HISTORY_LIMIT = 20;

const listRoute = createRoute({
  method: "get",
  path: "/api/projects",
  operationId: "listProjects",
  tags,
  summary: "Projects of the caller's organization, newest first",
  security: NEEDS_TOKEN,
  request: { query: pageQuerySchema },
  responses: { 200: json(pageSchema(projectSchema), "A page"), ...problems() },
});

const createRouteDeclaration = createRoute({
  method: "post",
  path: "/api/projects",
  operationId: "createProject",
  tags,
  summary: "Make a project with a host label that is its alone for ever",
  security: NEEDS_TOKEN,
  request: { headers: idempotencyHeaders, body: jsonBody(createProjectSchema) },
  responses: { 201: json(projectSchema, "Made"), ...problems("conflict", ...CREATING) },
});

const getRoute = createRoute({
  method: "get",
  path: "/api/projects/{id}",
  operationId: "getProject",
  tags,
  summary: "A project with its branches and environments",
  security: NEEDS_TOKEN,
  request: { params },
  responses: { 200: json(projectDetailSchema, "The project"), ...problems() },
});

const updateRoute = createRoute({
  method: "patch",
  path: "/api/projects/{id}",
  operationId: "updateProject",
  tags,
  summary: "Rename a project",
  security: NEEDS_TOKEN,
  request: { params, body: jsonBody(updateProjectSchema) },
  responses: { 200: json(projectSchema, "Renamed"), ...problems() },
});

const deleteRoute = createRoute({
  method: "delete",
  path: "/api/projects/{id}",
  operationId: "deleteProject",
  tags,
  summary: "Take a project's hosts down and hide it; its label is never given away again",
  security: NEEDS_TOKEN,
  request: { params },
  responses: { 204: { description: "Deleted" }, ...problems() },
});

const environmentsRoute = createRoute({
  method: "get",
  path: "/api/projects/{id}/environments",
  operationId: "listEnvironments",
  tags,
  summary: "What is live where, and what was before",
  security: NEEDS_TOKEN,
  request: { params },
  responses: {
    200: json(
      pageSchema(
        environmentStateSchema.extend({
          history: z.array(
            z.strictObject({
              revision: z.int(),
              capsuleDigest: z.string(),
              artifactDigest: z.string(),
              deployId: z.string(),
              activatedAt: z.int(),
            }),
          ),
        }),
      ),
      "Every environment",
    ),
    ...problems(),
  },
});

export const projects = createApi()
  .openapi(listRoute, async (context) => {
    const actor = context.get("actor");
    requirePermission(actor, "projects:read");
    const { limit, cursor } = context.req.valid("query");
    const rows = await listProjects(context.env.DB, actor, {
      limit: limit + 1,
      before: cursor === undefined ? null : Number(cursor),
    });
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    return context.json(
      { items: items.map(summarize), nextCursor: last === undefined ? null : String(last.ordinal) },
      200,
    );
  })
  .openapi(createRouteDeclaration, async (context) => {
    const actor = context.get("actor");
    requirePermission(actor, "projects:write");
    if (actor.projectId !== null) {
      throw new AppError("forbidden", "This token is for one project only and can make no other.");
    }
    const { label, name } = context.req.valid("json");
    const projectId = newId("project");
    const createdAt = Date.now();
    if (await isLabelTaken(context.env.DB, label)) throw labelTaken(label);
    // The object first: a cut before the rows leaves a project that nobody sees, and a label that is still free.
    const { organizationId } = actor;
    const place = { organizationId, projectId };
    const [signing, log] = [await makeVaultKey(context.env, place), await makeVaultKey(context.env, place)];
    const object = context.env.PROJECTS.getByName(projectId);
    await object.create({ organizationId, label, ...platformKeysOf(signing, log), actor: actor.ref });
    const project = { id: projectId, label, name: name ?? label, createdAt };
    const row = await insertProject(context.env.DB, actor, project, [signing, log]);
    if (row === null) throw labelTaken(label);
    return context.json(summarize(row), 201);
  })
  .openapi(getRoute, async (context) => {
    const { row, object } = await resolveProject(context, context.req.valid("param").id, "projects:read");
    const facts = await object.facts();
    return context.json(
      {
        ...summarize(row),
        platformKeyId: facts.platformKeyId,
        epoch: facts.epoch,
        lastSeq: facts.lastSeq,
        trustRevision: facts.trustRevision,
        branches: facts.branches.map((branch) => ({ ...branch, snapshot: { ...branch.snapshot } })),
        environments: facts.environments.map((environment) => ({
          ...environment,
          url: environmentUrl(context, row.label, environment.name),
          live: environment.live === null ? null : summarizeLive(environment.live),
        })),
      },
      200,
    );
  })
  .openapi(updateRoute, async (context) => {
    const { row, object } = await resolveProject(context, context.req.valid("param").id, "projects:write");
    const actor = context.get("actor");
    const { name } = context.req.valid("json");
    await renameProject(context.env.DB, actor, row.id, name);
    await object.recordUpdate({ name }, actor.ref);
    return context.json(summarize({ ...row, name }), 200);
  })
  .openapi(deleteRoute, async (context) => {
    const { object } = await resolveProject(context, context.req.valid("param").id, "projects:delete");
    await object.remove(context.get("actor").ref);
    return context.body(null, 204);
  })
  .openapi(environmentsRoute, async (context) => {
    const { row, object } = await resolveProject(context, context.req.valid("param").id, "deploys:read");
    const { environments } = await object.facts();
    const items = await Promise.all(
      environments.map(async (environment) => ({
        name: environment.name,
        revision: environment.revision,
        url: environmentUrl(context, row.label, environment.name),
        live: environment.live === null ? null : summarizeLive(environment.live),
        history: (await object.activationHistory(environment.name, HISTORY_LIMIT)).map((activation) => ({
          revision: activation.revision,
          ...summarizeLive(activation),
        })),
      })),
    );
    return context.json({ items, nextCursor: null }, 200);
  });

function labelTaken(label: string): AppError {
  return new AppError("conflict", `The label ${label} is taken or was once used; choose another.`, {
    errors: [{ path: "label", message: "is taken" }],
  });
}

function summarize(row: Project) {
  return { projectId: row.id, label: row.label, name: row.name, createdAt: row.createdAt };
}

function summarizeLive(live: {
  readonly capsuleDigest: string;
  readonly artifactDigest: string;
  readonly deployId: string;
  readonly activatedAt: number;
}) {
  const { capsuleDigest, artifactDigest, deployId, activatedAt } = live;
  return { capsuleDigest, artifactDigest, deployId, activatedAt };
}
