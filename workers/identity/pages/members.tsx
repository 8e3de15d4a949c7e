/** @jsxImportSource hono/jsx */
// /account/members: who is in the organization, in which role; inviting, changing, removing, leaving; and turning to
// another of one's organizations.
import type { Context } from "hono";
import * as z from "zod";
import { cancelInvitation } from "../../../adapters/database/invitations.ts";
import { findMembership, insertOrganization, turnSession } from "../../../adapters/database/organizations.ts";
import { newId } from "../../../adapters/random/new-id.ts";
import { memberRoleSchema } from "../../../schemas/api/organizations.ts";
import { AppError } from "../../api/app-error.ts";
import { changeRole, takeOut } from "../../api/change-members.ts";
import { invite } from "../../api/invite-member.ts";
import { requirePermission } from "../authenticate.ts";
import { requireFreshSignIn } from "../fresh-sign-in.ts";
import { tryChange } from "./change.ts";
import { emailField, nameField } from "./form-fields.ts";
import { showMembers } from "./members-view.tsx";
import { createPages, type PageEnv, readForm, requireSignIn } from "./page-app.ts";

export const MEMBERS_PATH = "/account/members";

const roleForm = z.object({ role: memberRoleSchema });
const inviteForm = z.object({ email: emailField, role: memberRoleSchema });
const switchForm = z.object({ organization: z.string().max(64) });
const createForm = z.object({ name: nameField });

export const members = createPages()
  .use(MEMBERS_PATH, requireSignIn)
  .use(`${MEMBERS_PATH}/*`, requireSignIn)
  .get(MEMBERS_PATH, (context) => showMembers(context, {}))
  .post(`${MEMBERS_PATH}/invite`, async (context) => {
    const form = await readForm(context, inviteForm);
    if (!form.ok) return await showMembers(context, { typed: form.typed, errors: form.errors }, 422);
    return await change(context, async () => {
      const actor = managing(context);
      const organization = await findMembership(context.env.DB, actor, actor.organizationId);
      if (organization === null) throw new AppError("not-found", "That organization is gone.");
      const { origin } = new URL(context.req.url);
      await invite(context, { actor, organization }, { ...form.values, origin });
    });
  })
  .post(`${MEMBERS_PATH}/invitations/:id/cancel`, (context) =>
    change(context, async () => {
      const actor = managing(context);
      if (!(await cancelInvitation(context.env.DB, actor, context.req.param("id")))) {
        throw new AppError("not-found", "That invitation is not open any more.");
      }
    }),
  )
  .post(`${MEMBERS_PATH}/:userId/role`, async (context) => {
    const form = await readForm(context, roleForm);
    if (!form.ok) return await showMembers(context, { refusal: "There is no such role." }, 422);
    const { role } = form.values;
    return await change(context, async () => {
      await changeRole(context, managing(context), context.req.param("userId"), role);
    });
  })
  .post(`${MEMBERS_PATH}/:userId/remove`, (context) =>
    change(context, async () => {
      const userId = context.req.param("userId");
      const actor = context.get("actor");
      await takeOut(context, userId === actor.userId ? actor : managing(context), userId);
    }),
  )
  .post("/account/organization", requireSignIn, async (context) => {
    const form = await readForm(context, switchForm);
    if (!form.ok) return await showMembers(context, { refusal: "Choose one of your organizations." }, 422);
    return await change(context, async () => {
      const actor = context.get("actor");
      const found = await findMembership(context.env.DB, actor, form.values.organization);
      if (found === null) throw new AppError("not-found", "You are not in that organization any more.");
      await turnSession(context.env.DB, actor, found.organizationId);
    });
  })
  .post("/account/organizations", requireSignIn, async (context) => {
    const form = await readForm(context, createForm);
    if (!form.ok) return await showMembers(context, { refusal: "Give the organization a name." }, 422);
    return await change(context, async () => {
      const actor = context.get("actor");
      const organizationId = newId("organization");
      const slug = organizationId.replace("_", "-");
      const ids = { organizationId, memberId: newId("member"), slug, now: Date.now() };
      if (!(await insertOrganization(context.env.DB, actor, { ...ids, name: form.values.name }))) {
        throw new AppError("conflict", "You own as many organizations as one may.");
      }
      await turnSession(context.env.DB, actor, organizationId);
    });
  });

/** Makes the change and shows the page as it is then; a refusal stands above it. */
function change(context: Context<PageEnv>, make: () => Promise<void>): Promise<Response> {
  return tryChange(
    context,
    MEMBERS_PATH,
    async () => {
      await make();
      return context.redirect(MEMBERS_PATH, 303);
    },
    (refusal, status) => showMembers(context, { refusal }, status),
  );
}

/** The actor, as one who manages members and has just shown that it is them. */
function managing(context: Context<PageEnv>) {
  const actor = context.get("actor");
  requirePermission(actor, "members:write");
  requireFreshSignIn(actor);
  return actor;
}
