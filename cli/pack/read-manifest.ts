// The manifest as its author wrote it, with what looks secret taken out (CAPSULE.md C8, C11).
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkAuthoredManifest, parseAuthoredManifest } from "../../core/capsule/authored-manifest.ts";
import { CAPSULE_LIMITS } from "../../core/capsule/limits.ts";
import type { ManifestIssue } from "../../core/capsule/manifest.ts";
import { redactVariables } from "../../core/capsule/redact-variables.ts";
import { findSecretFields } from "../../core/capsule/secret-fields.ts";
import type { AuthoredManifest } from "../../schemas/manifest.ts";
import { CliError, messageOf, systemCodeOf } from "../output/cli-error.ts";

export const AUTHORED_MANIFEST = "capsule.json";

export type ReadManifest = {
  readonly authored: AuthoredManifest;
  /** Names of variables whose values were left out. */
  readonly moved: readonly string[];
};

/**
 * Reads the given file, else `capsule.json` in the folder, else takes every default (CAPSULE.md C11).
 * @param isAllowed whether a secret was let in on purpose, by path
 */
export async function readManifest(
  folder: string,
  manifestFile: string | undefined,
  isAllowed: (path: string) => boolean,
): Promise<ReadManifest> {
  const path = manifestFile ?? join(folder, AUTHORED_MANIFEST);
  const bytes = await readBytes(path, manifestFile === undefined);
  const parsed = bytes === null ? checkAuthoredManifest({}) : parseAuthoredManifest(bytes);
  if (!parsed.ok) throw invalidManifest(`${path} is not a valid manifest.`, parsed.reason.issues);
  const { env, secrets, moved } = redactVariables(parsed.value.app.env, parsed.value.app.secrets);
  const authored = {
    ...parsed.value,
    app: { ...parsed.value.app, env: { ...env }, secrets: [...secrets] },
  };
  refuseSecrets(authored, path, isAllowed);
  return { authored, moved };
}

export function invalidManifest(message: string, issues: readonly ManifestIssue[]): CliError {
  return new CliError(message, {
    code: "invalid-manifest",
    fields: issues.map(({ path, message: reason }) => ({ path, message: reason })),
    hint: "docs/spec/CAPSULE.md describes every field.",
  });
}

async function readBytes(path: string, mayBeMissing: boolean): Promise<Uint8Array | null> {
  try {
    const bytes = await readFile(path);
    if (bytes.length <= CAPSULE_LIMITS.manifestBytes) return bytes;
  } catch (error) {
    if (mayBeMissing && systemCodeOf(error) === "ENOENT") return null;
    throw new CliError(`The manifest ${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  throw new CliError(`The manifest ${path} is larger than ${CAPSULE_LIMITS.manifestBytes} bytes.`);
}

/** Everything in a manifest travels in the capsule, not only `app.env`. */
function refuseSecrets(manifest: unknown, path: string, isAllowed: (path: string) => boolean): void {
  if (isAllowed(AUTHORED_MANIFEST)) return;
  const fields = findSecretFields(manifest);
  if (fields.length === 0) return;
  throw new CliError(`${path} holds what must not enter a capsule.`, {
    code: "secret",
    fields,
    hint: `Take it out (a secret is named in app.secrets and set on the platform), or pack with --allow ${AUTHORED_MANIFEST}.`,
  });
}
