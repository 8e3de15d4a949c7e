// Organizations: make, list, look, rename, end, and turn a session to another one.
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import {
  endOrganization,
  insertOrganization,
  listMemberships,
  type Membership,
  renameOrganization,
  turnSession,
} from "../../adapters/database/organizations.ts";
import { newId } from "../../adapters/random/new-id.ts";
import { pageSchema } from "../../schemas/api/common.ts";
import {
  createOrganizationSchema,
  type OrganizationAnswer,
  organizationRefSchema,
  organizationSchema,
  updateOrganizationSchema,
} from "../../schemas/api/organizations.ts";
import { ORGANIZATION_LIMITS } from "../../schemas/organization-limits.ts";
import { requirePermission } from "../identity/authenticate.ts";
import { requireFreshSignIn } from "../identity/fresh-sign-in.ts";
import { recheckWatchers } from "../identity/recheck-watchers.ts";
import { createApi } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { requirePerson, resolveOrganization } from "./resolve-organization.ts";
import { CREATING, idempotencyHeaders, json, jsonBody, NEEDS_TOKEN, problems } from "./responses.ts";

const tags = ["Organizations"];
const params = z.object({ id: organizationRefSchema });

const listRoute = createRoute({
  method: "get",
  path: "/api/organizations",
  operationId: "listOrganizations",
  tags,
  summary: "The organizations that you are in, with your role; a token sees its own",
  security: NEEDS_TOKEN,
  responses: { 200: json(pageSchema(organizationSchema), "Yours"), ...problems() },
});

const createRouteDeclaration = createRoute({
  method: "post",
  path: "/api/organizations",
  operationId: "createOrganization",
  tags,
  summary: "Make an organization with you as its owner; for people, not for tokens",
  security: NEEDS_TOKEN,
  request: { headers: idempotencyHeaders, body: jsonBody(createOrganizationSchema) },
  responses: { 201: json(organizationSchema, "Made"), ...problems("conflict", ...CREATING) },
});

const getRoute = createRoute({
  method: "get",
  path: "/api/organizations/{id}",
  operationId: "getOrganization",
  tags,
  summary: "One of your organizations",
  security: NEEDS_TOKEN,
  request: { params },
  responses: { 200: json(organizationSchema, "The organization"), ...problems() },
});

const updateRoute = createRoute({
  method: "patch",
  path: "/api/organizations/{id}",
  operationId: "updateOrganization",
  tags,
  summary: "Rename an organization",
  security: NEEDS_TOKEN,
  request: { params, body: jsonBody(updateOrganizationSchema) },
  responses: { 200: json(organizationSchema, "Renamed"), ...problems() },
});

const deleteRoute = createRoute({
  method: "delete",
  path: "/api/organizations/{id}",
  operationId: "deleteOrganization",
  tags,
  summary: "End an organization that has no projects any more: members, invitations and tokens go",
  security: NEEDS_TOKEN,
  request: { params },
  responses: { 204: { description: "Ended" }, ...problems("conflict") },
});

const switchRoute = createRoute({
  method: "post",
  path: "/api/organizations/{id}/switch",
  operationId: "switchOrganization",
  tags,
  summary: "Turn your session to this organization; a token always speaks for its own",
  security: NEEDS_TOKEN,
  request: { params },
  responses: { 200: json(organizationSchema, "Your session speaks for it now"), ...problems() },
});

export const organizations = createApi()
  .openapi(listRoute, async (context) => {
    const actor = context.get("actor");
    requirePermission(actor, "organization:read");
    const items = await listMemberships(context.env.DB, actor);
    return context.json(
      { items: items.map((item) => answer(item, actor.organizationId)), nextCursor: null },
      200,
    );
  })
  .openapi(createRouteDeclaration, async (context) => {
    const actor = context.get("actor");
    requirePerson(actor);
    const { name } = context.req.valid("json");
    const organizationId = newId("organization");
    const slug = organizationId.replace("_", "-");
    const now = Date.now();
    const isMade = await insertOrganization(context.env.DB, actor, {
      organizationId,
      memberId: newId("member"),
      name,
      slug,
      now,
    });
    if (!isMade) {
      const { ownedOrganizations } = ORGANIZATION_LIMITS;
      throw new AppError(
        "conflict",
        `You own ${ownedOrganizations} organizations, which is as many as one may.`,
      );
    }
    const made: Membership = { organizationId, name, slug, createdAt: now, role: "owner" };
    return context.json(answer(made, actor.organizationId), 201);
  })
  .openapi(getRoute, async (context) => {
    const { id } = context.req.valid("param");
    const { membership } = await resolveOrganization(context, id, "organization:read");
    return context.json(answer(membership, context.get("actor").organizationId), 200);
  })
  .openapi(updateRoute, async (context) => {
    const { id } = context.req.valid("param");
    const { membership, actor } = await resolveOrganization(context, id, "organization:write");
    const { name } = context.req.valid("json");
    await renameOrganization(context.env.DB, actor, name);
    return context.json(answer({ ...membership, name }, context.get("actor").organizationId), 200);
  })
  .openapi(deleteRoute, async (context) => {
    const { id } = context.req.valid("param");
    const { actor } = await resolveOrganization(context, id, "organization:delete");
    requireFreshSignIn(actor);
    if (!(await endOrganization(context.env.DB, actor))) {
      throw new AppError(
        "conflict",
        "It still has projects; delete them first: GET /api/projects lists them.",
      );
    }
    await recheckWatchers(context.env, context.executionCtx, actor.organizationId);
    return context.body(null, 204);
  })
  .openapi(switchRoute, async (context) => {
    requirePerson(context.get("actor"));
    const { id } = context.req.valid("param");
    const { membership, actor } = await resolveOrganization(context, id, "organization:read");
    await turnSession(context.env.DB, actor, membership.organizationId);
    return context.json(answer(membership, membership.organizationId), 200);
  });

function answer(
  { organizationId, name, slug, createdAt, role }: Membership,
  activeId: string,
): OrganizationAnswer {
  return { organizationId, name, slug, createdAt, role, isActive: organizationId === activeId };
}
