// Applies a diff to the capsule it was made from (CAPSULE.md F1). Text comes from the patches, anything else by digest.
import type { CapsuleDiff, FileDifference, FileFacts } from "../../schemas/capsule-diff.ts";
import type { ManifestFile } from "../../schemas/manifest.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import { readText, splitLines } from "../editing/text-lines.ts";
import { applyHunks } from "../editing/unified-diff.ts";
import type { Hashing } from "../hashing.ts";
import { toHex } from "./bytes.ts";
import { sortFiles } from "./capsule-files.ts";
import type { DiffSide, ReadFile } from "./diff-capsules.ts";
import { equalFields, fieldAt, type JsonObject, parsePointer, withField } from "./json-fields.ts";

export type ApplyReason = {
  readonly code: "does-not-fit" | "malformed" | "content-missing" | "digest-mismatch";
  /** A file's path, or a field's pointer. */
  readonly path: string;
  readonly message: string;
};

export type AppliedDiff = {
  readonly side: DiffSide;
  /** By bare SHA-256: every content that the side needs and the side before did not have. */
  readonly blobs: ReadonlyMap<string, Uint8Array>;
};

type Blobs = { readonly readFile: ReadFile; readonly hashing: Hashing };

const encoder = new TextEncoder();
/** In front of the first hunk stand only lines of the header. */
const HUNK_MARK = "@@ ";

/**
 * The side that `diff` leads to. Fails at the first file or field that is not as the diff says that it was, and when a
 * content is neither in a patch nor given by `readFile`.
 * @param readFile gives the files of `side`, and of the diff's contents at least those without a patch
 */
export async function applyDiff(
  diff: CapsuleDiff,
  side: DiffSide,
  { readFile, hashing }: Blobs,
): Promise<Result<AppliedDiff, ApplyReason>> {
  const files = new Map(side.files.map((file) => [file.path, file]));
  const known = new Set(side.files.map((file) => file.sha256));
  const blobs = new Map<string, Uint8Array>();
  for (const difference of diff.files) {
    const misfit = takeBefore(difference, files);
    if (misfit !== null) return fail(misfit);
  }
  for (const difference of diff.files) {
    const { path, after } = difference;
    if (after === null) continue;
    if (files.has(path)) return fail({ code: "does-not-fit", path, message: "a file stands there already" });
    files.set(path, { path, ...after });
    if (known.has(after.sha256)) continue;
    const content = await makeContent(difference, after, { readFile, hashing });
    if (!content.ok) return content;
    blobs.set(after.sha256, content.value);
  }
  const fields = applyFields(diff, side);
  if (!fields.ok) return fields;
  return ok({ side: { ...fields.value, files: sortFiles([...files.values()]) }, blobs });
}

/** Takes away the file as it was; says why when it was another. */
function takeBefore(
  { path, from, before }: FileDifference,
  files: Map<string, ManifestFile>,
): ApplyReason | null {
  if (before === null) return null;
  const place = from ?? path;
  const file = files.get(place);
  if (file === undefined || file.sha256 !== before.sha256 || file.mode !== before.mode) {
    return { code: "does-not-fit", path: place, message: "the file is not as the diff says that it was" };
  }
  files.delete(place);
  return null;
}

async function makeContent(
  difference: FileDifference,
  after: FileFacts,
  { readFile, hashing }: Blobs,
): Promise<Result<Uint8Array, ApplyReason>> {
  const { path, before, patch } = difference;
  const made =
    patch === null ? await readFile(after.sha256) : await patchContent(patch, before, readFile, path);
  if (made === null) {
    return fail({ code: "content-missing", path, message: `the content ${after.sha256} is not at hand` });
  }
  if (!(made instanceof Uint8Array)) return fail(made);
  if (toHex(await hashing.sha256(made)) === after.sha256) return ok(made);
  return fail({ code: "digest-mismatch", path, message: `the content is not ${after.sha256}` });
}

async function patchContent(
  patch: string,
  before: FileFacts | null,
  readFile: ReadFile,
  path: string,
): Promise<Uint8Array | ApplyReason | null> {
  const bytes = before === null ? new Uint8Array() : await readFile(before.sha256);
  if (bytes === null) return null;
  const lines = splitLines(patch);
  const firstHunk = lines.findIndex((line) => line.startsWith(HUNK_MARK));
  const text = readText(bytes);
  if (text === null) return { code: "does-not-fit", path, message: "the file is not text" };
  const applied = applyHunks(splitLines(text), firstHunk < 0 ? [] : lines.slice(firstHunk));
  return applied.ok ? encoder.encode(applied.value) : { ...applied.reason, path };
}

function applyFields(diff: CapsuleDiff, side: DiffSide): Result<JsonObject, ApplyReason> {
  let fields: JsonObject = side;
  for (const { pointer, before, after } of diff.fields) {
    const keys = parsePointer(pointer);
    const isAsBefore = keys !== null && equalFields(fieldAt(fields, keys), before);
    const changed = isAsBefore ? withField(fields, keys, after) : null;
    if (changed === null) {
      const message = "the field is not as the diff says that it was";
      return fail({ code: "does-not-fit", path: pointer, message });
    }
    fields = changed;
  }
  return ok(fields);
}
