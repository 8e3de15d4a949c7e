// The parameters as a person is writing them: an object of what differs from the defaults, and the same as text. What is
// wrong with it is said by core/mesh/check-parameters.ts, as the platform says it.
import { completeParameters } from "../../../../core/mesh/check-parameters.ts";
import type { MeshCapsule } from "../../../../core/mesh/mesh-capsule.ts";
import type { FieldError } from "../../../../schemas/problem.ts";
import { fail, ok, type Result } from "../../../../schemas/result.ts";
import { PARAMETER_DEFAULTS } from "./parameter-fields.ts";

export type Draft = Readonly<Record<string, unknown>>;

/** Longer text is no draft of a person. */
export const MAX_DRAFT_CHARACTERS = 200_000;

/** The draft with that parameter; undefined, or what is the default anyway, leaves it out. */
export function setParameter(draft: Draft, name: string, value: unknown): Draft {
  const { [name]: _before, ...rest } = draft;
  const isDefault = value === undefined || JSON.stringify(value) === JSON.stringify(defaultOf(name));
  return isDefault ? rest : { ...rest, [name]: value };
}

/** What the parameter is, said or not. */
export function parameterOf(draft: Draft, name: string): unknown {
  return name in draft ? draft[name] : defaultOf(name);
}

export function formatDraft(draft: Draft): string {
  return JSON.stringify(draft, null, 2);
}

/** The draft that a text says, or where it is no JSON object. */
export function parseDraft(text: string): Result<Draft, string> {
  if (text.length > MAX_DRAFT_CHARACTERS) return fail("This is too long for parameters.");
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return fail("Parameters are one JSON object: { … }.");
  return ok(value as Draft);
}

/** Any JSON value; nothing written is undefined. */
export function parseJson(text: string): Result<unknown, string> {
  if (text.trim() === "") return ok(undefined);
  try {
    return ok(JSON.parse(text));
  } catch (error) {
    return fail(`This is not JSON yet: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** Everything that is wrong with the draft, each with its path. */
export function checkDraft(draft: Draft, services: MeshCapsule["services"]): readonly FieldError[] {
  const checked = completeParameters(draft, { services, drawSeed: () => 0 });
  return checked.ok ? [] : checked.reason;
}

/** What is said of this parameter, and of what lies in it; a path of the API begins with `params.`. */
export function errorsOf(errors: readonly FieldError[], name: string): readonly string[] {
  return errors.flatMap(({ path, message }) => {
    const own = path.replace(/^params\.?/, "");
    if (own === name) return [message];
    return own.startsWith(`${name}.`) ? [`${own.slice(name.length + 1)}: ${message}`] : [];
  });
}

/** What belongs to no field of the form: a key that is not known, or the whole. */
export function errorsElsewhere(
  errors: readonly FieldError[],
  names: readonly string[],
): readonly FieldError[] {
  return errors.filter(({ path }) => {
    const [first] = path.replace(/^params\.?/, "").split(".");
    return first === undefined || !names.includes(first);
  });
}

/** 32 bits, as the platform draws them. */
export function drawSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}

function defaultOf(name: string): unknown {
  return (PARAMETER_DEFAULTS as Draft)[name];
}
