/** @jsxImportSource hono/jsx */
// How /account/members looks. A control is shown only where core would allow what it does.
import type { Context } from "hono";
import type { Actor } from "../../../adapters/database/actor.ts";
import {
  type Invitation,
  listInvitations,
  listReceived,
  type ReceivedInvitation,
} from "../../../adapters/database/invitations.ts";
import { listMembers, type Member } from "../../../adapters/database/members.ts";
import { listMemberships, type Membership } from "../../../adapters/database/organizations.ts";
import {
  decideRemoval,
  decideRoleChange,
  grantableRoles,
} from "../../../core/organizations/member-changes.ts";
import { INVITATION_DAYS, ORGANIZATION_LIMITS } from "../../../schemas/organization-limits.ts";
import type { MemberRole } from "../../../schemas/permissions.ts";
import { Field, type FieldErrors, Notice, SubmitButton } from "./form-parts.tsx";
import { Page } from "./layout.tsx";
import { formatMoment } from "./moment.ts";
import { type PageEnv, showPage } from "./page-app.ts";

const PATH = "/account/members";

type Said = {
  readonly refusal?: string;
  readonly typed?: Readonly<Record<string, string>>;
  readonly errors?: FieldErrors;
};

/** The page, with what was wrong with the last form when something was. */
export async function showMembers(
  context: Context<PageEnv>,
  { refusal, typed = {}, errors = {} }: Said,
  status: 200 | 400 | 403 | 404 | 409 | 422 = 200,
): Promise<Response> {
  const actor = context.get("actor");
  const database = context.env.DB;
  const now = Date.now();
  const mayRead = actor.permissions.has("members:read");
  const mayWrite = actor.permissions.has("members:write");
  const [memberships, received, members, invitations] = await Promise.all([
    listMemberships(database, actor),
    listReceived(database, actor, now),
    mayRead ? listMembers(database, actor, { limit: ORGANIZATION_LIMITS.members, after: null }) : [],
    mayRead ? listInvitations(database, actor, now) : [],
  ]);
  const current = memberships.find(({ organizationId }) => organizationId === actor.organizationId);
  return await showPage(
    context,
    <Page
      title={`Members of ${current?.name ?? "your organization"}`}
      visitor={context.get("visitor")}
      accountPath={PATH}
    >
      {refusal === undefined ? null : <Notice kind="bad">{refusal}</Notice>}
      {received.map((invitation) => (
        <ReceivedNotice invitation={invitation} />
      ))}
      {mayRead ? <MemberList actor={actor} members={members} /> : <BuyerPanel actor={actor} />}
      {invitations.length === 0 ? null : <OpenInvitations invitations={invitations} mayWrite={mayWrite} />}
      {mayWrite ? <InviteForm actor={actor} typed={typed} errors={errors} /> : null}
      <Organizations memberships={memberships} activeId={actor.organizationId} />
    </Page>,
    status,
  );
}

function MemberList({ actor, members }: { readonly actor: Actor; readonly members: readonly Member[] }) {
  const ownerCount = members.filter(({ role }) => role === "owner").length;
  return (
    <div class="panel">
      <ul class="rows">
        {members.map((member) => (
          <MemberRow actor={actor} member={member} ownerCount={ownerCount} />
        ))}
      </ul>
    </div>
  );
}

type MemberRowProps = { readonly actor: Actor; readonly member: Member; readonly ownerCount: number };

function MemberRow({ actor, member, ownerCount }: MemberRowProps) {
  const { userId, name, email, role, joinedAt } = member;
  const isSelf = userId === actor.userId;
  const facts = { actor: actor.role, member: role, isSelf, ownerCount };
  const roles = grantableRoles(actor.role).filter((next) => decideRoleChange(facts, next).ok);
  return (
    <li>
      <div>
        <p>
          {name} <span class="tag">{role}</span> {isSelf ? <span class="tag">you</span> : null}
        </p>
        <p class="muted">
          {email}, since {formatMoment(joinedAt)}
        </p>
      </div>
      {roles.length > 1 ? (
        <form class="inline" method="post" action={`${PATH}/${userId}/role`}>
          <RoleSelect id={`role-${userId}`} label={`Role of ${name}`} roles={roles} selected={role} isQuiet />
          <SubmitButton look="plain">Change</SubmitButton>
        </form>
      ) : null}
      {decideRemoval(facts).ok ? (
        <details>
          <summary>{isSelf ? "Leave…" : "Remove…"}</summary>
          <form class="stack" method="post" action={`${PATH}/${userId}/remove`}>
            <p>
              {isSelf
                ? "You lose your role and your tokens in this organization."
                : `${name} loses the role, the tokens and what is open here, at once.`}
            </p>
            <SubmitButton look="danger">{isSelf ? "Leave the organization" : `Remove ${name}`}</SubmitButton>
          </form>
        </details>
      ) : null}
    </li>
  );
}

type RoleSelectProps = {
  readonly id: string;
  readonly label: string;
  readonly roles: readonly MemberRole[];
  readonly selected: MemberRole;
  /** The label is read out, not shown: the row says it. */
  readonly isQuiet?: boolean;
};

function RoleSelect({ id, label, roles, selected, isQuiet = false }: RoleSelectProps) {
  return (
    <div class="field">
      <label for={id} class={isQuiet ? "only-read" : undefined}>
        {label}
      </label>
      <select id={id} name="role">
        {roles.map((role) => (
          <option value={role} selected={role === selected}>
            {role}
          </option>
        ))}
      </select>
    </div>
  );
}

function OpenInvitations({
  invitations,
  mayWrite,
}: {
  readonly invitations: readonly Invitation[];
  readonly mayWrite: boolean;
}) {
  return (
    <>
      <h2>Open invitations</h2>
      <div class="panel">
        <ul class="rows">
          {invitations.map(({ invitationId, email, role, invitedBy, expiresAt }) => (
            <li>
              <div>
                <p>
                  {email} <span class="tag">{role}</span>
                </p>
                <p class="muted">
                  From {invitedBy.name}, good until {formatMoment(expiresAt)}
                </p>
              </div>
              {mayWrite ? (
                <form method="post" action={`${PATH}/invitations/${invitationId}/cancel`}>
                  <SubmitButton look="plain">Take back</SubmitButton>
                </form>
              ) : null}
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

type InviteFormProps = {
  readonly actor: Actor;
  readonly typed: Readonly<Record<string, string>>;
  readonly errors: FieldErrors;
};

function InviteForm({ actor, typed, errors }: InviteFormProps) {
  return (
    <>
      <h2 id="invite">Invite somebody</h2>
      <div class="panel">
        <form method="post" action={`${PATH}/invite`} novalidate>
          <Field
            name="email"
            label="E-mail address"
            type="email"
            autocomplete="off"
            value={typed.email ?? ""}
            errors={errors}
            hint={`They get a mail with a link that is good for ${INVITATION_DAYS} days and one use.`}
          />
          <RoleSelect id="role" label="Role" roles={grantableRoles(actor.role)} selected="creator" />
          <div>
            <SubmitButton>Invite</SubmitButton>
          </div>
        </form>
      </div>
    </>
  );
}

function ReceivedNotice({ invitation }: { readonly invitation: ReceivedInvitation }) {
  const { invitationId, organization, invitedBy, role } = invitation;
  return (
    <Notice>
      {invitedBy.name} invites you to join {organization.name} as {role}.{" "}
      <a href={`/invitation/${invitationId}`}>Look and decide</a>
    </Notice>
  );
}

function BuyerPanel({ actor }: { readonly actor: Actor }) {
  return (
    <div class="panel">
      <p>Your role here is {actor.role}: it does not see who else is a member.</p>
      <form method="post" action={`${PATH}/${actor.userId}/remove`}>
        <div>
          <SubmitButton look="danger">Leave the organization</SubmitButton>
        </div>
      </form>
    </div>
  );
}

type OrganizationsProps = { readonly memberships: readonly Membership[]; readonly activeId: string };

function Organizations({ memberships, activeId }: OrganizationsProps) {
  return (
    <>
      <h2 id="organizations">Your organizations</h2>
      <div class="panel">
        <ul class="rows">
          {memberships.map(({ organizationId, name, role }) => (
            <li>
              <div>
                <p>
                  {name} <span class="tag">{role}</span>
                </p>
              </div>
              {organizationId === activeId ? (
                <p class="muted">You act for it now</p>
              ) : (
                <form method="post" action="/account/organization">
                  <input type="hidden" name="organization" value={organizationId} />
                  <SubmitButton look="plain">{`Act for ${name}`}</SubmitButton>
                </form>
              )}
            </li>
          ))}
        </ul>
      </div>
      <details class="panel">
        <summary>Make another organization</summary>
        <form method="post" action="/account/organizations">
          <Field name="name" label="Its name" autocomplete="organization" maxlength={100} />
          <div>
            <SubmitButton>Make it</SubmitButton>
          </div>
        </form>
      </details>
    </>
  );
}
