// Names of those who did something: events know people by opaque ids alone, the organization knows their names.
import type { Token } from "../../../schemas/api/access.ts";
import type { MemberAnswer } from "../../../schemas/api/organizations.ts";
import type { ActorRef } from "../../../schemas/event.ts";
import { apiPath, askApi } from "../data/api-client.ts";
import { askAllPages } from "../data/pages.ts";
import { usePerson } from "../data/person.ts";
import { useResource } from "../data/resource.ts";

export type NameActor = (actor: ActorRef) => string;

/** Until the names have come, and for who has left, an id in short. */
export function useActorNames(): NameActor {
  const { user, organization, scopes } = usePerson();
  const members = useResource(`members of ${organization.id}`, (signal) =>
    askAllPages<MemberAnswer>(apiPath`/api/organizations/${organization.id}/members`, { signal }),
  );
  const holders = scopes.includes("members:write") ? "all" : "mine";
  const tokens = useResource(scopes.includes("tokens:read") ? `tokens ${holders}` : null, async (signal) => {
    const query = { of: holders };
    return (await askApi<{ readonly items: readonly Token[] }>("/api/tokens", { query, signal })).items;
  });
  const names = new Map([
    ...(members.value ?? []).map(({ userId, name }) => [userId, name] as const),
    ...(tokens.value ?? []).flatMap(({ tokenId, name }) => (name === null ? [] : [[tokenId, name] as const])),
  ]);
  return (actor) => nameActor(actor, user.id, names);
}

const SHORT_ID = 12;

export function nameActor({ kind, id }: ActorRef, ownId: string, names: ReadonlyMap<string, string>): string {
  switch (kind) {
    case "platform":
      return "the platform";
    case "token":
      return `the token ${names.get(id) ?? id.slice(0, SHORT_ID)}`;
    case "user":
      return id === ownId ? "you" : (names.get(id) ?? `${id.slice(0, SHORT_ID)}…`);
  }
}
