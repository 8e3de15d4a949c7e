// Simulations over HTTP (MESH.md): start, watch, read, replay, cancel, record, and what an environment's gate asks for.
import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import { findSimulation, listSimulations, type SimulationRow } from "../../adapters/database/simulations.ts";
import { readSealedResult } from "../../adapters/mesh/sealed-result.ts";
import { SIMULATOR_VERSION } from "../../core/mesh/mesh-limits.ts";
import { isRehearsalEnded } from "../../core/mesh/rehearsal.ts";
import { pageQuerySchema, pageSchema, projectRefSchema } from "../../schemas/api/common.ts";
import {
  recordedSimulationSchema,
  recordSimulationSchema,
  simulationEventsQuerySchema,
  simulationParamsSchema,
  simulationProgressSchema,
  simulationResultSchema,
  simulationStartedSchema,
  simulationSummarySchema,
  startSimulationSchema,
} from "../../schemas/api/simulations.ts";
import type { MeshSimResult } from "../../schemas/mesh-result.ts";
import type { Scope } from "../../schemas/permissions.ts";
import { requirePermission } from "../identity/authenticate.ts";
import { type ApiEnv, createApi } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { compareWithLive } from "./compare-simulation.ts";
import { recordSimulation } from "./record-simulation.ts";
import { type ResolvedProject, resolveProject } from "./resolve-project.ts";
import { CREATING, idempotencyHeaders, json, jsonBody, NEEDS_TOKEN, problems } from "./responses.ts";
import { startSimulation } from "./start-simulation.ts";

const tags = ["Simulations"];
const started = { 202: json(simulationStartedSchema, "Started") };

const startRoute = createRoute({
  method: "post",
  path: "/api/mesh-sim/start",
  operationId: "startSimulation",
  tags,
  summary: "Rehearse a capsule on a mesh of nodes",
  description:
    "With `params` (MESH.md §2) an exploration; with `kind: gate` and `env` what that environment's gate asks for. The result is sealed when it ends.",
  security: NEEDS_TOKEN,
  request: { headers: idempotencyHeaders, body: jsonBody(startSimulationSchema) },
  responses: {
    ...started,
    ...problems(
      "capsule-invalid",
      "app-invalid",
      "secrets-missing",
      "not-simulable",
      "too-many-simulations",
      ...CREATING,
    ),
  },
});

const eventsRoute = createRoute({
  method: "get",
  path: "/api/mesh-sim/events",
  operationId: "watchSimulation",
  tags,
  summary: "What happens on the nodes, as server-sent events; `Last-Event-ID` resumes",
  description:
    "Unnamed messages `{nodeId, phase, status, details}`. What real nodes do comes as it happens; then the first seed's run, at its pace. Once all is told the stream closes, and asking again answers 204.",
  security: NEEDS_TOKEN,
  request: {
    query: simulationEventsQuerySchema,
    headers: z.object({ "last-event-id": z.coerce.number().int().min(0).optional() }),
  },
  responses: {
    200: {
      description: "Events until the end",
      content: { "text/event-stream": { schema: z.string() } },
    },
    204: { description: "Everything has been told" },
    ...problems("unavailable"),
  },
});

const resultRoute = createRoute({
  method: "get",
  path: "/api/mesh-sim/result/{simId}",
  operationId: "getSimulationResult",
  tags,
  summary: "The sealed result; while there is none, how far it is",
  security: NEEDS_TOKEN,
  request: { params: simulationParamsSchema },
  responses: {
    200: json(
      z.union([simulationResultSchema, simulationProgressSchema]),
      "The result, or why there is none",
    ),
    202: json(simulationProgressSchema, "Under way"),
    ...problems(),
  },
});

const replayRoute = createRoute({
  method: "post",
  path: "/api/mesh-sim/{simId}/replay",
  operationId: "replaySimulation",
  tags,
  summary: "Simulate again from the stored parameters, seeds and observations; never evidence",
  security: NEEDS_TOKEN,
  request: { headers: idempotencyHeaders, params: simulationParamsSchema },
  responses: {
    ...started,
    ...problems(
      "conflict",
      "capsule-invalid",
      "app-invalid",
      "unprocessable",
      "too-many-simulations",
      ...CREATING,
    ),
  },
});

const cancelRoute = createRoute({
  method: "post",
  path: "/api/mesh-sim/{simId}/cancel",
  operationId: "cancelSimulation",
  tags,
  summary: "Ask a simulation to stop",
  security: NEEDS_TOKEN,
  request: { params: simulationParamsSchema },
  responses: { 202: json(simulationProgressSchema, "Asked"), ...problems("conflict") },
});

const recordRoute = createRoute({
  method: "post",
  path: "/api/mesh-sim/record",
  operationId: "recordSimulation",
  tags,
  summary: "Take in a result that was made elsewhere, after running it again",
  security: NEEDS_TOKEN,
  request: { headers: idempotencyHeaders, body: jsonBody(recordSimulationSchema) },
  responses: {
    201: json(recordedSimulationSchema, "Sealed"),
    ...problems("conflict", "unprocessable", ...CREATING),
  },
});

const listRoute = createRoute({
  method: "get",
  path: "/api/projects/{id}/simulations",
  operationId: "listSimulations",
  tags,
  summary: "A project's simulations, newest first",
  security: NEEDS_TOKEN,
  request: { params: z.object({ id: projectRefSchema }), query: pageQuerySchema },
  responses: { 200: json(pageSchema(simulationSummarySchema), "A page"), ...problems() },
});

export const simulations = createApi()
  .openapi(startRoute, async (context) => {
    const body = context.req.valid("json");
    const project = await resolveProject(context, body.projectId, "simulations:write");
    return context.json(await startSimulation(context, project, body), 202);
  })
  .openapi(eventsRoute, async (context) => {
    const { simId, pace } = context.req.valid("query");
    const { row } = await resolveSimulation(context, simId, "simulations:read");
    const since = context.req.valid("header")["last-event-id"] ?? 0;
    return await openEvents(context, row, since, pace);
  })
  .openapi(resultRoute, async (context) => {
    const { simId } = context.req.valid("param");
    const { row, project } = await resolveSimulation(context, simId, "simulations:read");
    if (row.envelopeSha256 !== null && row.eventSeq !== null && row.endedAt !== null) {
      const { envelopeSha256, eventSeq, endedAt: receivedAt, replayOf } = row;
      const result = await readResult(context, row);
      const comparison = await compareWithLive(context.env.BLOBS, project.object, result);
      const sealed = { projectId: row.projectId, replayOf, envelopeSha256, eventSeq, receivedAt, comparison };
      return context.json({ ...result, status: "done" as const, phase: "sealed" as const, ...sealed }, 200);
    }
    const progress = await describeProgress(context, row);
    const isUnderWay = progress.status === "queued" || progress.status === "running";
    return context.json(progress, isUnderWay ? 202 : 200);
  })
  .openapi(replayRoute, async (context) => {
    const { simId } = context.req.valid("param");
    const { row, project } = await resolveSimulation(context, simId, "simulations:write");
    const { params, observations, measured, simulatorVersion } = await requireResult(context, row);
    if (simulatorVersion !== SIMULATOR_VERSION) {
      const detail = `It was made by the simulator ${simulatorVersion}; this platform runs ${SIMULATOR_VERSION}, whose traces are others. Start it anew with its parameters.`;
      throw new AppError("unprocessable", detail);
    }
    const replay = await startSimulation(context, project, {
      kind: "replay",
      capsuleHash: row.capsuleDigest,
      replayOf: simId,
      params,
      observed: { observations, measured },
    });
    return context.json(replay, 202);
  })
  .openapi(cancelRoute, async (context) => {
    const { simId } = context.req.valid("param");
    const { row } = await resolveSimulation(context, simId, "simulations:write");
    const before = await context.env.MESH_SIMULATIONS.getByName(simId).facts();
    if (row.status !== "running" || before === null || isRehearsalEnded(before.rehearsal)) {
      throw new AppError("conflict", "The simulation has ended; what is sealed stays.");
    }
    await context.env.MESH_SIMULATIONS.getByName(simId).cancel();
    return context.json(await describeProgress(context, row), 202);
  })
  .openapi(recordRoute, async (context) => {
    const { projectId, envelope } = context.req.valid("json");
    const project = await resolveProject(context, projectId, "simulations:write");
    const { result, sealed } = await recordSimulation(context, project, envelope);
    const { simId, outcome } = result;
    const { envelopeSha256, seq: eventSeq } = sealed;
    return context.json({ simId, observedBy: "external" as const, outcome, envelopeSha256, eventSeq }, 201);
  })
  .openapi(listRoute, async (context) => {
    const project = await resolveProject(context, context.req.valid("param").id, "simulations:read");
    const { limit, cursor } = context.req.valid("query");
    const before = cursor === undefined ? null : Number(cursor);
    const page = { limit: limit + 1, before };
    const rows = await listSimulations(context.env.DB, context.get("actor"), project.row.id, page);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return context.json(
      { items: shown.map(summarise), nextCursor: last === undefined ? null : String(last.ordinal) },
      200,
    );
  });

/** A simulation of the caller's organization with its project; another's is not there (404). */
export async function resolveSimulation(
  context: Context<ApiEnv>,
  simId: string,
  scope: Scope,
): Promise<{ readonly row: SimulationRow; readonly project: ResolvedProject }> {
  // Who may not ask is told that, whether or not there is such a simulation.
  requirePermission(context.get("actor"), scope);
  const row = await findSimulation(context.env.DB, context.get("actor"), simId);
  if (row === null) {
    throw new AppError("not-found", `There is no simulation ${simId} here; see a project's list of them.`);
  }
  return { row, project: await resolveProject(context, row.projectId, scope) };
}

async function openEvents(
  context: Context<ApiEnv>,
  row: SimulationRow,
  since: number,
  asked: number | undefined,
): Promise<Response> {
  const simulation = context.env.MESH_SIMULATIONS.getByName(row.simId);
  // What was made elsewhere has no stream; nor has what was never started.
  const facts = row.observedBy === "external" ? null : await simulation.facts();
  if (facts === null || (facts.isTold && since >= facts.lastEventId)) {
    return new Response(null, { status: 204 });
  }
  const pace = asked ?? facts.pace;
  const response = await simulation.fetch(`http://simulation/events?since=${since}&pace=${pace}`, {
    signal: context.req.raw.signal,
  });
  if (response.status === 503) {
    throw new AppError("unavailable", "Too many watch this simulation already; try again in a minute.");
  }
  return new Response(response.body, {
    headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" },
  });
}

async function describeProgress({ env }: Context<ApiEnv>, row: SimulationRow) {
  const { simId } = row;
  const facts = await env.MESH_SIMULATIONS.getByName(simId).facts();
  // Its place was taken, and it was never started: the platform was stopped in between.
  if (facts === null) {
    const failure = { code: "never-started", message: "the platform was stopped before it began" };
    return {
      simId,
      status: "error" as const,
      phase: "queued",
      doneCount: 0,
      seedCount: 0,
      failure,
      result: null,
    };
  }
  const { status, phase, doneCount, failure } = facts.rehearsal;
  // Sealed a moment ago; the row of it is on its way.
  const shown = status === "done" ? "running" : status;
  const told = failure === null ? null : { ...failure };
  return { simId, status: shown, phase, doneCount, seedCount: facts.seedCount, failure: told, result: null };
}

async function requireResult(context: Context<ApiEnv>, row: SimulationRow): Promise<MeshSimResult> {
  if (row.envelopeSha256 !== null) return await readResult(context, row);
  throw new AppError("conflict", "There is no sealed result: it is under way, or it ended without one.");
}

async function readResult({ env }: Context<ApiEnv>, row: SimulationRow): Promise<MeshSimResult> {
  const sealed = await readSealedResult(env.BLOBS, row.envelopeSha256 ?? "");
  if (sealed === null) throw new Error(`the sealed result of ${row.simId} is missing`);
  return sealed;
}

/** What is long past its time was lost together with whoever should have told how it ended. */
function summarise(row: SimulationRow): z.infer<typeof simulationSummarySchema> {
  const { simId, projectId, capsuleDigest, kind, environment, replayOf, observedBy, outcome } = row;
  const { nodeCount, seedCount, startedAt, endedAt, envelopeSha256, eventSeq } = row;
  const isLost = row.status === "running" && row.activeUntil < Date.now();
  const status = isLost ? "error" : row.status;
  const failure = isLost ? "lost: nobody told how it ended" : row.failure;
  const ends = { startedAt, endedAt, envelopeSha256, eventSeq };
  const what = { simId, projectId, capsuleHash: capsuleDigest, kind, env: environment, replayOf, observedBy };
  return { ...what, status, outcome, failure, nodeCount, seedCount, ...ends };
}
