// The timeline as pages, server-sent events and WebSocket, and the check of its chain.
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { Actor } from "../../adapters/database/actor.ts";
import type { WatcherLogin } from "../../adapters/database/watchers.ts";
import type { EventPage } from "../../durable-objects/project/project-object.ts";
import { WATCHER_HEADER } from "../../durable-objects/project/watcher-access.ts";
import { projectRefSchema } from "../../schemas/api/common.ts";
import { timelinePageSchema, timelineVerificationSchema } from "../../schemas/api/history.ts";
import { CLOSE_NOT_ALLOWED, CLOSE_SIGN_IN_AGAIN } from "../../schemas/close-codes.ts";
import { EVENT_SOURCES } from "../../schemas/event-types.ts";
import type { ProblemCode } from "../../schemas/problem.ts";
import { authenticate } from "../identity/authenticate.ts";
import { createApi } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { requireCallerQuota } from "./rate-limits.ts";
import { resolveProject } from "./resolve-project.ts";
import { json, NEEDS_TOKEN, problems } from "./responses.ts";
import { refuseSource, sourceOf } from "./same-origin.ts";

const tags = ["Timeline"];
const params = z.object({ id: projectRefSchema });
const MAX_PAGE_EVENTS = 500;
/** RFC 6455's registry: the server asks to come back later. */
const CLOSE_TRY_LATER = 1013;

const pageRoute = createRoute({
  method: "get",
  path: "/api/projects/{id}/timeline",
  operationId: "listEvents",
  tags,
  summary: "Events after `since`, in order",
  security: NEEDS_TOKEN,
  request: {
    params,
    query: z.object({
      since: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(MAX_PAGE_EVENTS).default(100),
      cursor: z.coerce.number().int().min(0).optional(),
      type: z.string().max(64).optional(),
      source: z.enum(EVENT_SOURCES).optional(),
      q: z.string().max(200).optional(),
      order: z.enum(["asc", "desc"]).default("asc"),
    }),
  },
  responses: { 200: json(timelinePageSchema, "A page"), ...problems() },
});

const verifyRoute = createRoute({
  method: "get",
  path: "/api/projects/{id}/timeline/verify",
  operationId: "verifyTimeline",
  tags,
  summary: "Walk the whole hash chain and say where it first breaks, if it does",
  security: NEEDS_TOKEN,
  request: { params },
  responses: { 200: json(timelineVerificationSchema, "What the walk found"), ...problems() },
});

const streamRoute = createRoute({
  method: "get",
  path: "/api/projects/{id}/timeline/stream",
  operationId: "streamEvents",
  tags,
  summary: "The same log as server-sent events; `Last-Event-ID` resumes",
  security: NEEDS_TOKEN,
  request: {
    params,
    query: z.object({ since: z.coerce.number().int().min(0).default(0) }),
    headers: z.object({ "last-event-id": z.coerce.number().int().min(0).optional() }),
  },
  responses: {
    200: {
      description: "Events, for as long as you listen",
      content: { "text/event-stream": { schema: z.string() } },
    },
    ...problems(),
  },
});

const liveRoute = createRoute({
  method: "get",
  path: "/api/projects/{id}/timeline/live",
  operationId: "watchEvents",
  tags,
  summary: "The live timeline over a WebSocket",
  description:
    'Send `{type: "resume", since, epoch}`; you are sent `hello`, then `events` (or `behind`). Acknowledge with `{type: "ack", seq}` every 32 events or each second. Close codes: 4401 sign in again, 4403 not allowed.',
  security: NEEDS_TOKEN,
  request: { params },
  responses: { 101: { description: "Switching to the WebSocket protocol" }, ...problems() },
});

export const timeline = createApi();

// A browser cannot read the status of a refused upgrade, so the refusal is told inside the socket.
timeline.use("/api/projects/:id/timeline/live", async (context, next) => {
  if (context.req.header("upgrade")?.toLowerCase() !== "websocket") return await next();
  const foreign = refuseSource(sourceOf(context.req.raw));
  if (foreign !== null) throw new AppError("forbidden", foreign);
  try {
    await authenticate(context, async () => undefined);
    await requireCallerQuota(context);
    await resolveProject(context, context.req.param("id"), "projects:read");
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return refuseSocket(closeCodeOf(error.code), error.message);
  }
  return await next();
});

timeline
  .openapi(pageRoute, async (context) => {
    const { object } = await resolveProject(context, context.req.valid("param").id, "projects:read");
    const { since, limit, cursor, type, source, q, order } = context.req.valid("query");
    const isDescending = order === "desc";
    const from = cursor ?? since;
    const page: EventPage = await object.events({
      since: from,
      limit,
      type,
      source,
      search: q,
      isDescending,
    });
    if (from > page.lastSeq) {
      throw new AppError("validation", `since is ${from}, but the newest event is ${page.lastSeq}.`, {
        errors: [{ path: "since", message: `must not be above ${page.lastSeq}` }],
      });
    }
    const last = page.events.at(-1);
    const hasMore =
      last !== undefined &&
      page.events.length === limit &&
      (isDescending ? last.seq > 1 : last.seq < page.lastSeq);
    const nextCursor = hasMore ? String(last.seq) : null;
    return context.json(
      { items: [...page.events], nextCursor, lastSeq: page.lastSeq, epoch: page.epoch },
      200,
    );
  })
  .openapi(verifyRoute, async (context) => {
    const { object } = await resolveProject(context, context.req.valid("param").id, "projects:read");
    const { checked, lastHash, firstBreak } = await object.verifyTimeline();
    return context.json({ isIntact: firstBreak === null, checked, lastHash, firstBreak }, 200);
  })
  .openapi(streamRoute, async (context) => {
    const { object } = await resolveProject(context, context.req.valid("param").id, "projects:read");
    const since = context.req.valid("header")["last-event-id"] ?? context.req.valid("query").since;
    const { lastSeq } = await object.facts();
    if (since > lastSeq) {
      throw new AppError("validation", `since is ${since}, but the newest event is ${lastSeq}.`);
    }
    const response = await object.fetch(`http://project/stream?since=${since}`, {
      headers: tellWatcher(context.get("actor")),
      signal: context.req.raw.signal,
    });
    if (response.status === 403) throw new AppError("forbidden", "You may no longer read this project.");
    if (!response.ok) throw new AppError("unavailable", "Your rights could not be read; try again.");
    return new Response(response.body, {
      headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" },
    });
  })
  .openapi(liveRoute, async (context) => {
    const { object } = await resolveProject(context, context.req.valid("param").id, "projects:read");
    if (context.req.header("upgrade")?.toLowerCase() !== "websocket") {
      throw new AppError(
        "validation",
        "This route speaks WebSocket: send Upgrade: websocket, or read /timeline/stream.",
      );
    }
    // A clean request: nothing that the caller put into the address reaches the room.
    const headers = { upgrade: "websocket", ...tellWatcher(context.get("actor")) };
    return await object.fetch("http://project/live", { headers });
  });

/** Who watches, so that the room can end it when that login may no longer. */
function tellWatcher({ login: { kind, id } }: Actor): Record<string, string> {
  const login: WatcherLogin = { kind, id };
  return { [WATCHER_HEADER]: JSON.stringify(login) };
}

function closeCodeOf(code: ProblemCode): number {
  if (code === "unauthenticated") return CLOSE_SIGN_IN_AGAIN;
  return code === "too-many-requests" ? CLOSE_TRY_LATER : CLOSE_NOT_ALLOWED;
}

function refuseSocket(code: number, reason: string): Response {
  const [client, server] = Object.values(new WebSocketPair());
  if (client === undefined || server === undefined) throw new Error("a WebSocketPair has two ends");
  server.accept();
  server.close(code, reason.slice(0, 120));
  return new Response(null, { status: 101, webSocket: client });
}
