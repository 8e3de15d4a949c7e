// What a release changes against what is live, for the person who confirms it: names and counts, never a value.
import type { FileDifference } from "../../schemas/capsule-diff.ts";
import type { Manifest } from "../../schemas/manifest.ts";
import { MAX_RESTATED_FILES, type RestatedChanges } from "../../schemas/restatement.ts";
import { type DiffSide, diffCapsules } from "../capsule/diff-capsules.ts";

const VARIABLES = "/app/env";
const SECRETS = "/app/secrets";
/** Told by the release itself, not as settings. */
const IDENTITY = new Set(["/id", "/version", "/createdAt", "/createdBy", "/parents", "/attestations"]);
const NOTHING: DiffSide = { files: [] };

const MARKS: Readonly<Record<FileDifference["kind"], string>> = {
  added: "+",
  removed: "-",
  modified: "~",
  renamed: "~",
  "mode-changed": "~",
};

/** @param live the manifest that is live there; null when none is */
export async function restateChanges(live: Manifest | null, next: Manifest): Promise<RestatedChanges> {
  const { files, fields } = await diffCapsules(live ?? NOTHING, next);
  // Of a first release every setting is new; that says nothing.
  const changed = live === null ? [] : fields.map((field) => field.pointer);
  const pointers = changed.filter((pointer) => !IDENTITY.has(pointer));
  const isAbout = (pointer: string, subject: string) =>
    pointer === subject || pointer.startsWith(`${subject}/`);
  return {
    files: {
      addedCount: count(files, "added"),
      modifiedCount: files.length - count(files, "added") - count(files, "removed"),
      removedCount: count(files, "removed"),
      lines: files
        .map((file) => `${MARKS[file.kind]} ${file.from === null ? "" : `${file.from} → `}${file.path}`)
        .slice(0, MAX_RESTATED_FILES),
    },
    settings: pointers.filter((pointer) => !isAbout(pointer, VARIABLES) && !isAbout(pointer, SECRETS)),
    variables: changedNames(live?.app.env ?? {}, next.app.env),
    secrets: changedNames(asTable(live?.app.secrets ?? []), asTable(next.app.secrets)),
  };
}

function count(files: readonly FileDifference[], kind: FileDifference["kind"]): number {
  return files.filter((file) => file.kind === kind).length;
}

/** Names that are new, gone, or have another value. */
function changedNames(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter(
      (name) => !Object.hasOwn(before, name) || !Object.hasOwn(after, name) || before[name] !== after[name],
    )
    .sort();
}

function asTable(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, ""]));
}
