// Merges two capsules that come from one (CAPSULE.md F2). Pure: the same inputs give the same capsule anywhere.
import type { FieldConflict, MergeConflict, MergeDecision } from "../../schemas/capsule-merge.ts";
import type { Manifest } from "../../schemas/manifest.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import type { Hashing } from "../hashing.ts";
import type { ReadFile } from "./diff-capsules.ts";
import { computeCapsuleDigest, settingsOf } from "./digest.ts";
import { equalFields, fieldAt, type JsonObject, parsePointer, withField } from "./json-fields.ts";
import { checkManifest, formatCapsuleId, type ManifestIssue, parseCapsuleId } from "./manifest.ts";
import { decidedField, describeFieldConflict, mergeFields, type OpenDecisions } from "./merge-fields.ts";
import { mergeFiles } from "./merge-files.ts";
import type { Sides } from "./merge-order.ts";
import { comparePaths } from "./path.ts";

export type MergeOptions = {
  /** Of the result; its id follows. */
  readonly version: string;
  readonly hashing: Hashing;
  /** Gives every file of the three by digest; asked only for texts that both sides changed. */
  readonly readFile: ReadFile;
  /** By the path of the conflict. */
  readonly decisions?: ReadonlyMap<string, MergeDecision>;
};

export type MergeOutcome =
  | {
      readonly status: "merged";
      readonly manifest: Manifest;
      /** By bare SHA-256: contents that none of the three has. */
      readonly blobs: ReadonlyMap<string, Uint8Array>;
    }
  | { readonly status: "conflicts"; readonly conflicts: readonly MergeConflict[] };

export type MergeFailure =
  | { readonly code: "invalid-manifest"; readonly issues: readonly ManifestIssue[] }
  | { readonly code: "unused-decisions"; readonly paths: readonly string[] };

/** Each round decides one invalid field at least. */
const MAX_ROUNDS = 20;

/**
 * Files by path, then by line; fields by pointer. All conflicts come back together, ordered by path, until each is
 * decided; then the merged capsule, with both as parents. Its `createdAt` is the later of theirs; documents carried
 * inside (`attestations`) told of one state and are left out; `createdBy` is kept where the sides agree on it.
 * Fails when a decision is about no conflict, and when what the caller gave (the version) or the whole (C6) is not
 * valid. Throws when `readFile` has not got a file.
 */
export async function mergeCapsules(
  base: Manifest,
  ours: Manifest,
  theirs: Manifest,
  options: MergeOptions,
): Promise<Result<MergeOutcome, MergeFailure>> {
  const decisions: OpenDecisions = new Map(options.decisions);
  const merged = await mergeFiles(
    { base: base.files, ours: ours.files, theirs: theirs.files },
    { readFile: options.readFile, hashing: options.hashing, decisions },
  );
  const sides = { base: mergeableFields(base), ours: mergeableFields(ours), theirs: mergeableFields(theirs) };
  const { fields, conflicts: fieldConflicts } = mergeFields(sides, decisions);
  const conflicts: MergeConflict[] = [...merged.conflicts, ...fieldConflicts];
  if (conflicts.length > 0) return endWith(conflicts, decisions);
  const facts = {
    version: options.version,
    createdAt: Math.max(ours.createdAt, theirs.createdAt),
    createdBy: mergeLabel({ base: base.createdBy, ours: ours.createdBy, theirs: theirs.createdBy }),
    attestations: [],
    parents: [
      await computeCapsuleDigest(ours, options.hashing),
      await computeCapsuleDigest(theirs, options.hashing),
    ],
    files: merged.files,
  };
  const completed = completeFields(fields, facts, sides, decisions);
  if (!completed.ok) return completed;
  if (completed.value.status === "conflicts") return endWith(completed.value.conflicts, decisions);
  if (decisions.size > 0) return fail({ code: "unused-decisions", paths: [...decisions.keys()] });
  return ok({ status: "merged", manifest: completed.value.manifest, blobs: merged.blobs });
}

/** What authors write but the version, which the caller gives; the id stands for its slug. */
function mergeableFields(manifest: Manifest): JsonObject {
  const { _type, id, version: _version, ...fields } = settingsOf(manifest);
  return { ...fields, _type, id: parseCapsuleId(id)?.slug };
}

/** A label that nothing trusts (CAPSULE.md C7) is no reason to ask anybody. */
function mergeLabel({ base, ours, theirs }: Sides<Manifest["createdBy"]>): Manifest["createdBy"] {
  if (equalFields(ours, theirs) || equalFields(base, theirs)) return ours;
  return equalFields(base, ours) ? theirs : null;
}

/** A decision may wait for a conflict that shows only later, so none is refused while conflicts are left. */
function endWith(
  conflicts: readonly MergeConflict[],
  decisions: OpenDecisions,
): Result<MergeOutcome, MergeFailure> {
  const asked = new Set(conflicts.map(({ path }) => path));
  const wrong = [...decisions.keys()].filter((path) => asked.has(path));
  if (wrong.length > 0) return fail({ code: "unused-decisions", paths: wrong });
  return ok({ status: "conflicts", conflicts: [...conflicts].sort((a, b) => comparePaths(a.path, b.path)) });
}

type Completed =
  | { readonly status: "merged"; readonly manifest: Manifest }
  | { readonly status: "conflicts"; readonly conflicts: readonly FieldConflict[] };

/**
 * The checked manifest. Fields that went well together with one side's files can be wrong beside the other's (an entry
 * that was removed): each is a conflict too.
 */
function completeFields(
  fields: JsonObject,
  facts: JsonObject & { readonly version: string },
  sides: Sides<JsonObject>,
  decisions: OpenDecisions,
): Result<Completed, MergeFailure> {
  let current = fields;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const id = formatCapsuleId({ slug: String(current.id), version: facts.version });
    const checked = checkManifest({ ...current, ...facts, id });
    if (checked.ok) return ok({ status: "merged", manifest: checked.value });
    const { issues } = checked.reason;
    const byPointer = new Map(issues.map((issue) => [pointerOf(issue), issue.message]));
    if ([...byPointer.keys()].some((pointer) => fieldAt(fields, parsePointer(pointer) ?? []) === undefined)) {
      return fail({ code: "invalid-manifest", issues });
    }
    const undecided: FieldConflict[] = [];
    for (const [pointer, message] of byPointer) {
      const values = sidesAt(sides, pointer);
      const decision = decisions.get(pointer);
      const decided =
        decision === undefined
          ? null
          : withField(current, parsePointer(pointer) ?? [], decidedField(decision, values));
      if (decided === null) undecided.push(describeFieldConflict("invalid", pointer, values, message));
      else {
        decisions.delete(pointer);
        current = decided;
      }
    }
    if (undecided.length > 0) return ok({ status: "conflicts", conflicts: undecided });
  }
  throw new Error("every round takes a decision out");
}

/** The field that an issue is about; a list as a whole, `/` when it is about none. */
function pointerOf({ path }: ManifestIssue): string {
  const keys = path.split(".");
  const firstIndex = keys.findIndex((key) => /^\d+$/.test(key));
  return `/${(firstIndex < 0 ? keys : keys.slice(0, firstIndex)).join("/")}`;
}

function sidesAt({ base, ours, theirs }: Sides<JsonObject>, pointer: string): Sides<unknown> {
  const keys = parsePointer(pointer) ?? [];
  return { base: fieldAt(base, keys), ours: fieldAt(ours, keys), theirs: fieldAt(theirs, keys) };
}
