// Who uses the Studio, and what they may do here.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Whoami } from "../../../schemas/api/access.ts";
import { type Permission, rolesWith } from "../../../schemas/permissions.ts";

export const PersonContext = createContext<Whoami | null>(null);

/** The person; views are only shown when there is one. */
export function usePerson(): Whoami {
  const person = useContext(PersonContext);
  if (person === null) throw new Error("a view is shown only to a person who is signed in");
  return person;
}

/** Why this person may not, in a sentence for a disabled button; null when they may. The server decides all the same. */
export function whyNotAllowed(person: Whoami, permission: Permission): string | null {
  if (person.scopes.includes(permission)) return null;
  const roles = rolesWith(permission).join(", ");
  return `Your role here is ${person.role}; this takes one of: ${roles}.`;
}
