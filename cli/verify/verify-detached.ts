// Verifies a `.capsule.json`: its files come from a folder, or from the `.caps` of the same capsule beside it (K4).
import { createReadStream } from "node:fs";
import { open, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import type { FileContent } from "../../core/capsule/capsule-files.ts";
import { type DetachedCapsule, parseDetached } from "../../core/capsule/detached-capsule.ts";
import { toDigest } from "../../core/capsule/digest.ts";
import { CAPSULE_LIMITS } from "../../core/capsule/limits.ts";
import { type CapsuleSource, type VerifyOptions, verifyCapsule } from "../../core/capsule/verify-capsule.ts";
import { LOCAL_HEADER_BYTES, LOCAL_SIZE_OFFSET } from "../../core/capsule/zip-headers.ts";
import type { VerificationReport } from "../../schemas/verification.ts";
import { CliError, messageOf, systemCodeOf, usageError } from "../output/cli-error.ts";
import { openBlob } from "../push/read-blob.ts";
import { readCapsuleFile } from "../push/read-capsule-file.ts";

/** Where files and documents are taken from; null where the place does not have one. */
type Place = {
  openBlob(path: string, sha256: string): Promise<FileContent | null>;
};

const DETACHED_ENDING = ".capsule.json";
const CONTAINER_ENDING = ".caps";
const MANIFEST_NAME_BYTES = "capsule.json".length;
const CHUNK_BYTES = 262_144;
/** How many `.caps` in one folder are looked at. */
const MAX_CANDIDATES = 1_000;

export function isDetachedName(path: string): boolean {
  return path.endsWith(DETACHED_ENDING);
}

/**
 * Without files at hand the verdict is `undecidable`.
 * @param filesFolder where to look; when left out, in the `.caps` beside the file
 */
export async function verifyDetached(
  path: string,
  filesFolder: string | undefined,
  options: VerifyOptions,
): Promise<VerificationReport> {
  const detached = await readDetached(path);
  const folder = filesFolder === undefined ? null : await openFolder(filesFolder);
  const place = folder ?? (await findContainer(path, detached));
  return verifyCapsule(
    {
      manifestBytes: detached.manifestBytes,
      envelopes: detached.envelopes,
      files: place === null ? null : listFiles(detached, place),
      // A folder of files need not carry the documents: then they may still lie in the container.
      attestations:
        (await readDocuments(detached, place)) ??
        (folder === null ? null : await readDocuments(detached, await findContainer(path, detached))),
    },
    options,
  );
}

async function readDetached(path: string): Promise<DetachedCapsule> {
  const { size } = await stat(path);
  if (size > CAPSULE_LIMITS.detachedBytes)
    throw notDetached(path, `it is larger than ${CAPSULE_LIMITS.detachedBytes} bytes`);
  const parsed = await parseDetached(await readFile(path), nodeHashing);
  if (parsed.ok) return parsed.value;
  throw notDetached(path, `${parsed.reason.code}: ${parsed.reason.message}`);
}

async function* listFiles(
  { manifest }: DetachedCapsule,
  place: Place,
): AsyncGenerator<{ readonly path: string; readonly content: FileContent }, void, undefined> {
  for (const { path, sha256 } of manifest.files) {
    const content = await place.openBlob(path, sha256);
    if (content !== null) yield { path, content };
  }
}

/** Null when the place lacks one, or there is no place. */
async function readDocuments(
  { manifest }: DetachedCapsule,
  place: Place | null,
): Promise<CapsuleSource["attestations"]> {
  if (place === null) return null;
  const documents: { path: string; bytes: Uint8Array }[] = [];
  for (const { path, sha256 } of manifest.attestations) {
    const content = await place.openBlob(path, sha256);
    if (content === null) return null;
    documents.push({ path, bytes: await readWhole(content) });
  }
  return documents;
}

/** A folder has them by path, or by the hex of their SHA-256. */
async function openFolder(folder: string): Promise<Place> {
  const isFolder = await stat(folder).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (!isFolder) throw usageError(`${folder} is not a folder.`, "Name the folder of files with --files.");
  return {
    async openBlob(path, sha256) {
      for (const name of [path, sha256]) {
        const location = join(folder, ...name.split("/"));
        if (await isFile(location)) return createReadStream(location, { highWaterMark: CHUNK_BYTES });
      }
      return null;
    },
  };
}

async function findContainer(path: string, { manifestBytes }: DetachedCapsule): Promise<Place | null> {
  const digest = toDigest(await nodeHashing.sha256(manifestBytes));
  const folder = dirname(path);
  const names = (await readdir(folder)).filter((name) => name.endsWith(CONTAINER_ENDING)).sort();
  for (const name of names.slice(0, MAX_CANDIDATES)) {
    const location = join(folder, name);
    if ((await manifestDigestOf(location)) !== digest) continue;
    const { blobs } = await readCapsuleFile(location);
    return {
      async openBlob(_path, sha256) {
        const blob = blobs.get(sha256);
        return blob === undefined ? null : openBlob(blob);
      },
    };
  }
  return null;
}

/** The digest that the container claims in its first entry; what it is worth shows when it is read as a whole. */
async function manifestDigestOf(location: string): Promise<string | null> {
  if (!(await isFile(location))) return null;
  const file = await open(location);
  try {
    const header = Buffer.alloc(LOCAL_HEADER_BYTES);
    if ((await file.read(header, 0, LOCAL_HEADER_BYTES, 0)).bytesRead < LOCAL_HEADER_BYTES) return null;
    const sizeBytes = header.readUInt32LE(LOCAL_SIZE_OFFSET);
    if (sizeBytes > CAPSULE_LIMITS.manifestBytes) return null;
    const bytes = Buffer.alloc(sizeBytes);
    const { bytesRead } = await file.read(bytes, 0, sizeBytes, LOCAL_HEADER_BYTES + MANIFEST_NAME_BYTES);
    return bytesRead < sizeBytes ? null : toDigest(await nodeHashing.sha256(bytes));
  } finally {
    await file.close();
  }
}

async function isFile(location: string): Promise<boolean> {
  try {
    return (await stat(location)).isFile();
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "ENAMETOOLONG"].includes(systemCodeOf(error) ?? "")) return false;
    throw new CliError(`${location} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

async function readWhole(content: FileContent): Promise<Uint8Array> {
  if (content instanceof Uint8Array) return content;
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of content) {
    parts.push(chunk);
    sizeBytes += chunk.length;
    // One byte too many is enough for the verification to refuse it.
    if (sizeBytes > CAPSULE_LIMITS.documentBytes) break;
  }
  return Buffer.concat(parts);
}

function notDetached(path: string, reason: string): CliError {
  return new CliError(`${path} is not a detached capsule: ${reason}.`, {
    code: "capsule-invalid",
    hint: "`oursynth capsule pack --detached` writes one.",
  });
}
