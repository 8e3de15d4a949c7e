// Invitations: those of an organization, and those to you.
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import {
  cancelInvitation,
  declineInvitation,
  listInvitations,
  listReceived,
} from "../../adapters/database/invitations.ts";
import { pageSchema } from "../../schemas/api/common.ts";
import {
  createInvitationSchema,
  invitationSchema,
  organizationRefSchema,
  receivedInvitationSchema,
} from "../../schemas/api/organizations.ts";
import { requireFreshSignIn } from "../identity/fresh-sign-in.ts";
import { createApi } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { accept, invite, noInvitation } from "./invite-member.ts";
import { requirePerson, resolveOrganization } from "./resolve-organization.ts";
import { CREATING, idempotencyHeaders, json, jsonBody, NEEDS_TOKEN, problems } from "./responses.ts";

const tags = ["Organizations"];
const params = z.object({ id: organizationRefSchema });
const invitationId = z.string().min(1).max(64);

const listRoute = createRoute({
  method: "get",
  path: "/api/organizations/{id}/invitations",
  operationId: "listInvitations",
  tags,
  summary: "Invitations that can still be accepted",
  security: NEEDS_TOKEN,
  request: { params },
  responses: { 200: json(pageSchema(invitationSchema), "The invitations"), ...problems() },
});

const createRouteDeclaration = createRoute({
  method: "post",
  path: "/api/organizations/{id}/invitations",
  operationId: "invite",
  tags,
  summary: "Invite an e-mail address: a mail with a link that is good for 7 days and one use",
  security: NEEDS_TOKEN,
  request: { headers: idempotencyHeaders, params, body: jsonBody(createInvitationSchema) },
  responses: { 201: json(invitationSchema, "Sent"), ...problems("conflict", ...CREATING) },
});

const cancelRoute = createRoute({
  method: "delete",
  path: "/api/organizations/{id}/invitations/{invitationId}",
  operationId: "cancelInvitation",
  tags,
  summary: "Take an invitation back",
  security: NEEDS_TOKEN,
  request: { params: params.extend({ invitationId }) },
  responses: { 204: { description: "Taken back" }, ...problems() },
});

const receivedRoute = createRoute({
  method: "get",
  path: "/api/invitations",
  operationId: "listReceivedInvitations",
  tags,
  summary: "Invitations to the address of your account",
  security: NEEDS_TOKEN,
  responses: { 200: json(pageSchema(receivedInvitationSchema), "To you"), ...problems() },
});

const acceptRoute = createRoute({
  method: "post",
  path: "/api/invitations/{invitationId}/accept",
  operationId: "acceptInvitation",
  tags,
  summary: "Join the organization that invited the confirmed address of your account",
  security: NEEDS_TOKEN,
  request: { params: z.object({ invitationId }) },
  responses: { 200: json(receivedInvitationSchema, "You are a member"), ...problems("conflict") },
});

const declineRoute = createRoute({
  method: "post",
  path: "/api/invitations/{invitationId}/decline",
  operationId: "declineInvitation",
  tags,
  summary: "Say no; the invitation cannot be used any more",
  security: NEEDS_TOKEN,
  request: { params: z.object({ invitationId }) },
  responses: { 204: { description: "Declined" }, ...problems() },
});

export const invitations = createApi()
  .openapi(listRoute, async (context) => {
    const { id } = context.req.valid("param");
    const { actor } = await resolveOrganization(context, id, "members:read");
    return context.json(
      { items: await listInvitations(context.env.DB, actor, Date.now()), nextCursor: null },
      200,
    );
  })
  .openapi(createRouteDeclaration, async (context) => {
    const { id } = context.req.valid("param");
    const { actor, membership } = await resolveOrganization(context, id, "members:write");
    requireFreshSignIn(actor);
    const { origin } = new URL(context.req.url);
    const invited = { ...context.req.valid("json"), origin };
    const made = await invite(context, { actor, organization: membership }, invited);
    return context.json(made, 201);
  })
  .openapi(cancelRoute, async (context) => {
    const { id, invitationId: canceled } = context.req.valid("param");
    const { actor } = await resolveOrganization(context, id, "members:write");
    if (!(await cancelInvitation(context.env.DB, actor, canceled))) {
      throw new AppError("not-found", `There is no open invitation ${canceled} here.`);
    }
    return context.body(null, 204);
  })
  .openapi(receivedRoute, async (context) => {
    const actor = context.get("actor");
    requirePerson(actor);
    const items = (await listReceived(context.env.DB, actor, Date.now())).map(describe);
    return context.json({ items, nextCursor: null }, 200);
  })
  .openapi(acceptRoute, async (context) => {
    const actor = context.get("actor");
    requirePerson(actor);
    const accepted = await accept(context, actor, context.req.valid("param").invitationId);
    return context.json(describe(accepted), 200);
  })
  .openapi(declineRoute, async (context) => {
    const actor = context.get("actor");
    requirePerson(actor);
    const { invitationId: declined } = context.req.valid("param");
    if (!(await declineInvitation(context.env.DB, actor, declined))) throw noInvitation(declined);
    return context.body(null, 204);
  });

function describe(
  received: Awaited<ReturnType<typeof listReceived>>[number],
): z.infer<typeof receivedInvitationSchema> {
  const { invitationId: id, role, invitedBy, createdAt, expiresAt, organization } = received;
  return { invitationId: id, role, invitedBy, createdAt, expiresAt, organization };
}
