// Names for the opaque ids in events: members and tokens of the organization. Somebody who left has no name any more.
import type { TokenFacts, Whoami } from "../../../schemas/api/access.ts";
import type { MemberAnswer } from "../../../schemas/api/organizations.ts";
import type { ActorRef } from "../../../schemas/event.ts";
import { apiPath } from "./api-client.ts";
import { askAllPages } from "./pages.ts";
import { usePerson } from "./person.ts";
import { useResource } from "./resource.ts";

/** What to call who did something. */
export type NameActor = (actor: ActorRef) => string;

type Names = ReadonlyMap<string, string>;

/** One look-up serves every view of the page; a new page looks again. */
let known: { readonly organizationId: string; readonly names: Promise<Names> } | null = null;
/** Whose names were asked for once more, because they came after the look-up, or have left. */
const missed = new Set<string>();

/** What to call who did something: "you", a member's name, a token's, the platform. */
export function useActorName(): NameActor {
  const person = usePerson();
  const names = useResource(`people ${person.organization.id}`, () => loadNames(person));
  return (actor) => {
    if (actor.kind === "platform") return "OurSynth";
    if (actor.id === person.user.id) return "you";
    const name = names.value?.get(actor.id);
    if (name !== undefined) return name;
    if (actor.kind === "token") return "a token";
    if (names.value === undefined) return "somebody";
    if (!missed.has(actor.id)) {
      missed.add(actor.id);
      known = null;
      queueMicrotask(names.reload);
    }
    return "a former member";
  };
}

function loadNames(person: Whoami): Promise<Names> {
  const { id } = person.organization;
  if (known?.organizationId === id) return known.names;
  const names = readNames(person);
  known = { organizationId: id, names };
  // A failure is not kept: the next view asks again.
  names.catch(() => {
    known = null;
  });
  return names;
}

async function readNames({ organization, scopes }: Whoami): Promise<Names> {
  // Everybody's tokens are shown to who manages members.
  const of = scopes.includes("members:write") ? "all" : "mine";
  const [members, tokens] = await Promise.all([
    scopes.includes("members:read")
      ? askAllPages<MemberAnswer>(apiPath`/api/organizations/${organization.id}/members`)
      : [],
    scopes.includes("tokens:read") ? askAllPages<TokenFacts>("/api/tokens", { query: { of } }) : [],
  ]);
  return new Map([
    ...members.map(({ userId, name }): [string, string] => [userId, name]),
    ...tokens.map(({ tokenId, name, owner }): [string, string] => [
      tokenId,
      `${name ?? "a token"} (${owner.name})`,
    ]),
  ]);
}
