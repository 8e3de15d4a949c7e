// Three-way merge of a manifest's fields (CAPSULE.md F2): objects member by member, services and seeds by name, any
// other list as a whole.
import type { FieldConflict, MergeDecision } from "../../schemas/capsule-merge.ts";
import {
  allKeys,
  equalFields,
  type Field,
  isJsonObject,
  type JsonObject,
  memberOf,
  pointerTo,
} from "./json-fields.ts";
import { mergeOrder, type Sides } from "./merge-order.ts";

export type MergedFields = { readonly fields: JsonObject; readonly conflicts: readonly FieldConflict[] };

/** Decisions by path; those that were used are taken out. */
export type OpenDecisions = Map<string, MergeDecision>;

type Named = JsonObject & { readonly name: string };
type Work = { readonly conflicts: FieldConflict[]; readonly decisions: OpenDecisions };

const LISTS_BY_NAME: ReadonlySet<string> = new Set(["/services", "/seeds"]);
const EMPTY: JsonObject = {};

/** The merged fields, without those that are in conflict and undecided. */
export function mergeFields(sides: Sides<JsonObject>, decisions: OpenDecisions): MergedFields {
  const work: Work = { conflicts: [], decisions };
  return { fields: mergeMembers("", sides, work), conflicts: work.conflicts };
}

/** The value that a decision stands for; undefined where it is not there. */
export function decidedField(decision: MergeDecision, sides: Sides<Field>): Field {
  return typeof decision === "string" ? sides[decision] : decision.content;
}

export function describeFieldConflict(
  kind: FieldConflict["kind"],
  path: string,
  { base, ours, theirs }: Sides<Field>,
  message: string,
): FieldConflict {
  return { kind, path, base: toSide(base), ours: toSide(ours), theirs: toSide(theirs), message };
}

function toSide(value: Field): FieldConflict["base"] {
  return value === undefined ? null : { value };
}

function mergeMembers(pointer: string, { base, ours, theirs }: Sides<JsonObject>, work: Work): JsonObject {
  const members = allKeys(base, ours, theirs).map((key): [string, Field] => {
    const sides = { base: memberOf(base, key), ours: memberOf(ours, key), theirs: memberOf(theirs, key) };
    return [key, mergeField(pointerTo(pointer, key), sides, work)];
  });
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

function mergeField(pointer: string, sides: Sides<Field>, work: Work): Field {
  const { base, ours, theirs } = sides;
  if (equalFields(ours, theirs) || equalFields(base, theirs)) return ours;
  if (equalFields(base, ours)) return theirs;
  if (isJsonObject(ours) && isJsonObject(theirs)) {
    return mergeMembers(pointer, { base: isJsonObject(base) ? base : EMPTY, ours, theirs }, work);
  }
  const named = LISTS_BY_NAME.has(pointer) ? readNamed(sides) : null;
  const merged = named === null ? null : mergeNamed(pointer, named, work);
  return merged ?? decideField(pointer, sides, work);
}

function decideField(pointer: string, sides: Sides<Field>, work: Work): Field {
  const decision = work.decisions.get(pointer);
  if (decision !== undefined) {
    work.decisions.delete(pointer);
    return decidedField(decision, sides);
  }
  work.conflicts.push(
    describeFieldConflict("field", pointer, sides, "both sides changed it, and not to the same"),
  );
  return undefined;
}

/** The three lists, when every entry has a name of its own. */
function readNamed({ base, ours, theirs }: Sides<Field>): Sides<readonly Named[]> | null {
  const [baseList, oursList, theirsList] = [base, ours, theirs].map(toNamedList);
  if (!baseList || !oursList || !theirsList) return null;
  return { base: baseList, ours: oursList, theirs: theirsList };
}

function toNamedList(value: Field): readonly Named[] | null {
  if (!Array.isArray(value)) return null;
  const named = value.filter(
    (entry): entry is Named => isJsonObject(entry) && typeof entry.name === "string",
  );
  const names = new Set(named.map(({ name }) => name));
  return names.size === value.length ? named : null;
}

/** Null when the two sides put the entries in orders that do not go together. */
function mergeNamed(pointer: string, lists: Sides<readonly Named[]>, work: Work): Field {
  const order = mergeOrder({
    base: lists.base.map(nameOf),
    ours: lists.ours.map(nameOf),
    theirs: lists.theirs.map(nameOf),
  });
  if (order === null) return null;
  const merged = mergeMembers(
    pointer,
    { base: byName(lists.base), ours: byName(lists.ours), theirs: byName(lists.theirs) },
    work,
  );
  return order.map((name) => memberOf(merged, name)).filter((entry) => entry !== undefined);
}

function nameOf({ name }: Named): string {
  return name;
}

function byName(entries: readonly Named[]): JsonObject {
  return Object.fromEntries(entries.map((entry) => [entry.name, entry]));
}
