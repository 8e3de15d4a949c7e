// The documents that a capsule carries beside its files: those that the authored manifest names (CAPSULE.md C7).
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CAPSULE_LIMITS } from "../../core/capsule/limits.ts";
import { describeFinding, findSecrets } from "../../core/capsule/secret-scan.ts";
import type { AuthoredManifest } from "../../schemas/manifest.ts";
import { CliError, messageOf } from "../output/cli-error.ts";
import { secretsFound } from "./describe-files.ts";

const DOCUMENT_PATH = /^attestations\/[a-z0-9._-]{1,100}$/;
const NEW_LINE = 10;

/**
 * By path; each lies at that path in the folder, and is then not packed as a file a second time. The secret rules hold
 * for them as for files.
 */
export async function readDocuments(
  folder: string,
  authored: AuthoredManifest,
  isAllowed: (path: string) => boolean,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const documents = new Map<string, Uint8Array>();
  for (const { path } of authored.attestations) {
    // Every other path is named as wrong when the manifest is completed.
    if (DOCUMENT_PATH.test(path))
      documents.set(path, await readDocument(join(folder, ...path.split("/")), path));
  }
  refuseSecrets(documents, isAllowed);
  return documents;
}

async function readDocument(location: string, path: string): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(location);
  } catch (error) {
    throw new CliError(`The manifest names ${path}, and it cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
  if (bytes.length <= CAPSULE_LIMITS.documentBytes) return bytes;
  throw new CliError(`${path} is larger than ${CAPSULE_LIMITS.documentBytes} bytes.`, { code: "limit" });
}

function refuseSecrets(
  documents: ReadonlyMap<string, Uint8Array>,
  isAllowed: (path: string) => boolean,
): void {
  const fields = [...documents]
    .filter(([path]) => !isAllowed(path))
    .flatMap(([path, bytes]) =>
      findSecrets(bytes).map((finding) => ({
        path,
        message: `line ${lineAt(bytes, finding.offset)} ${describeFinding(finding)}`,
      })),
    );
  if (fields.length > 0) throw secretsFound(fields);
}

function lineAt(bytes: Uint8Array, offset: number): number {
  return bytes.subarray(0, offset).reduce((line, byte) => (byte === NEW_LINE ? line + 1 : line), 1);
}
