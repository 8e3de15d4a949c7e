// What differs between two capsules, or two moments of a project (CAPSULE.md F1).
import type { CapsuleDiff, FieldDifference, FileDifference, FileFacts } from "../../schemas/capsule-diff.ts";
import type { ManifestFile } from "../../schemas/manifest.ts";
import { MAX_TEXT_BYTES, readText, splitLines } from "../editing/text-lines.ts";
import { formatHunks } from "../editing/unified-diff.ts";
import { allKeys, equalFields, isJsonObject, type JsonObject, memberOf, pointerTo } from "./json-fields.ts";
import { comparePaths } from "./path.ts";

/** A manifest, or the files and settings of a moment. */
export type DiffSide = { readonly files: readonly ManifestFile[] } & JsonObject;

/** A file's bytes by bare SHA-256; null when they are not at hand. */
export type ReadFile = (sha256: string) => Uint8Array | null | Promise<Uint8Array | null>;

export const DIFF_LIMITS = {
  /** Of one text. */
  textBytes: MAX_TEXT_BYTES,
  /** Of all texts that are read for one diff. */
  totalTextBytes: 32 * 1_048_576,
  /** Differences whose texts are read; beyond these, as beyond the bytes, content is told by digest. */
  textCount: 500,
} as const;

/** Read at the same time: as many connections as a Worker may have open. */
const READS_AT_ONCE = 3;

type Difference = Pick<FileDifference, "kind" | "path" | "from" | "before" | "after">;
type Content = Pick<FileDifference, "content" | "patch">;

/**
 * The differences, files by path and fields by pointer; none at all between equal sides. Without `readFile`, content is
 * told by digest only.
 */
export async function diffCapsules(a: DiffSide, b: DiffSide, readFile?: ReadFile): Promise<CapsuleDiff> {
  const differences = compareFiles(a.files, b.files);
  const readable = readFile === undefined ? new Set<Difference>() : chooseReadable(differences);
  const files: FileDifference[] = [];
  for (let start = 0; start < differences.length; start += READS_AT_ONCE) {
    const part = differences.slice(start, start + READS_AT_ONCE);
    files.push(
      ...(await Promise.all(
        part.map(async (difference) => ({
          ...difference,
          ...(await describeContent(difference, readable.has(difference) ? readFile : undefined)),
        })),
      )),
    );
  }
  return { files, fields: compareFields(a, b) };
}

/** The fields that differ, but `files`: objects member by member, anything else as a whole. */
export function compareFields(a: JsonObject, b: JsonObject): FieldDifference[] {
  const { files: _aFiles, ...before } = a;
  const { files: _bFiles, ...after } = b;
  return compareMembers("", before, after);
}

function compareFiles(before: readonly ManifestFile[], after: readonly ManifestFile[]): Difference[] {
  const beforeByPath = new Map(before.map((file) => [file.path, file]));
  const afterByPath = new Map(after.map((file) => [file.path, file]));
  const removed = before.filter((file) => !afterByPath.has(file.path));
  const added = after.filter((file) => !beforeByPath.has(file.path));
  const sources = pairRenames(removed, added);
  const moved = new Set(sources.values());
  const differences: Difference[] = [];
  for (const file of removed) {
    if (moved.has(file)) continue;
    differences.push({ kind: "removed", path: file.path, from: null, before: factsOf(file), after: null });
  }
  for (const file of added) {
    const source = sources.get(file);
    differences.push({
      kind: source === undefined ? "added" : "renamed",
      path: file.path,
      from: source?.path ?? null,
      before: source === undefined ? null : factsOf(source),
      after: factsOf(file),
    });
  }
  for (const file of before) {
    const other = afterByPath.get(file.path);
    if (other === undefined || (other.sha256 === file.sha256 && other.mode === file.mode)) continue;
    const kind = other.sha256 === file.sha256 ? "mode-changed" : "modified";
    differences.push({ kind, path: file.path, from: null, before: factsOf(file), after: factsOf(other) });
  }
  return differences.sort((x, y) => comparePaths(x.path, y.path));
}

/** Added file → the removed one with the same digest; several of one digest are paired in the order of their paths. */
function pairRenames(
  removed: readonly ManifestFile[],
  added: readonly ManifestFile[],
): Map<ManifestFile, ManifestFile> {
  const waiting = new Map<string, ManifestFile[]>();
  for (const file of [...removed].sort((x, y) => comparePaths(x.path, y.path))) {
    waiting.set(file.sha256, [...(waiting.get(file.sha256) ?? []), file]);
  }
  const sources = new Map<ManifestFile, ManifestFile>();
  for (const file of [...added].sort((x, y) => comparePaths(x.path, y.path))) {
    const source = waiting.get(file.sha256)?.shift();
    if (source !== undefined) sources.set(file, source);
  }
  return sources;
}

function factsOf({ mode, sha256, sizeBytes }: ManifestFile): FileFacts {
  return { mode, sha256, sizeBytes };
}

function needsContent({ kind }: Difference): boolean {
  return kind === "added" || kind === "removed" || kind === "modified";
}

/** The differences whose texts are read, in order, until a limit is reached. */
function chooseReadable(differences: readonly Difference[]): ReadonlySet<Difference> {
  const chosen = new Set<Difference>();
  let totalBytes = 0;
  for (const difference of differences) {
    if (!needsContent(difference) || isTooLarge(difference)) continue;
    totalBytes += sizeOf(difference.before) + sizeOf(difference.after);
    if (chosen.size >= DIFF_LIMITS.textCount || totalBytes > DIFF_LIMITS.totalTextBytes) break;
    chosen.add(difference);
  }
  return chosen;
}

function isTooLarge({ before, after }: Difference): boolean {
  return sizeOf(before) > DIFF_LIMITS.textBytes || sizeOf(after) > DIFF_LIMITS.textBytes;
}

function sizeOf(facts: FileFacts | null): number {
  return facts?.sizeBytes ?? 0;
}

async function describeContent(difference: Difference, readFile: ReadFile | undefined): Promise<Content> {
  if (!needsContent(difference)) return { content: "same", patch: formatHeader(difference) };
  if (isTooLarge(difference)) return { content: "too-large", patch: null };
  if (readFile === undefined) return { content: "unread", patch: null };
  const [before, after] = await Promise.all([
    readSide(difference.before, readFile),
    readSide(difference.after, readFile),
  ]);
  if (before === null || after === null) return { content: "unread", patch: null };
  const beforeText = readText(before);
  const afterText = readText(after);
  if (beforeText === null || afterText === null) return { content: "binary", patch: null };
  const hunks = formatHunks(splitLines(beforeText), splitLines(afterText));
  return { content: "text", patch: formatHeader(difference) + formatNames(difference, hunks) + hunks };
}

async function readSide(facts: FileFacts | null, readFile: ReadFile): Promise<Uint8Array | null> {
  return facts === null ? new Uint8Array() : await readFile(facts.sha256);
}

/** The lines of git that say what happens beside the content. */
function formatHeader({ kind, path, from, before, after }: Difference): string {
  const lines = [`diff --git a/${from ?? path} b/${path}`];
  if (before === null && after !== null) lines.push(`new file mode ${gitMode(after)}`);
  if (before !== null && after === null) lines.push(`deleted file mode ${gitMode(before)}`);
  if (before !== null && after !== null && before.mode !== after.mode) {
    lines.push(`old mode ${gitMode(before)}`, `new mode ${gitMode(after)}`);
  }
  if (kind === "renamed") lines.push("similarity index 100%", `rename from ${from}`, `rename to ${path}`);
  return `${lines.join("\n")}\n`;
}

function gitMode({ mode }: FileFacts): string {
  return mode === "executable" ? "100755" : "100644";
}

/** A name with a space ends in a tab, as git writes it: `patch` takes what follows a space for a time. */
function formatNames({ path, before, after }: Difference, hunks: string): string {
  if (hunks === "") return "";
  const end = path.includes(" ") ? "\t" : "";
  const beforeName = before === null ? "/dev/null" : `a/${path}${end}`;
  const afterName = after === null ? "/dev/null" : `b/${path}${end}`;
  return `--- ${beforeName}\n+++ ${afterName}\n`;
}

function compareMembers(pointer: string, before: JsonObject, after: JsonObject): FieldDifference[] {
  return allKeys(before, after).flatMap((key) =>
    compareValues(pointerTo(pointer, key), memberOf(before, key), memberOf(after, key)),
  );
}

function compareValues(pointer: string, before: unknown, after: unknown): FieldDifference[] {
  if (equalFields(before, after)) return [];
  if (isJsonObject(before) && isJsonObject(after)) return compareMembers(pointer, before, after);
  return [
    { pointer, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) },
  ];
}
