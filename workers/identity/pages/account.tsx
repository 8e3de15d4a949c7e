/** @jsxImportSource hono/jsx */
// /account: who one is here and where one is signed in.
import {
  endAllSessions,
  endSession,
  listSessions,
  type SessionFacts,
} from "../../../adapters/database/sessions.ts";
import { describeActor } from "../../../adapters/database/tokens.ts";
import { describeBrowser } from "../../../core/sessions/describe-browser.ts";
import { AppError } from "../../api/app-error.ts";
import { hasPasskeys } from "../passkeys.ts";
import { recheckEverywhere } from "../recheck-watchers.ts";
import { clearSessionCookie } from "../session-credential.ts";
import { SubmitButton } from "./form-parts.tsx";
import { Page } from "./layout.tsx";
import { formatMoment } from "./moment.ts";
import { createPages, requireSignIn, showPage } from "./page-app.ts";

const MAX_AGENT_CHARACTERS = 120;

export const account = createPages()
  .use("/account", requireSignIn)
  .use("/account/sessions/*", requireSignIn)
  .get("/account", async (context) => {
    const actor = context.get("actor");
    const visitor = context.get("visitor");
    const [described, sessions] = await Promise.all([
      describeActor(context.env.DB, actor),
      listSessions(context.env.DB, actor.userId, Date.now()),
    ]);
    return await showPage(
      context,
      <Page title="Your account" visitor={visitor} accountPath="/account">
        <div class="panel">
          <dl>
            <dt>Name</dt>
            <dd>{visitor.name}</dd>
            <dt>E-mail address</dt>
            <dd>{visitor.email}</dd>
            <dt>Organization</dt>
            <dd>
              {described?.organization.name}, as {actor.role}
            </dd>
            <dt>Password</dt>
            <dd>
              <a href="/reset">Set a new one</a> by mail
            </dd>
            {hasPasskeys(context.env) ? (
              <>
                <dt>Passkeys</dt>
                <dd>
                  <a href="/account/passkeys">Yours</a>, and a new one
                </dd>
              </>
            ) : null}
          </dl>
        </div>
        <h2 id="sessions">Where you are signed in</h2>
        <div class="panel">
          <ul class="rows">
            {sessions.map((session) => (
              <SessionRow session={session} isCurrent={session.sessionId === actor.login.id} />
            ))}
          </ul>
        </div>
        <form class="panel stack" method="post" action="/account/sessions/end-all">
          <p>Sign out of every browser and every command line at once, here too.</p>
          <div>
            <SubmitButton look="danger">Sign out everywhere</SubmitButton>
          </div>
        </form>
        <h2>Command line</h2>
        <div class="panel">
          <p>
            <code>npx oursynth login</code> signs a terminal in: it shows a code, and you approve it at{" "}
            <a href="/device">/device</a>.
          </p>
        </div>
      </Page>,
    );
  })
  .post("/account/sessions/end-all", async (context) => {
    await endAllSessions(context.env.DB, context.get("actor").userId);
    await recheckEverywhere(context.env, context.executionCtx, context.get("actor"));
    context.header("set-cookie", clearSessionCookie());
    return context.redirect("/sign-in?done=signed-out-everywhere", 303);
  })
  .post("/account/sessions/:id/end", async (context) => {
    const { userId } = context.get("actor");
    if (!(await endSession(context.env.DB, userId, context.req.param("id")))) {
      throw new AppError("not-found", "You are not signed in there any more.");
    }
    await recheckEverywhere(context.env, context.executionCtx, context.get("actor"));
    return context.redirect("/account#sessions", 303);
  });

function SessionRow({ session, isCurrent }: { readonly session: SessionFacts; readonly isCurrent: boolean }) {
  const { sessionId, kind, userAgent, ipAddress, createdAt, lastUsedAt, expiresAt } = session;
  const agent = (userAgent ?? "").slice(0, MAX_AGENT_CHARACTERS);
  return (
    <li>
      <div>
        <p>
          {kind === "device" ? "Command line" : describeBrowser(agent)}{" "}
          {isCurrent ? <span class="tag">here</span> : null}
        </p>
        <p class="muted">
          {ipAddress === null ? "" : `From ${ipAddress}. `}Since {formatMoment(createdAt)}, last seen{" "}
          {formatMoment(lastUsedAt)}, ends {formatMoment(expiresAt)} if it is not used.
        </p>
      </div>
      {isCurrent ? null : (
        <form method="post" action={`/account/sessions/${sessionId}/end`}>
          <SubmitButton look="plain">Sign out</SubmitButton>
        </form>
      )}
    </li>
  );
}
