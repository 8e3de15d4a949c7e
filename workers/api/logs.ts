// What a hosted app wrote and where it failed, for its owner.
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { projectRefSchema } from "../../schemas/api/common.ts";
import { appLogPageSchema } from "../../schemas/api/deploys.ts";
import { environmentSchema } from "../../schemas/environment.ts";
import { createApi } from "./api-app.ts";
import { resolveProject } from "./resolve-project.ts";
import { json, NEEDS_TOKEN, problems } from "./responses.ts";

const MAX_LINES = 1_000;
const MAX_WAIT_MS = 20_000;

const logsRoute = createRoute({
  method: "get",
  path: "/api/projects/{id}/environments/{env}/logs",
  operationId: "getAppLog",
  tags: ["Logs"],
  summary: "Lines and failures of the hosted app; the newest, or those after `since`",
  description:
    "With `waitMs` it waits for a first line when there is none yet. `requestId` finds one visitor's failure.",
  security: NEEDS_TOKEN,
  request: {
    params: z.object({ id: projectRefSchema, env: environmentSchema }),
    query: z.object({
      since: z.coerce.number().int().min(0).optional(),
      limit: z.coerce.number().int().min(1).max(MAX_LINES).default(100),
      waitMs: z.coerce.number().int().min(0).max(MAX_WAIT_MS).default(0),
      requestId: z.string().max(64).optional(),
    }),
  },
  responses: { 200: json(appLogPageSchema, "Lines, oldest first"), ...problems() },
});

export const logs = createApi().openapi(logsRoute, async (context) => {
  const { id, env } = context.req.valid("param");
  const { row } = await resolveProject(context, id, "logs:read");
  const { since, limit, waitMs, requestId } = context.req.valid("query");
  const log = context.env.APP_LOGS.getByName(`${row.id}/${env}`);
  const page = await log.read({
    limit,
    waitMs,
    ...(since === undefined ? {} : { since }),
    ...(requestId === undefined ? {} : { requestId }),
  });
  return context.json({ items: page.items.map((line) => ({ ...line })), nextSince: page.nextSince }, 200);
});
