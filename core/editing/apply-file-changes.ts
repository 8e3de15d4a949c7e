// Applies a commit's changes to the files of a moment.
import type { ManifestFile } from "../../schemas/manifest.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import { sortFiles } from "../capsule/capsule-files.ts";
import { CAPSULE_LIMITS } from "../capsule/limits.ts";
import { checkPath, findCollision } from "../capsule/path.ts";

export type FileChange =
  | { readonly path: string; readonly delete: true }
  | {
      readonly path: string;
      readonly sha256: string;
      readonly sizeBytes: number;
      readonly mode?: ManifestFile["mode"];
    };

export type ChangeFailure = { readonly path: string; readonly message: string };

/**
 * The files after the changes, sorted as a manifest lists them (CAPSULE.md C4).
 * Fails with every change that cannot be: a bad or repeated path (C5), a deletion of what is not there, a collision,
 * or more than a capsule may hold (C6).
 */
export function applyFileChanges(
  files: readonly ManifestFile[],
  changes: readonly FileChange[],
): Result<ManifestFile[], readonly ChangeFailure[]> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const failures: ChangeFailure[] = [];
  const changed = new Set<string>();
  for (const change of changes) {
    const problem = checkChange(change, changed, byPath);
    changed.add(change.path);
    if (problem !== null) failures.push({ path: change.path, message: problem });
    else if ("delete" in change) byPath.delete(change.path);
    else byPath.set(change.path, toFile(change, byPath.get(change.path)));
  }
  if (failures.length > 0) return fail(failures);
  const after = sortFiles([...byPath.values()]);
  if (after.length > CAPSULE_LIMITS.fileCount) {
    return fail([{ path: "", message: `a project holds at most ${CAPSULE_LIMITS.fileCount} files` }]);
  }
  const collision = findCollision(after.map((file) => file.path));
  if (collision !== null) {
    return fail([{ path: collision.path, message: `collides with ${collision.other}` }]);
  }
  return ok(after);
}

function checkChange(
  change: FileChange,
  changed: ReadonlySet<string>,
  files: ReadonlyMap<string, ManifestFile>,
): string | null {
  const path = checkPath(change.path);
  if (!path.ok) return path.reason.message;
  if (changed.has(change.path)) return "is changed twice in one commit";
  if ("delete" in change) return files.has(change.path) ? null : "is not there to be deleted";
  if (change.sizeBytes > CAPSULE_LIMITS.fileBytes) return `is larger than ${CAPSULE_LIMITS.fileBytes} bytes`;
  return null;
}

function toFile(
  change: Exclude<FileChange, { delete: true }>,
  before: ManifestFile | undefined,
): ManifestFile {
  const { path, sha256, sizeBytes } = change;
  return { path, mode: change.mode ?? before?.mode ?? "file", sizeBytes, sha256 };
}
