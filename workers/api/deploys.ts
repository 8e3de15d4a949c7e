// Deploys: start, follow, cancel, retry; promote and roll back; what a person must confirm.
import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import * as z from "zod";
import { findCapsuleByVersion } from "../../adapters/database/capsules.ts";
import { findDeployProject } from "../../adapters/database/deploys.ts";
import { type DeployRun, isEnded } from "../../core/deploy/deploy-run.ts";
import {
  DEFAULT_BRANCH,
  digestSchema,
  pageQuerySchema,
  pageSchema,
  projectRefSchema,
} from "../../schemas/api/common.ts";
import {
  confirmationNeededSchema,
  createDeployByProductSchema,
  createDeploySchema,
  deployCapsuleSchema,
  deployCapsuleStartedSchema,
  deployDetailSchema,
  deploySchema,
  deployStartedSchema,
  dryRunSchema,
  runLogLineSchema,
} from "../../schemas/api/deploys.ts";
import { environmentSchema } from "../../schemas/environment.ts";
import { PROBLEMS } from "../../schemas/problem.ts";
import { isStillAllowed } from "../identity/still-allowed.ts";
import { type ApiEnv, createApi, invalidFields } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { acceptUpload } from "./capsules.ts";
import { dryRunDeploy } from "./dry-run-deploy.ts";
import { confirmIfProd } from "./prod-confirmation.ts";
import { requireQuota } from "./rate-limits.ts";
import { environmentUrl, orThrow, type ResolvedProject, resolveProject } from "./resolve-project.ts";
import { CREATING, idempotencyHeaders, json, jsonBody, NEEDS_TOKEN, problems } from "./responses.ts";
import { startDeploy } from "./start-deploy.ts";

const tags = ["Deploys"];
const deployParams = z.object({ id: z.string().max(64) });
const MAX_LOG_PAGE = 500;
const FOLLOW_WAIT_MS = 15_000;

const started = {
  202: json(deployStartedSchema, "Started"),
  ...problems("app-invalid", "capsule-invalid", ...CREATING),
  428: json(confirmationNeededSchema, PROBLEMS["confirmation-needed"].title),
};

const createRouteDeclaration = createRoute({
  method: "post",
  path: "/api/deploys",
  operationId: "createDeploy",
  tags,
  summary: "Start a deploy run; with `dryRun` only say what it would meet",
  security: NEEDS_TOKEN,
  request: { headers: idempotencyHeaders, body: jsonBody(createDeploySchema) },
  responses: { 200: json(dryRunSchema, "What a deploy would meet"), ...started },
});

const createByProductRoute = createRoute({
  method: "post",
  path: "/api/deploy/create",
  operationId: "createDeployByProduct",
  tags,
  summary: "Start a deploy of a product's version in the project of that name",
  security: NEEDS_TOKEN,
  request: { headers: idempotencyHeaders, body: jsonBody(createDeployByProductSchema) },
  responses: started,
});

const deployCapsuleRoute = createRoute({
  method: "post",
  path: "/api/deploy/capsule",
  operationId: "deployCapsule",
  tags,
  summary: "Deploy by hash in the token's project, or the `.caps` itself with `?env=`",
  security: NEEDS_TOKEN,
  request: {
    headers: idempotencyHeaders,
    query: z.object({ env: environmentSchema.optional(), projectId: projectRefSchema.optional() }),
    body: {
      required: true,
      content: {
        "application/json": { schema: deployCapsuleSchema },
        "application/octet-stream": { schema: z.string().meta({ format: "binary" }) },
      },
    },
  },
  responses: { ...started, 202: json(deployCapsuleStartedSchema, "Started") },
});

const getRoute = createRoute({
  method: "get",
  path: "/api/deploys/{id}",
  operationId: "getDeploy",
  tags,
  summary: "A deploy run with its log",
  security: NEEDS_TOKEN,
  request: { params: deployParams },
  responses: { 200: json(deployDetailSchema, "The run"), ...problems() },
});

const statusRoute = createRoute({
  method: "get",
  path: "/api/deploy/status",
  operationId: "getDeployStatus",
  tags,
  summary: "A deploy run by query",
  security: NEEDS_TOKEN,
  request: { query: z.object({ deployId: z.string().max(64) }) },
  responses: { 200: json(deployDetailSchema, "The run"), ...problems() },
});

const logsRoute = createRoute({
  method: "get",
  path: "/api/deploys/{id}/logs",
  operationId: "getDeployLog",
  tags,
  summary: "A run's log as a page, or as server-sent events when you accept them",
  description: "With `waitMs` the page waits until there is something new or the run has ended.",
  security: NEEDS_TOKEN,
  request: {
    params: deployParams,
    query: z.object({
      since: z.coerce.number().int().min(0).default(0),
      waitMs: z.coerce.number().int().min(0).max(20_000).default(0),
    }),
  },
  responses: {
    200: {
      description: "Lines after `since`",
      content: {
        "application/json": {
          schema: z.strictObject({
            items: z.array(runLogLineSchema),
            nextSince: z.int(),
            status: z.string(),
            phase: z.string(),
          }),
        },
        "text/event-stream": { schema: z.string() },
      },
    },
    ...problems(),
  },
});

const cancelRoute = createRoute({
  method: "post",
  path: "/api/deploys/{id}/cancel",
  operationId: "cancelDeploy",
  tags,
  summary: "Stop a run before its next phase",
  security: NEEDS_TOKEN,
  request: { params: deployParams },
  responses: { 202: json(deploySchema, "Asked to stop"), ...problems("conflict") },
});

const retryRoute = createRoute({
  method: "post",
  path: "/api/deploys/{id}/retry",
  operationId: "retryDeploy",
  tags,
  summary: "Deploy the same capsule to the same environment again, as a new run",
  security: NEEDS_TOKEN,
  request: { headers: idempotencyHeaders, params: deployParams },
  responses: { ...started, ...problems("conflict", ...CREATING) },
});

const listRoute = createRoute({
  method: "get",
  path: "/api/projects/{id}/deploys",
  operationId: "listDeploys",
  tags,
  summary: "Deploy runs of a project, newest first",
  security: NEEDS_TOKEN,
  request: { params: z.object({ id: projectRefSchema }), query: pageQuerySchema },
  responses: { 200: json(pageSchema(deploySchema), "A page"), ...problems() },
});

const runsRoute = createRoute({
  ...listRoute,
  path: "/api/projects/{id}/runs",
  operationId: "listRuns",
  summary: "Runs of every kind, newest first",
});

export const deploys = createApi()
  .openapi(createRouteDeclaration, async (context) => {
    const { projectId, capsuleDigest, env, dryRun, override = null } = context.req.valid("json");
    const project = await resolveProject(context, projectId, "deploys:write");
    if (dryRun === true) return context.json(await dryRunDeploy(context, project, capsuleDigest, env), 200);
    const run = await startDeploy(context, project, { capsuleDigest, env, override });
    return context.json({ deployId: run.deployId }, 202);
  })
  .openapi(createByProductRoute, async (context) => {
    const { productSlug, version, env } = context.req.valid("json");
    const project = await resolveProject(context, productSlug, "deploys:write");
    const capsule = await findCapsuleByVersion(
      context.env.DB,
      project.owner,
      version === "latest" ? null : version,
    );
    if (capsule === null) {
      throw new AppError(
        "not-found",
        `The project ${productSlug} has no capsule of version ${version}; push one.`,
      );
    }
    const run = await startDeploy(context, project, { capsuleDigest: capsule.digest, env, override: null });
    return context.json({ deployId: run.deployId }, 202);
  })
  .openapi(getRoute, async (context) => {
    const { project, run, log } = await findRun(context, context.req.valid("param").id, "deploys:read");
    return context.json({ ...describeRun(context, project, run), log }, 200);
  })
  .openapi(statusRoute, async (context) => {
    const { project, run, log } = await findRun(context, context.req.valid("query").deployId, "deploys:read");
    return context.json({ ...describeRun(context, project, run), log }, 200);
  })
  .openapi(cancelRoute, async (context) => {
    const { project, run } = await findRun(context, context.req.valid("param").id, "deploys:write");
    const asked = orThrow(await project.object.cancelRun(run.deployId));
    return context.json(describeRun(context, project, asked), 202);
  })
  .openapi(retryRoute, async (context) => {
    const { project, run } = await findRun(context, context.req.valid("param").id, "deploys:write");
    await requireQuota(context, "deploys");
    const { capsuleDigest, environment: env } = run;
    await confirmIfProd(context, context.get("actor"), project, "deploy", {
      kind: "deploy",
      env,
      capsuleDigest,
      override: null,
    });
    const again = orThrow(await project.object.retryRun(run.deployId, context.get("actor").ref));
    return context.json({ deployId: again.deployId }, 202);
  })
  .openapi(listRoute, (context) =>
    listRuns(context, context.req.valid("param").id, context.req.valid("query")),
  )
  .openapi(runsRoute, (context) =>
    listRuns(context, context.req.valid("param").id, context.req.valid("query")),
  );

deploys.openAPIRegistry.registerPath(deployCapsuleRoute);
deploys.openAPIRegistry.registerPath(logsRoute);

// Two bodies by media type: the framework would validate only one of them.
deploys.post("/api/deploy/capsule", async (context) => {
  const query = deployCapsuleRoute.request.query.safeParse(context.req.query());
  if (!query.success) throw invalidFields(query.error);
  const isJson = (context.req.header("content-type") ?? "").includes("json");
  const body = isJson ? deployCapsuleSchema.safeParse(await readJson(context)) : null;
  if (body?.success === false) throw invalidFields(body.error);
  const projectRef = query.data.projectId ?? context.get("actor").projectId;
  if (projectRef === null) {
    throw new AppError(
      "validation",
      "This route works in the token's project, and the token is for all: add ?projectId=….",
      {
        errors: [{ path: "projectId", message: "is required with a token for all projects" }],
      },
    );
  }
  const env = body?.data.env ?? query.data.env;
  if (env === undefined)
    throw new AppError("validation", "Say where to: ?env=dev or ?env=staging.", {
      errors: [{ path: "env", message: "is required" }],
    });
  const project = await resolveProject(context, projectRef, "deploys:write");
  const capsuleDigest = body?.data.capsuleHash ?? (await uploadForDeploy(context, projectRef));
  const run = await startDeploy(context, project, { capsuleDigest, env, override: null });
  const url = environmentUrl(context, project.row.label, env);
  return context.json({ ok: true, env, deployId: run.deployId, url }, 202);
});

deploys.get("/api/deploys/:id/logs", async (context) => {
  const query = logsRoute.request.query.safeParse(context.req.query());
  if (!query.success) throw invalidFields(query.error);
  const { waitMs } = query.data;
  const resumed = Number(context.req.header("last-event-id") ?? query.data.since);
  const { project, run } = await findRun(context, context.req.param("id"), "deploys:read");
  if ((context.req.header("accept") ?? "").includes("text/event-stream")) {
    return streamRunLog(context, project, run.deployId, Number.isFinite(resumed) ? resumed : 0);
  }
  const followed = await project.object.followRun(run.deployId, query.data.since, MAX_LOG_PAGE, waitMs);
  const items = [...(followed?.log ?? [])];
  const nextSince = items.at(-1)?.seq ?? query.data.since;
  const { status, phase } = followed?.run ?? run;
  return context.json({ items, nextSince, status, phase }, 200);
});

async function uploadForDeploy(context: Context<ApiEnv>, projectRef: string): Promise<string> {
  const project = await resolveProject(context, projectRef, "capsules:write");
  const body = context.req.raw.body;
  if (body === null)
    throw new AppError("validation", "Send {capsuleHash, env} as JSON, or the .caps as the body.");
  const { facts } = await acceptUpload(context, project, body, DEFAULT_BRANCH);
  return digestSchema.parse(facts.digest);
}

async function findRun(context: Context<ApiEnv>, deployId: string, scope: "deploys:read" | "deploys:write") {
  const missing = new AppError("not-found", `There is no deploy ${deployId} here.`);
  const projectId = await findDeployProject(context.env.DB, context.get("actor"), deployId);
  if (projectId === null) throw missing;
  const project = await resolveProject(context, projectId, scope);
  const followed = await project.object.followRun(deployId, 0, MAX_LOG_PAGE, 0);
  if (followed === null) throw missing;
  return { project, run: followed.run, log: [...followed.log] };
}

async function listRuns(
  context: Context<ApiEnv>,
  id: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
) {
  const project = await resolveProject(context, id, "deploys:read");
  const rows = await project.object.listRuns(limit + 1, cursor === undefined ? null : Number(cursor));
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const items = page.map(({ run }) => describeRun(context, project, run));
  return context.json({ items, nextCursor: last === undefined ? null : String(last.ordinal) }, 200);
}

function describeRun(context: Context<ApiEnv>, project: ResolvedProject, run: DeployRun) {
  const {
    deployId,
    capsuleDigest,
    environment,
    status,
    phase,
    startedAt,
    finishedAt,
    artifactDigest,
    failure,
  } = run;
  return {
    deployId,
    projectId: project.row.id,
    capsuleDigest,
    env: environment,
    status,
    phase,
    startedAt,
    finishedAt,
    artifactDigest,
    failure: failure === null ? null : { ...failure },
    url: environmentUrl(context, project.row.label, environment),
  };
}

function streamRunLog(
  context: Context<ApiEnv>,
  project: ResolvedProject,
  deployId: string,
  since: number,
): Response {
  return streamSSE(context, async (stream) => {
    let from = since;
    while (!stream.aborted) {
      const followed = await project.object.followRun(deployId, from, MAX_LOG_PAGE, FOLLOW_WAIT_MS);
      // Whoever lost the right while waiting is sent nothing more.
      const { projectId } = project.owner;
      if (!(await isStillAllowed(context.env, context.get("actor"), projectId, "deploys:read"))) return;
      if (followed === null) return;
      for (const line of followed.log)
        await stream.writeSSE({ id: String(line.seq), data: JSON.stringify(line) });
      from = followed.log.at(-1)?.seq ?? from;
      if (isEnded(followed.run) && followed.log.length === 0) {
        const { status, phase, failure } = followed.run;
        await stream.writeSSE({ data: JSON.stringify({ status, phase, failure }) });
        return;
      }
    }
  });
}

async function readJson(context: Context<ApiEnv>): Promise<unknown> {
  try {
    return await context.req.json();
  } catch {
    throw new AppError(
      "malformed-json",
      "The body is not valid JSON; check its quotes, commas and encoding.",
    );
  }
}
