// Members, their roles, and invitations; what a role may not do is told beside what it cannot press.
import { useState } from "preact/hooks";
import {
  decideRemoval,
  decideRoleChange,
  grantableRoles,
  type MemberChange,
} from "../../../../core/organizations/member-changes.ts";
import type { InvitationAnswer, MemberAnswer } from "../../../../schemas/api/organizations.ts";
import { MEMBER_ROLES, type MemberRole } from "../../../../schemas/permissions.ts";
import { Badge } from "../../../halo/badge.tsx";
import { Button } from "../../../halo/button.tsx";
import { RelativeTime } from "../../../halo/relative-time.tsx";
import { SelectField } from "../../../halo/select-field.tsx";
import { Skeleton } from "../../../halo/skeleton.tsx";
import { showToast } from "../../../halo/toasts.ts";
import { useAction } from "../../data/action.ts";
import { apiPath, askApi } from "../../data/api-client.ts";
import { askAllPages } from "../../data/pages.ts";
import { usePerson, whyNotAllowed } from "../../data/person.ts";
import { useResource } from "../../data/resource.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { AskOnceMore } from "./ask-once-more.tsx";
import { FreshNote, useFreshBlock } from "./fresh-note.tsx";
import { InviteForm } from "./invite-form.tsx";
import { sayMemberRefusal } from "./say-member-refusal.ts";

export function MembersSection() {
  const person = usePerson();
  const { id, name } = person.organization;
  const members = useResource(`members ${id}`, (signal) =>
    askAllPages<MemberAnswer>(apiPath`/api/organizations/${id}/members`, { signal }),
  );
  const invitations = useResource(`invitations ${id}`, async (signal) => {
    const path = apiPath`/api/organizations/${id}/invitations`;
    return (await askApi<{ readonly items: readonly InvitationAnswer[] }>(path, { signal })).items;
  });
  const list = members.value;
  return (
    <>
      <p class="muted">
        Everybody here belongs to {name} and sees all of its projects; what they may do hangs on their role.
      </p>
      <FreshNote />
      <ProblemNote error={members.error} retry={members.reload} />
      {list === undefined && members.error === undefined ? (
        <Skeleton label="Loading the members" shape="row" />
      ) : null}
      <ul class="settings__rows" aria-label="Members">
        {list?.map((member) => (
          <MemberRow key={member.userId} member={member} members={list} onChanged={members.reload} />
        ))}
      </ul>
      <h2>Invite somebody</h2>
      <InviteForm
        roles={grantableRoles(person.role)}
        block={whyNotAllowed(person, "members:write")}
        onInvited={invitations.reload}
      />
      <ProblemNote error={invitations.error} retry={invitations.reload} />
      <Invitations invitations={invitations.value ?? []} onChanged={invitations.reload} />
    </>
  );
}

type MemberRowProps = {
  readonly member: MemberAnswer;
  readonly members: readonly MemberAnswer[];
  readonly onChanged: () => void;
};

function MemberRow({ member, members, onChanged }: MemberRowProps) {
  const { organization, role: ownRole } = usePerson();
  const { userId, name, email, role, joinedAt, isYou } = member;
  const action = useAction();
  const freshBlock = useFreshBlock();
  const [isAsking, setIsAsking] = useState(false);
  const ownerCount = members.filter((one) => one.role === "owner").length;
  const change: MemberChange = { actor: ownRole, member: role, isSelf: isYou, ownerCount };
  const removal = decideRemoval(change);
  const removalBlock = removal.ok ? (isYou ? null : freshBlock) : sayMemberRefusal(removal.reason, ownRole);
  const path = apiPath`/api/organizations/${organization.id}/members/${userId}`;
  const giveRole = (next: string) =>
    action.run(async () => {
      const { role: given } = await askApi<MemberAnswer>(path, { method: "PATCH", json: { role: next } });
      showToast({ message: `${name} is ${given} now.`, tone: "good" });
      onChanged();
    });
  const remove = () =>
    action.run(async () => {
      await askApi<null>(path, { method: "DELETE" });
      setIsAsking(false);
      if (isYou) location.assign("/studio");
      else onChanged();
    });
  return (
    <li class="settings__row">
      <div class="settings__row-main">
        <p>
          <strong>{name}</strong> {isYou ? <Badge tone="info">you</Badge> : null}
        </p>
        <p class="muted">
          {email}, since <RelativeTime ts={joinedAt} />
        </p>
      </div>
      <RoleSelect
        member={member}
        change={change}
        freshBlock={freshBlock}
        onPick={(next) => void giveRole(next)}
      />
      <Button
        size="small"
        icon="trash"
        disabledReason={removalBlock}
        aria-label={isYou ? `Leave ${organization.name}` : `Remove ${name}`}
        onClick={() => setIsAsking(true)}
      >
        {isYou ? "Leave" : "Remove"}
      </Button>
      {isAsking ? null : <ProblemNote error={action.error} />}
      {isAsking ? (
        <AskOnceMore
          title={isYou ? `Leave ${organization.name}?` : `Remove ${name}?`}
          verb={isYou ? "Leave" : "Remove"}
          action={action}
          onConfirm={() => void remove()}
          onClose={() => setIsAsking(false)}
        >
          <p>
            {isYou ? "You lose" : `${name} loses`} every right here at once, and tokens made here are revoked.
            What was done stays on the timelines.
          </p>
        </AskOnceMore>
      ) : null}
    </li>
  );
}

type RoleSelectProps = {
  readonly member: MemberAnswer;
  readonly change: MemberChange;
  readonly freshBlock: string | null;
  readonly onPick: (role: string) => void;
};

/** Only the roles that may be given; when there is no choice, the reason. */
function RoleSelect({ member, change, freshBlock, onPick }: RoleSelectProps) {
  const allowed = MEMBER_ROLES.filter((role) => role === member.role || decideRoleChange(change, role).ok);
  const other: MemberRole = member.role === "viewer" ? "creator" : "viewer";
  const refused = decideRoleChange(change, other);
  const why = refused.ok ? freshBlock : sayMemberRefusal(refused.reason, change.actor);
  return (
    <div class="settings__role">
      <SelectField
        label={`Role of ${member.name}`}
        isLabelHidden
        value={member.role}
        options={allowed.map((role) => ({ value: role, label: role }))}
        isDisabled={why !== null}
        {...(why === null ? {} : { hint: why })}
        onChange={onPick}
      />
    </div>
  );
}

type InvitationsProps = { readonly invitations: readonly InvitationAnswer[]; readonly onChanged: () => void };

function Invitations({ invitations, onChanged }: InvitationsProps) {
  const person = usePerson();
  const action = useAction();
  const block = whyNotAllowed(person, "members:write");
  if (invitations.length === 0) return <p class="muted">No invitation is open.</p>;
  const takeBack = (invitationId: string) =>
    action.run(async () => {
      await askApi<null>(apiPath`/api/organizations/${person.organization.id}/invitations/${invitationId}`, {
        method: "DELETE",
      });
      onChanged();
    });
  return (
    <>
      <h2>Open invitations</h2>
      <ProblemNote error={action.error} />
      <ul class="settings__rows" aria-label="Open invitations">
        {invitations.map(({ invitationId, email, role, invitedBy, expiresAt }) => (
          <li key={invitationId} class="settings__row">
            <div class="settings__row-main">
              <p>
                <strong>{email}</strong> as {role}
              </p>
              <p class="muted">
                by {invitedBy.name}, good until {new Date(expiresAt).toLocaleDateString()}
              </p>
            </div>
            <Button
              size="small"
              disabledReason={block}
              aria-label={`Take back the invitation of ${email}`}
              onClick={() => void takeBack(invitationId)}
            >
              Take back
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}
