// The chain of trust of a project over HTTP (API.md): from capsules to what is live, every edge checked as it is asked for.
import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import { readCapsuleLinks, readStoredStatement } from "../../adapters/capsules/read-provenance.ts";
import { listCapsules, listStatements } from "../../adapters/database/capsules.ts";
import { listSimulations } from "../../adapters/database/simulations.ts";
import { buildProvenance, type ProvenanceInput } from "../../core/provenance/build-provenance.ts";
import type { EventPage } from "../../durable-objects/project/project-object.ts";
import { projectRefSchema } from "../../schemas/api/common.ts";
import { ENVIRONMENTS, environmentSchema } from "../../schemas/environment.ts";
import type { TimelineEvent } from "../../schemas/event.ts";
import { gateDecisionSchema } from "../../schemas/gate.ts";
import { provenanceSchema } from "../../schemas/provenance.ts";
import { type ApiEnv, createApi } from "./api-app.ts";
import { type ResolvedProject, resolveProject } from "./resolve-project.ts";
import { json, NEEDS_TOKEN, problems } from "./responses.ts";

/** The newest of each; what lies before is said to be left out. */
const MAX_CAPSULES = 50;
const MAX_SIMULATIONS = 100;
const MAX_EVENTS = 200;
/** Of all capsules together: each is read and hashed. */
const MAX_STATEMENTS = 500;

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** What an event of an activation says, as far as it is asked here. */
const activatedSchema = z.object({
  env: environmentSchema,
  revision: z.int(),
  capsuleDigest: digest,
  artifactDigest: digest,
  statement: z.string().nullable().catch(null),
  // With the digest of its signed summary beside it, which is not asked here.
  gate: z.object(gateDecisionSchema.shape).nullable().catch(null),
});
const decidedSchema = z.object({ env: z.enum(ENVIRONMENTS), ...gateDecisionSchema.shape });

const provenanceRoute = createRoute({
  method: "get",
  path: "/api/projects/{id}/provenance",
  operationId: "getProvenance",
  tags: ["Projects"],
  summary:
    "The chain of trust as nodes and edges, each edge with the digest that was checked and whether it holds",
  security: NEEDS_TOKEN,
  request: { params: z.object({ id: projectRefSchema }) },
  responses: { 200: json(provenanceSchema, "The graph"), ...problems() },
});

export const provenance = createApi().openapi(provenanceRoute, async (context) => {
  const project = await resolveProject(context, context.req.valid("param").id, "projects:read");
  return context.json(buildProvenance(await gather(context, project)), 200);
});

async function gather(context: Context<ApiEnv>, project: ResolvedProject): Promise<ProvenanceInput> {
  const { env } = context;
  const { object, owner } = project;
  const page = { limit: MAX_CAPSULES, before: null, search: "" };
  const [rows, simulations, activated, decided, { environments }] = await Promise.all([
    listCapsules(env.DB, owner, page),
    listSimulations(env.DB, context.get("actor"), owner.projectId, { limit: MAX_SIMULATIONS, before: null }),
    eventsOf(object, "environment.activated"),
    eventsOf(object, "gate.decided"),
    object.facts(),
  ]);
  const listed = (await Promise.all(rows.map(({ digest }) => listStatements(env.DB, owner, digest)))).flat();
  const statements = listed.slice(0, MAX_STATEMENTS);
  const isPartial =
    rows.length === MAX_CAPSULES ||
    simulations.length === MAX_SIMULATIONS ||
    activated.length === MAX_EVENTS ||
    decided.length === MAX_EVENTS ||
    listed.length > statements.length;
  return {
    projectId: owner.projectId,
    capsules: await Promise.all(rows.map((row) => readCapsuleLinks(env.BLOBS, row))),
    statements: await Promise.all(statements.map((row) => readStoredStatement(env.BLOBS, row))),
    simulations,
    deploys: activated.flatMap(({ seq, data }) => {
      const parsed = activatedSchema.safeParse(data);
      return parsed.success ? [{ seq, ...parsed.data }] : [];
    }),
    refusals: decided.flatMap(({ seq, data }) => {
      const parsed = decidedSchema.safeParse(data);
      if (!parsed.success || parsed.data.isAllowed) return [];
      const { env: environment, ...decision } = parsed.data;
      return [{ seq, env: environment, decision }];
    }),
    live: environments.flatMap(({ name, revision, live }) =>
      live === null
        ? []
        : [{ env: name, revision, capsuleDigest: live.capsuleDigest, artifactDigest: live.artifactDigest }],
    ),
    isPartial,
  };
}

/** The newest events of a type, oldest first. */
async function eventsOf(object: ResolvedProject["object"], type: string): Promise<TimelineEvent[]> {
  const page: EventPage = await object.events({ since: 0, limit: MAX_EVENTS, type, isDescending: true });
  return [...page.events].reverse();
}
