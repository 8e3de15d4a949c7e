// Where a person is signed in, and how that ends.
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { Actor, Login } from "../../adapters/database/actor.ts";
import { endAllSessions, endSession, listSessions } from "../../adapters/database/sessions.ts";
import { pageSchema } from "../../schemas/api/common.ts";
import { endedSessionsSchema, sessionSchema } from "../../schemas/api/sessions.ts";
import { recheckEverywhere } from "../identity/recheck-watchers.ts";
import { createApi } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { json, NEEDS_TOKEN, problems } from "./responses.ts";

const tags = ["Sessions"];
const CURRENT = "current";

const listRoute = createRoute({
  method: "get",
  path: "/api/sessions",
  operationId: "listSessions",
  tags,
  summary: "Where you are signed in: browsers, and devices by `oursynth login`",
  security: NEEDS_TOKEN,
  responses: { 200: json(pageSchema(sessionSchema), "Your sessions"), ...problems() },
});

const endRoute = createRoute({
  method: "delete",
  path: "/api/sessions/{id}",
  operationId: "endSession",
  tags,
  summary: "Sign one of them out; `current` is the one that asks",
  security: NEEDS_TOKEN,
  request: { params: z.object({ id: z.string().max(64) }) },
  responses: { 204: { description: "Signed out" }, ...problems() },
});

const endAllRoute = createRoute({
  method: "delete",
  path: "/api/sessions",
  operationId: "endAllSessions",
  tags,
  summary: "Sign out everywhere, here too",
  security: NEEDS_TOKEN,
  responses: { 200: json(endedSessionsSchema, "Signed out"), ...problems() },
});

export const sessions = createApi()
  .openapi(listRoute, async (context) => {
    const { userId, login } = requirePerson(context.get("actor"));
    const found = await listSessions(context.env.DB, userId, Date.now());
    const items = found.map((session) => ({ ...session, isCurrent: session.sessionId === login.id }));
    return context.json({ items, nextCursor: null }, 200);
  })
  .openapi(endRoute, async (context) => {
    const { userId, login } = requirePerson(context.get("actor"));
    const { id } = context.req.valid("param");
    if (!(await endSession(context.env.DB, userId, id === CURRENT ? login.id : id))) {
      throw new AppError("not-found", `You have no session ${id}.`);
    }
    await recheckEverywhere(context.env, context.executionCtx, context.get("actor"));
    return context.body(null, 204);
  })
  .openapi(endAllRoute, async (context) => {
    const { userId } = requirePerson(context.get("actor"));
    const ended = await endAllSessions(context.env.DB, userId);
    await recheckEverywhere(context.env, context.executionCtx, context.get("actor"));
    return context.json({ ended }, 200);
  });

/** A token that leaked must not tell where its person is, nor sign them out. */
function requirePerson({ userId, login }: Actor): { readonly userId: string; readonly login: Login } {
  if (login.kind !== "token") return { userId, login };
  throw new AppError("forbidden", "A token has no session: sign in, or use oursynth login.");
}
