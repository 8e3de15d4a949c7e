// Moments of a project that are pinned and named: seen by all of its members, live on the timeline.
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { pageSchema, projectRefSchema } from "../../schemas/api/common.ts";
import { pinSchema, putPinSchema } from "../../schemas/api/pins.ts";
import { createApi } from "./api-app.ts";
import { orThrow, resolveProject } from "./resolve-project.ts";
import { json, jsonBody, NEEDS_TOKEN, problems } from "./responses.ts";

const tags = ["Timeline"];
const params = z.object({ id: projectRefSchema });
const pinParams = params.extend({ seq: z.coerce.number().int().min(1) });

const listRoute = createRoute({
  method: "get",
  path: "/api/projects/{id}/pins",
  operationId: "listPins",
  tags,
  summary: "Pinned moments, the oldest first",
  security: NEEDS_TOKEN,
  request: { params },
  responses: { 200: json(pageSchema(pinSchema), "At most 500, in one page"), ...problems() },
});

const putRoute = createRoute({
  method: "put",
  path: "/api/projects/{id}/pins/{seq}",
  operationId: "putPin",
  tags,
  summary: "Pin the moment after an event, or name a pinned one anew",
  description: "The same name again changes nothing. `moment.pinned` stands on every open timeline.",
  security: NEEDS_TOKEN,
  request: { params: pinParams, body: jsonBody(putPinSchema) },
  responses: { 200: json(pinSchema, "Pinned"), ...problems("conflict") },
});

const removeRoute = createRoute({
  method: "delete",
  path: "/api/projects/{id}/pins/{seq}",
  operationId: "removePin",
  tags,
  summary: "Unpin a moment; the moment itself stays",
  security: NEEDS_TOKEN,
  request: { params: pinParams },
  responses: { 204: { description: "Unpinned" }, ...problems() },
});

export const pins = createApi()
  .openapi(listRoute, async (context) => {
    const { object } = await resolveProject(context, context.req.valid("param").id, "projects:read");
    return context.json({ items: [...(await object.listPins())], nextCursor: null }, 200);
  })
  .openapi(putRoute, async (context) => {
    const { id, seq } = context.req.valid("param");
    const { object } = await resolveProject(context, id, "capsules:write");
    const { name } = context.req.valid("json");
    const pin = orThrow(await object.putPin(seq, name, context.get("actor").ref));
    return context.json(pin, 200);
  })
  .openapi(removeRoute, async (context) => {
    const { id, seq } = context.req.valid("param");
    const { object } = await resolveProject(context, id, "capsules:write");
    orThrow(await object.removePin(seq, context.get("actor").ref));
    return context.body(null, 204);
  });
