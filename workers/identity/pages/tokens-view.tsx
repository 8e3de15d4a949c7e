/** @jsxImportSource hono/jsx */
// How /account/tokens looks.
import type { Context } from "hono";
import type * as z from "zod";
import type { Actor } from "../../../adapters/database/actor.ts";
import { listProjects, type Project } from "../../../adapters/database/projects.ts";
import { listTokens, type TokenFacts } from "../../../adapters/database/tokens.ts";
import type { createdTokenSchema } from "../../../schemas/api/access.ts";
import { SUGGESTED_TOKEN_DAYS } from "../../../schemas/organization-limits.ts";
import { PERMISSION_MEANINGS } from "../../../schemas/permission-meanings.ts";
import { ALL_SCOPES } from "../../../schemas/permissions.ts";
import { Field, type FieldErrors, Notice, SubmitButton } from "./form-parts.tsx";
import { Page } from "./layout.tsx";
import { formatMoment } from "./moment.ts";
import { type PageEnv, showPage } from "./page-app.ts";

const PATH = "/account/tokens";
/** What the boxes' names begin with. */
export const SCOPE_FIELD = "scope:";
const DAYS = [7, 30, SUGGESTED_TOKEN_DAYS, 365] as const;
const MAX_PROJECTS = 200;

type Said = {
  readonly refusal?: string;
  readonly typed?: Readonly<Record<string, string>>;
  readonly errors?: FieldErrors;
};

/** The page, with what was wrong with the last form when something was. */
export async function showTokens(
  context: Context<PageEnv>,
  { refusal, typed = {}, errors = {} }: Said,
  status: 200 | 400 | 403 | 404 | 409 | 422 = 200,
): Promise<Response> {
  const actor = context.get("actor");
  const mayRead = actor.permissions.has("tokens:read");
  const isManager = actor.permissions.has("members:write");
  const [tokens, projects] = await Promise.all([
    mayRead ? listTokens(context.env.DB, actor, isManager ? "all" : "mine") : [],
    mayRead ? listProjects(context.env.DB, actor, { limit: MAX_PROJECTS, before: null }) : [],
  ]);
  const labels = new Map(projects.map(({ id, label }) => [id, label]));
  return await showPage(
    context,
    <Page title="Tokens" visitor={context.get("visitor")} accountPath={PATH}>
      {refusal === undefined ? null : <Notice kind="bad">{refusal}</Notice>}
      <div class="panel">
        {tokens.length === 0 ? (
          <p>No program has a token of yours in this organization.</p>
        ) : (
          <ul class="rows">
            {tokens.map((token) => (
              <TokenRow token={token} labels={labels} isOwn={token.owner.userId === actor.userId} />
            ))}
          </ul>
        )}
      </div>
      {actor.permissions.has("tokens:write") ? (
        <TokenForm actor={actor} projects={projects} typed={typed} errors={errors} />
      ) : null}
    </Page>,
    status,
  );
}

/** The only time that the secret is shown. */
export function showMadeToken(
  context: Context<PageEnv>,
  { name, token, expiresAt }: z.infer<typeof createdTokenSchema>,
): Promise<Response> {
  return showPage(
    context,
    <Page title="Your new token" visitor={context.get("visitor")} accountPath={PATH}>
      <Notice kind="good">Copy it now: it is not shown again, and nobody can look it up.</Notice>
      <div class="panel">
        <p>
          <label for="token">{name}</label>
        </p>
        <input id="token" class="secret" type="text" value={token} readonly autofocus spellcheck={false} />
        <p class="muted">
          {expiresAt === null ? "It does not end by itself." : `It ends ${formatMoment(expiresAt)}.`}
        </p>
      </div>
      <div class="panel aside">
        <p>
          A program sends it as <code>Authorization: Bearer …</code>; the command line takes it from{" "}
          <code>OURSYNTH_TOKEN</code>. <a href={PATH}>All tokens</a>
        </p>
      </div>
    </Page>,
  );
}

type TokenRowProps = {
  readonly token: TokenFacts;
  readonly labels: ReadonlyMap<string, string>;
  readonly isOwn: boolean;
};

function TokenRow({ token, labels, isOwn }: TokenRowProps) {
  const { tokenId, name, start, scopes, projectId, createdAt, expiresAt, lastUsedAt, owner } = token;
  const isOver = expiresAt !== null && expiresAt <= Date.now();
  const project = projectId === null ? "all projects" : (labels.get(projectId) ?? projectId);
  return (
    <li>
      <div>
        <p>
          {name ?? "A token"} <code>{start}…</code> {isOwn ? null : <span class="tag">of {owner.name}</span>}{" "}
          {isOver ? <span class="tag over">over</span> : null}
        </p>
        <p class="muted">
          {lastUsedAt === null ? "Never used" : `Last used ${formatMoment(lastUsedAt)}`}. Made{" "}
          {formatMoment(createdAt)},{" "}
          {expiresAt === null ? "without an end" : `${isOver ? "ended" : "ends"} ${formatMoment(expiresAt)}`}.
        </p>
        <p class="muted">
          For {project}: {scopes.join(", ")}
        </p>
      </div>
      <details>
        <summary>Revoke…</summary>
        <form class="stack" method="post" action={`${PATH}/${tokenId}/revoke`}>
          <p>What uses it stops working at once.</p>
          <SubmitButton look="danger">{`Revoke ${name ?? "it"}`}</SubmitButton>
        </form>
      </details>
    </li>
  );
}

type TokenFormProps = {
  readonly actor: Actor;
  readonly projects: readonly Project[];
  readonly typed: Readonly<Record<string, string>>;
  readonly errors: FieldErrors;
};

function TokenForm({ actor, projects, typed, errors }: TokenFormProps) {
  const days = typed.days ?? String(SUGGESTED_TOKEN_DAYS);
  return (
    <>
      <h2 id="make">Make a token</h2>
      <div class="panel">
        <form method="post" action={PATH} novalidate>
          <Field
            name="name"
            label="Name"
            autocomplete="off"
            value={typed.name ?? ""}
            errors={errors}
            maxlength={100}
            hint="What will use it: you know it by this on the list."
          />
          <div class="field">
            <label for="projectId">Project</label>
            <select id="projectId" name="projectId">
              <option value="">All projects of the organization</option>
              {projects.map(({ id, label }) => (
                <option value={id} selected={typed.projectId === id}>
                  {label}
                </option>
              ))}
            </select>
          </div>
          <div class="field">
            <label for="days">Ends by itself</label>
            <select id="days" name="days">
              {DAYS.map((count) => (
                <option
                  value={String(count)}
                  selected={days === String(count)}
                >{`after ${count} days`}</option>
              ))}
              <option value="never" selected={days === "never"}>
                never
              </option>
            </select>
          </div>
          <ScopeBoxes actor={actor} typed={typed} error={errors.scopes} />
          <div>
            <SubmitButton>Make the token</SubmitButton>
          </div>
        </form>
      </div>
    </>
  );
}

type ScopeBoxesProps = {
  readonly actor: Actor;
  readonly typed: Readonly<Record<string, string>>;
  readonly error: string | undefined;
};

/** Only what the actor may do themselves: a token can do no more than who makes it. */
function ScopeBoxes({ actor, typed, error }: ScopeBoxesProps) {
  return (
    <fieldset aria-describedby={error === undefined ? undefined : "scopes-error"}>
      <legend>What it may do</legend>
      {error === undefined ? null : (
        <p class="error" id="scopes-error">
          {error}
        </p>
      )}
      <ul class="boxes">
        {ALL_SCOPES.filter((scope) => actor.permissions.has(scope)).map((scope) => (
          <li>
            <input
              id={`${SCOPE_FIELD}${scope}`}
              name={`${SCOPE_FIELD}${scope}`}
              type="checkbox"
              checked={typed[`${SCOPE_FIELD}${scope}`] !== undefined}
            />
            <label for={`${SCOPE_FIELD}${scope}`}>
              <code>{scope}</code> <span class="muted">{PERMISSION_MEANINGS[scope]}</span>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
