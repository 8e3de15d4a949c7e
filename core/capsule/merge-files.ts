// Three-way merge of files (CAPSULE.md F2): file by file, then line by line, and at last against C5.
import type { FileFacts } from "../../schemas/capsule-diff.ts";
import type { FileConflict, MergeDecision } from "../../schemas/capsule-merge.ts";
import type { ManifestFile } from "../../schemas/manifest.ts";
import { formatRegions, hasConflict, mergeLines } from "../editing/merge-lines.ts";
import { MAX_TEXT_BYTES, readText, splitLines } from "../editing/text-lines.ts";
import type { Hashing } from "../hashing.ts";
import { toHex } from "./bytes.ts";
import { sortFiles } from "./capsule-files.ts";
import type { ReadFile } from "./diff-capsules.ts";
import { resolveCollisions } from "./merge-collisions.ts";
import type { OpenDecisions } from "./merge-fields.ts";
import type { Sides } from "./merge-order.ts";
import { type FileSides, followRenames } from "./merge-renames.ts";

export type FileMergeOptions = {
  readonly readFile: ReadFile;
  readonly hashing: Hashing;
  readonly decisions: OpenDecisions;
};

export type MergedFiles = {
  /** Without those that are in conflict and undecided. */
  readonly files: readonly ManifestFile[];
  readonly conflicts: readonly FileConflict[];
  /** By bare SHA-256: contents that none of the three has. */
  readonly blobs: ReadonlyMap<string, Uint8Array>;
};

export const MERGE_LIMITS = {
  /** Of one text. */
  textBytes: MAX_TEXT_BYTES,
  /** Of all texts that one merge compares; a file beyond it is a conflict to be decided. */
  totalTextBytes: 32 * 1_048_576,
} as const;

type Work = FileMergeOptions & {
  readonly conflicts: FileConflict[];
  readonly blobs: Map<string, Uint8Array>;
  comparedBytes: number;
};

type TextMerge =
  | { readonly kind: "merged"; readonly facts: FileFacts }
  | { readonly kind: "content" | "binary" | "too-large" | "add-add"; readonly text: string | null };

const MESSAGES = {
  content: "both sides changed the same lines",
  binary: "both sides changed it, and it is not text",
  "too-large": "both sides changed it, and it is too large to be compared line by line",
  "add-add": "both sides added it, with different content",
  "modify-delete": "one side changed it, the other removed it",
} as const;

const encoder = new TextEncoder();

export async function mergeFiles(
  { base, ours, theirs }: Sides<readonly ManifestFile[]>,
  options: FileMergeOptions,
): Promise<MergedFiles> {
  const given = new Map(options.decisions);
  const work: Work = { ...options, conflicts: [], blobs: new Map(), comparedBytes: 0 };
  const byPath = { base: indexByPath(base), ours: indexByPath(ours), theirs: indexByPath(theirs) };
  const files = new Map<string, ManifestFile>();
  for (const [path, sides] of followRenames(byPath)) {
    const facts = await mergeFile(path, sides, work);
    if (facts !== null) files.set(path, { path, ...facts });
  }
  const collisions = resolveCollisions(files, byPath, given);
  for (const path of collisions.found) options.decisions.delete(path);
  return {
    files: sortFiles([...files.values()]),
    conflicts: [...work.conflicts, ...collisions.conflicts],
    blobs: work.blobs,
  };
}

function indexByPath(files: readonly ManifestFile[]): Map<string, FileFacts> {
  return new Map(files.map(({ path, mode, sha256, sizeBytes }) => [path, { mode, sha256, sizeBytes }]));
}

/** The merged file; null when it is gone, or in conflict and undecided. */
async function mergeFile(path: string, sides: FileSides, work: Work): Promise<FileFacts | null> {
  const { base, ours, theirs } = sides;
  if (equalFiles(ours, theirs) || equalFiles(base, theirs)) return ours;
  if (equalFiles(base, ours)) return theirs;
  if (ours === null || theirs === null) return await decideFile(path, "modify-delete", sides, null, work);
  const merged = await mergeContent(base, ours, theirs, work);
  if (merged.kind === "merged") return merged.facts;
  return await decideFile(path, merged.kind, sides, merged.text, work);
}

function equalFiles(a: FileFacts | null, b: FileFacts | null): boolean {
  return a === b || (a !== null && b !== null && a.sha256 === b.sha256 && a.mode === b.mode);
}

async function mergeContent(
  base: FileFacts | null,
  ours: FileFacts,
  theirs: FileFacts,
  work: Work,
): Promise<TextMerge> {
  const mode = mergeMode({ base, ours, theirs });
  if (base !== null && mode !== null) {
    if (ours.sha256 === theirs.sha256 || base.sha256 === theirs.sha256) {
      return { kind: "merged", facts: { ...ours, mode } };
    }
    if (base.sha256 === ours.sha256) return { kind: "merged", facts: { ...theirs, mode } };
  }
  const sizes = [base, ours, theirs].map((side) => side?.sizeBytes ?? 0);
  const totalBytes = sizes.reduce((sum, size) => sum + size, 0);
  const isTooLarge = Math.max(...sizes) > MERGE_LIMITS.textBytes;
  if (isTooLarge || work.comparedBytes + totalBytes > MERGE_LIMITS.totalTextBytes) {
    return { kind: base === null ? "add-add" : "too-large", text: null };
  }
  work.comparedBytes += totalBytes;
  const [baseLines, oursLines, theirsLines] = await Promise.all(
    [base, ours, theirs].map((side) => readLines(side, work.readFile)),
  );
  if (!baseLines || !oursLines || !theirsLines) {
    return { kind: base === null ? "add-add" : "binary", text: null };
  }
  const regions = mergeLines(baseLines, oursLines, theirsLines);
  const text = formatRegions(regions);
  if (mode === null) return { kind: "add-add", text };
  if (hasConflict(regions)) return { kind: base === null ? "add-add" : "content", text };
  return { kind: "merged", facts: await addContent(text, mode, work) };
}

/** The mode that one side changed it to; null when two new files differ in it. */
function mergeMode({ base, ours, theirs }: FileSides): FileFacts["mode"] | null {
  if (ours === null || theirs === null) return (ours ?? theirs ?? base)?.mode ?? null;
  if (ours.mode === theirs.mode || base?.mode === theirs.mode) return ours.mode;
  // There are two modes: one of the sides has that of the base.
  return base === null ? null : theirs.mode;
}

async function readLines(side: FileFacts | null, readFile: ReadFile): Promise<string[] | null> {
  if (side === null) return [];
  const bytes = await readFile(side.sha256);
  if (bytes === null) throw new Error(`the file ${side.sha256} is not at hand`);
  const text = readText(bytes);
  return text === null ? null : splitLines(text);
}

async function addContent(text: string, mode: FileFacts["mode"], work: Work): Promise<FileFacts> {
  const bytes = encoder.encode(text);
  const sha256 = work.hashing.sha256HexSync?.(bytes) ?? toHex(await work.hashing.sha256(bytes));
  work.blobs.set(sha256, bytes);
  return { mode, sha256, sizeBytes: bytes.length };
}

async function decideFile(
  path: string,
  kind: keyof typeof MESSAGES,
  sides: FileSides,
  text: string | null,
  work: Work,
): Promise<FileFacts | null> {
  const decision = work.decisions.get(path);
  if (decision === undefined || !isFileDecision(decision)) {
    work.conflicts.push({ kind, path, ...sides, text, message: MESSAGES[kind] });
    return null;
  }
  work.decisions.delete(path);
  if (typeof decision === "string") return sides[decision];
  return await addContent(decision.content, mergeMode(sides) ?? "executable", work);
}

type FileDecision = "ours" | "theirs" | { readonly content: string };

/** A file's content is text; another value is no decision about a file, and is refused as one that was not used. */
function isFileDecision(decision: MergeDecision): decision is FileDecision {
  return typeof decision === "string" || typeof decision.content === "string";
}
