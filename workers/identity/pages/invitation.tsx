/** @jsxImportSource hono/jsx */
// /invitation/:id: somebody is invited into an organization, and decides. The one who is signed in must have the address
// that was invited; better-auth checks that, and that the invitation stands.
import { isAPIError } from "better-auth/api";
import type { Context } from "hono";
import * as z from "zod";
import { limitAttempts } from "../attempt-limits.ts";
import { Notice, SubmitButton } from "./form-parts.tsx";
import { Page } from "./layout.tsx";
import { accountsOf, createPages, type PageEnv, readForm, requireSignIn, showPage } from "./page-app.ts";

const decisionForm = z.object({ decision: z.enum(["accept", "decline"]) });

export const invitation = createPages()
  .use("/invitation/:id", requireSignIn)
  .get("/invitation/:id", async (context) => {
    const id = context.req.param("id");
    const { userId } = context.get("actor");
    await limitAttempts(context.env.DB, "link", { request: context.req.raw, account: userId });
    const accounts = await accountsOf(context);
    try {
      const found = await accounts.api.getInvitation({ query: { id }, headers: context.req.raw.headers });
      const { organizationName, inviterEmail, role } = found;
      return await showInvitation(context, { id, organizationName, inviterEmail, role });
    } catch (error) {
      if (isAPIError(error)) return await showNone(context);
      throw error;
    }
  })
  .post("/invitation/:id", async (context) => {
    const form = await readForm(context, decisionForm);
    if (!form.ok) return await showNone(context);
    const accounts = await accountsOf(context);
    const decided = {
      body: { invitationId: context.req.param("id") },
      headers: context.req.raw.headers,
    };
    try {
      await (form.values.decision === "accept"
        ? accounts.api.acceptInvitation(decided)
        : accounts.api.rejectInvitation(decided));
    } catch (error) {
      if (isAPIError(error)) return await showNone(context);
      throw error;
    }
    return context.redirect("/account", 303);
  });

type InvitationProps = {
  readonly id: string;
  readonly organizationName: string;
  readonly inviterEmail: string;
  readonly role: string;
};

function showInvitation(context: Context<PageEnv>, props: InvitationProps): Promise<Response> {
  const { id, organizationName, inviterEmail, role } = props;
  return showPage(
    context,
    <Page title={`Join ${organizationName}?`} visitor={context.get("visitor")}>
      <div class="panel">
        <dl>
          <dt>Organization</dt>
          <dd>{organizationName}</dd>
          <dt>Invited by</dt>
          <dd>{inviterEmail}</dd>
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
