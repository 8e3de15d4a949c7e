/** @jsxImportSource hono/jsx */
// /invitation/:id: somebody is invited into an organization, and decides. The one who is signed in must have the address
// that was invited; the rules are those of the API.
import type { Context } from "hono";
import * as z from "zod";
import {
  declineInvitation,
  findReceived,
  type ReceivedInvitation,
} from "../../../adapters/database/invitations.ts";
import { turnSession } from "../../../adapters/database/organizations.ts";
import { accept } from "../../api/invite-member.ts";
import { limitAttempts } from "../attempt-limits.ts";
import { Notice, SubmitButton } from "./form-parts.tsx";
import { Page } from "./layout.tsx";
import { createPages, type PageEnv, readForm, requireSignIn, showPage } from "./page-app.ts";

const decisionForm = z.object({ decision: z.enum(["accept", "decline"]) });

export const invitation = createPages()
  .use("/invitation/:id", requireSignIn)
  .get("/invitation/:id", async (context) => {
    const id = context.req.param("id");
    const actor = context.get("actor");
    await limitAttempts(context.env.DB, "link", { request: context.req.raw, account: actor.userId });
    const found = await findReceived(context.env.DB, actor, id);
    if (found === null || !isOpen(found, Date.now())) return await showNone(context);
    const { organization, invitedBy, role } = found;
    return await showInvitation(context, {
      id,
      organizationName: organization.name,
      inviterName: invitedBy.name,
      role,
    });
  })
  .post("/invitation/:id", async (context) => {
    const form = await readForm(context, decisionForm);
    if (!form.ok) return await showNone(context);
    const id = context.req.param("id");
    const actor = context.get("actor");
    if (form.values.decision === "decline") {
      if (!(await declineInvitation(context.env.DB, actor, id))) return await showNone(context);
      return context.redirect("/account", 303);
    }
    const { organization } = await accept(context, actor, id);
    // Whoever joins wants to be there.
    await turnSession(context.env.DB, actor, organization.organizationId);
    return context.redirect("/account/members", 303);
  });

function isOpen({ status, expiresAt }: ReceivedInvitation, now: number): boolean {
  return status === "pending" && expiresAt > now;
}

type InvitationProps = {
  readonly id: string;
  readonly organizationName: string;
  readonly inviterName: string;
  readonly role: string;
};

function showInvitation(context: Context<PageEnv>, props: InvitationProps): Promise<Response> {
  const { id, organizationName, inviterName, role } = props;
  return showPage(
    context,
    <Page title={`Join ${organizationName}?`} visitor={context.get("visitor")}>
      <div class="panel">
        <dl>
          <dt>Organization</dt>
          <dd>{organizationName}</dd>
          <dt>Invited by</dt>
          <dd>{inviterName}</dd>
          <dt>As</dt>
          <dd>{role}</dd>
        </dl>
        <form method="post" action={`/invitation/${encodeURIComponent(id)}`}>
          <div class="choices">
            <SubmitButton name="decision" value="accept">
              Join
            </SubmitButton>
            <SubmitButton look="plain" name="decision" value="decline">
              Decline
            </SubmitButton>
          </div>
        </form>
      </div>
    </Page>,
  );
}

/** One answer for all: whether an invitation is another's or none is nobody's to learn. */
function showNone(context: Context<PageEnv>): Promise<Response> {
  return showPage(
    context,
    <Page title="No invitation" visitor={context.get("visitor")}>
      <Notice kind="bad">
        There is no open invitation here for {context.get("visitor").email}. It may have ended, been taken
        back, or been sent to another address.
      </Notice>
      <div class="panel">
        <p>Ask who invited you, or sign in with the address that the invitation was sent to.</p>
      </div>
    </Page>,
    404,
  );
}
