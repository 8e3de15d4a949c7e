// The names behind the ids of the people who did something here.
import type { MemberAnswer } from "../../../../schemas/api/organizations.ts";
import { apiPath } from "../../data/api-client.ts";
import { askAllPages } from "../../data/pages.ts";
import { usePerson } from "../../data/person.ts";
import { useResource } from "../../data/resource.ts";

/** Gives a function from a user's id to their name. Who has left has none any more; while names load they are empty. */
export function useMemberNames(): (userId: string) => string {
  const { user, organization } = usePerson();
  const members = useResource(`members ${organization.id}`, (signal) =>
    askAllPages<MemberAnswer>(apiPath`/api/organizations/${organization.id}/members`, { signal }),
  );
  return (userId) => {
    if (userId === user.id) return "you";
    if (members.value === undefined) return members.error === undefined ? "" : "somebody";
    return members.value.find((member) => member.userId === userId)?.name ?? "a former member";
  };
}
