// Who can see the project: the organization's members by their roles, and everybody what is live.
import type { MemberAnswer } from "../../../../schemas/api/organizations.ts";
import { MEMBER_ROLES, ROLE_PERMISSIONS } from "../../../../schemas/permissions.ts";
import { CopyButton } from "../../../halo/copy-button.tsx";
import { Skeleton } from "../../../halo/skeleton.tsx";
import { apiPath } from "../../data/api-client.ts";
import { askAllPages } from "../../data/pages.ts";
import { usePerson } from "../../data/person.ts";
import { useProject } from "../../data/project-room.ts";
import { useResource } from "../../data/resource.ts";
import { routes } from "../../routes.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";

export function SharingSection() {
  const { detail, label } = useProject();
  const { organization } = usePerson();
  const members = useResource(`members ${organization.id}`, (signal) =>
    askAllPages<MemberAnswer>(apiPath`/api/organizations/${organization.id}/members`, { signal }),
  );
  const live = detail.environments.filter((environment) => environment.live !== null);
  const link = new URL(routes.home(label), location.href).href;
  return (
    <>
      <h2>In the Studio</h2>
      <p>
        Members of {organization.name} see this project, its files, timeline and logs. Nobody else does: there
        are no public links into the Studio.
      </p>
      <ProblemNote error={members.error} retry={members.reload} />
      {members.value === undefined && members.error === undefined ? (
        <Skeleton label="Loading the members" />
      ) : null}
      {members.value === undefined ? null : (
        <dl class="settings__facts">
          {MEMBER_ROLES.map((role) => (
            <RoleFacts key={role} role={role} members={members.value ?? []} />
          ))}
        </dl>
      )}
      <p>
        <a href={routes.settings(label, "members")}>Invite somebody</a>, then send them the link:{" "}
        <code>{link}</code> <CopyButton text={link} label="Copy the link to this project" />
      </p>
      <h2>What is live</h2>
      {live.length === 0 ? (
        <p class="muted">Nothing is live, so nobody sees anything.</p>
      ) : (
        <>
          <p>Everybody who knows an address can open the app there, without signing in.</p>
          <ul>
            {live.map(({ name, url }) => (
              <li key={name}>
                {name}: <a href={url}>{url}</a>{" "}
                <CopyButton text={url} label={`Copy the address of ${name}`} />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

type RoleFactsProps = {
  readonly role: (typeof MEMBER_ROLES)[number];
  readonly members: readonly MemberAnswer[];
};

function RoleFacts({ role, members }: RoleFactsProps) {
  const names = members.filter((member) => member.role === role).map(({ name }) => name);
  const permissions = ROLE_PERMISSIONS[role];
  const may = permissions.has("deploys:confirm")
    ? "see, change, deploy and confirm"
    : permissions.has("deploys:write")
      ? "see, change and deploy"
      : permissions.has("projects:read")
        ? "see"
        : "do not see it";
  return (
    <>
      <dt>
        {role}s {may}
      </dt>
      <dd>{names.length === 0 ? "nobody" : names.join(", ")}</dd>
    </>
  );
}
