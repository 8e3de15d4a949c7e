/** @jsxImportSource hono/jsx */
// /confirmations/:id: a prod action said again in full, and a person's answer (API.md, confirmations). Reading asks for a
// sign-in; answering asks for one of the last 15 minutes.
import type { Context } from "hono";
import * as z from "zod";
import { findProject } from "../../../adapters/database/projects.ts";
import type { ConfirmedOutcome } from "../../../durable-objects/project/carry-out.ts";
import { projectOfConfirmation } from "../../../durable-objects/project/prod-requests.ts";
import type { ProjectObject } from "../../../durable-objects/project/project-object.ts";
import { type Restatement, restatementSchema } from "../../../schemas/restatement.ts";
import { AppError } from "../../api/app-error.ts";
import { CONFIRMATIONS_PATH } from "../../api/prod-confirmation.ts";
import { orThrow } from "../../api/resolve-project.ts";
import { requirePermission } from "../authenticate.ts";
import { Notice, SubmitButton } from "./form-parts.tsx";
import { Page } from "./layout.tsx";
import {
  createPages,
  type PageEnv,
  readForm,
  requireFreshSignInPage,
  requireSignIn,
  showPage,
} from "./page-app.ts";
import { Release } from "./restated-release.tsx";

const PATH = `${CONFIRMATIONS_PATH}/:id`;
const decisionForm = z.object({ decision: z.enum(["confirm", "refuse"]) });

export const confirmation = createPages()
  .use(PATH, requireSignIn, requireFreshSignInPage)
  .get(PATH, async (context) => {
    const object = await openProject(context);
    const found = await object.findConfirmation(context.req.param("id"));
    if (found === null) return await showGone(context);
    const restatement = restatementSchema.parse(found.restatement);
    return await showRestatement(context, restatement, found.expiresAt);
  })
  .post(PATH, async (context) => {
    const form = await readForm(context, decisionForm);
    if (!form.ok) throw new AppError("validation", "Answer with one of the two buttons.");
    const object = await openProject(context);
    const actor = context.get("actor");
    const decider = { actor: actor.ref, isOwner: actor.role === "owner" };
    const id = context.req.param("id");
    if (form.values.decision === "refuse") {
      orThrow(await object.refuseConfirmation(id, decider));
      return await showAnswered(context, "Refused", "Nothing was done, and it cannot be confirmed any more.");
    }
    requirePermission(actor, "deploys:confirm");
    const outcome: ConfirmedOutcome = orThrow(await object.confirm(id, decider));
    return await showAnswered(context, "Confirmed", describeOutcome(outcome));
  });

/** The project object of a confirmation that this person may see; another organization's is not there. */
async function openProject(context: Context<PageEnv>): Promise<DurableObjectStub<ProjectObject>> {
  const actor = context.get("actor");
  requirePermission(actor, "deploys:write");
  const projectId = projectOfConfirmation(context.req.param("id") ?? "");
  const row = projectId === null ? null : await findProject(context.env.DB, actor, projectId);
  if (row === null) throw new AppError("not-found", "There is nothing to confirm here.");
  return context.env.PROJECTS.getByName(row.id);
}

function showRestatement(
  context: Context<PageEnv>,
  restatement: Restatement,
  expiresAt: number,
): Promise<Response> {
  const { sentence, requestedBy, label, env, release, policy } = restatement;
  const mayConfirm = context.get("actor").permissions.has("deploys:confirm");
  const isRefused = release !== null && !release.gate.isAllowed;
  return showPage(
    context,
    <Page title={`${label}: ${env}`} visitor={context.get("visitor")} isWide>
      <div class="panel">
        <p class="lead">{sentence}</p>
        <dl>
          <dt>Asked by</dt>
          <dd>
            {requestedBy.actor.kind} {requestedBy.actor.id} (by {requestedBy.login})
          </dd>
          <dt>Waits until</dt>
          <dd>
            <time datetime={new Date(expiresAt).toISOString()}>{new Date(expiresAt).toUTCString()}</time>
          </dd>
        </dl>
      </div>
      {release === null ? null : <Release release={release} />}
      {policy === null ? null : <PolicyChange before={policy.before} after={policy.after} />}
      {isRefused ? <Notice kind="bad">The gate refuses it: {release.gate.message}</Notice> : null}
      {mayConfirm ? null : (
        <Notice>Your role may look at this and refuse it; an owner or an admin confirms.</Notice>
      )}
      <div class="panel">
        <form method="post" action={context.req.path}>
          <div class="choices">
            {mayConfirm && !isRefused ? (
              <SubmitButton name="decision" value="confirm">
                Confirm: do it now
              </SubmitButton>
            ) : null}
            <SubmitButton look="danger" name="decision" value="refuse">
              Refuse
            </SubmitButton>
          </div>
        </form>
      </div>
      <div class="panel aside">
        <p>
          It is done exactly as it stands here, or not at all: if any of it moves before you answer, it is
          void.
        </p>
      </div>
    </Page>,
  );
}

type Policy = NonNullable<Restatement["policy"]>["before"];

function PolicyChange({ before, after }: { readonly before: Policy; readonly after: Policy }) {
  const names = (Object.keys(after) as (keyof Policy)[]).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  return (
    <div class="panel">
      <h2>What changes</h2>
      {names.length === 0 ? <p>Nothing: it is the policy that stands already.</p> : null}
      <dl>
        {names.map((name) => (
          <>
            <dt>{name}</dt>
            <dd>
              <code>{JSON.stringify(before[name])}</code> becomes <code>{JSON.stringify(after[name])}</code>
            </dd>
          </>
        ))}
      </dl>
    </div>
  );
}

function showGone(context: Context<PageEnv>): Promise<Response> {
  return showPage(
    context,
    <Page title="Nothing waits here" visitor={context.get("visitor")}>
      <Notice>It was answered, has expired, or became void because something it covered moved.</Notice>
      <div class="panel">
        <p>Ask again for what is still wanted; it is then restated anew.</p>
      </div>
    </Page>,
    404,
  );
}

function showAnswered(context: Context<PageEnv>, title: string, sentence: string): Promise<Response> {
  return showPage(
    context,
    <Page title={title} visitor={context.get("visitor")}>
      <Notice kind={title === "Confirmed" ? "good" : "plain"}>{sentence}</Notice>
      <div class="panel">
        <p>
          <a href="/account">Your account</a> · <a href="/">Home</a>
        </p>
      </div>
    </Page>,
  );
}

function describeOutcome(outcome: ConfirmedOutcome): string {
  switch (outcome.kind) {
    case "deploy":
      return `The deploy ${outcome.deployId} has begun; its phases stand on the project's timeline.`;
    case "activate":
      return `${outcome.activation.capsuleDigest} is live in ${outcome.activation.environment}, revision ${outcome.activation.revision}.`;
    case "policy":
      return `The policy is changed (revision ${outcome.policyRevision}); evidence for older revisions does not count any more.`;
    case "set-secret":
      return `The secret ${outcome.secret.name} is set.`;
    case "remove-secret":
      return `The secret ${outcome.name} is removed.`;
    case "trust":
      return `The project's trust is changed (revision ${outcome.trustRevision}).`;
  }
}
