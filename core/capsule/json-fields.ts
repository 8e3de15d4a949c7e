// Fields of a manifest by RFC 6901 pointer: compared by their canonical form, read, and set.
import { canonicalJson } from "./canonical-json.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** JSON has no undefined: here it says that a field is not there. */
export type Field = unknown;

/** Whether both are absent, or have the same canonical form (RFC 8785). */
export function equalFields(a: Field, b: Field): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a === b || canonicalJson(a) === canonicalJson(b);
}

export function isJsonObject(value: Field): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member of the object's own; undefined when it is not there. */
export function memberOf(object: JsonObject, key: string): Field {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The keys of all objects, each once, in one order whatever the order of the objects. */
export function allKeys(...objects: readonly JsonObject[]): string[] {
  return [...new Set(objects.flatMap((object) => Object.keys(object)))].sort();
}

/** The pointer to a member of what `pointer` names. */
export function pointerTo(pointer: string, key: string): string {
  return `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** The keys on the way; null when it is no pointer. */
export function parsePointer(pointer: string): string[] | null {
  if (!/^(?:\/(?:[^~/]|~[01])*)+$/.test(pointer)) return null;
  return pointer
    .slice(1)
    .split("/")
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** What stands at these keys, through objects only. */
export function fieldAt(object: JsonObject, keys: readonly string[]): Field {
  let value: Field = object;
  for (const key of keys) value = isJsonObject(value) ? memberOf(value, key) : undefined;
  return value;
}

/** The object with another value at these keys, or without it; null when the way there leads through no object. */
export function withField(object: JsonObject, keys: readonly string[], value: Field): JsonObject | null {
  const [key, ...rest] = keys;
  if (key === undefined) return null;
  const members = new Map(Object.entries(object));
  if (rest.length > 0) {
    const inner = memberOf(object, key);
    const changed = isJsonObject(inner) ? withField(inner, rest, value) : null;
    if (changed === null) return null;
    members.set(key, changed);
  } else if (value === undefined) members.delete(key);
  else members.set(key, value);
  // Unlike an assignment this takes `__proto__` for a key like any other.
  return Object.fromEntries(members);
}
