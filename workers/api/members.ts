// Members of an organization: list, change a role, remove, leave.
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { Actor } from "../../adapters/database/actor.ts";
import { listMembers, type Member } from "../../adapters/database/members.ts";
import { pageQuerySchema, pageSchema } from "../../schemas/api/common.ts";
import {
  changeRoleSchema,
  type MemberAnswer,
  memberSchema,
  organizationRefSchema,
} from "../../schemas/api/organizations.ts";
import { requireFreshSignIn } from "../identity/fresh-sign-in.ts";
import { createApi } from "./api-app.ts";
import { changeRole, takeOut } from "./change-members.ts";
import { requirePerson, resolveOrganization } from "./resolve-organization.ts";
import { json, jsonBody, NEEDS_TOKEN, problems } from "./responses.ts";

const tags = ["Organizations"];
const memberParams = z.object({ id: organizationRefSchema, userId: z.string().min(1).max(64) });

const listRoute = createRoute({
  method: "get",
  path: "/api/organizations/{id}/members",
  operationId: "listMembers",
  tags,
  summary: "Members in the order of joining, with their roles",
  security: NEEDS_TOKEN,
  request: { params: z.object({ id: organizationRefSchema }), query: pageQuerySchema },
  responses: { 200: json(pageSchema(memberSchema), "A page"), ...problems() },
});

const updateRoute = createRoute({
  method: "patch",
  path: "/api/organizations/{id}/members/{userId}",
  operationId: "changeRole",
  tags,
  summary:
    "Give a member another role: none above your own, and never leaving the organization without an owner",
  description:
    "It holds at once for requests, tokens and sessions; open sockets and streams of a member who may no longer read are closed (4403).",
  security: NEEDS_TOKEN,
  request: { params: memberParams, body: jsonBody(changeRoleSchema) },
  responses: { 200: json(memberSchema, "The member as they are now"), ...problems("conflict") },
});

const removeRoute = createRoute({
  method: "delete",
  path: "/api/organizations/{id}/members/{userId}",
  operationId: "removeMember",
  tags,
  summary: "Remove a member with their tokens here, or leave (with your own id)",
  security: NEEDS_TOKEN,
  request: { params: memberParams },
  responses: { 204: { description: "No member any more" }, ...problems("conflict") },
});

export const members = createApi()
  .openapi(listRoute, async (context) => {
    const { id } = context.req.valid("param");
    const { actor } = await resolveOrganization(context, id, "members:read");
    const { limit, cursor } = context.req.valid("query");
    const after = cursor === undefined ? null : Number(cursor);
    const rows = await listMembers(context.env.DB, actor, { limit: limit + 1, after });
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    const nextCursor = last === undefined ? null : String(last.ordinal);
    return context.json({ items: items.map((item) => answer(item, actor)), nextCursor }, 200);
  })
  .openapi(updateRoute, async (context) => {
    const { id, userId } = context.req.valid("param");
    const { actor } = await resolveOrganization(context, id, "members:write");
    requireFreshSignIn(actor);
    const member = await changeRole(context, actor, userId, context.req.valid("json").role);
    return context.json(answer(member, actor), 200);
  })
  .openapi(removeRoute, async (context) => {
    const { id, userId } = context.req.valid("param");
    requirePerson(context.get("actor"));
    // Leaving takes no more than being in it.
    const isLeaving = userId === context.get("actor").userId;
    const { actor } = await resolveOrganization(
      context,
      id,
      isLeaving ? "organization:read" : "members:write",
    );
    if (!isLeaving) requireFreshSignIn(actor);
    await takeOut(context, actor, userId);
    return context.body(null, 204);
  });

function answer({ userId, name, email, role, joinedAt }: Member, actor: Actor): MemberAnswer {
  return { userId, name, email, role, joinedAt, isYou: userId === actor.userId };
}
