// Writes a packed folder as a `.caps` (CAPSULE.md K1).
import { join } from "node:path";
import { Readable } from "node:stream";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import type { FileContent } from "../../core/capsule/capsule-files.ts";
import {
  ContainerWriteError,
  containerSizeBytes,
  writeContainer,
} from "../../core/capsule/container-writer.ts";
import { writeDetached } from "../../core/capsule/detached-capsule.ts";
import { parseCapsuleId } from "../../core/capsule/manifest.ts";
import { envelopeBytes } from "../../core/signing/dsse.ts";
import type { Manifest, ManifestFile } from "../../schemas/manifest.ts";
import { CliError } from "../output/cli-error.ts";
import { writeWholeFile } from "../output/whole-file.ts";
import { openBlob } from "../push/read-blob.ts";
import type { PackedCapsule } from "./pack-folder.ts";

export type WritableCapsule = Pick<
  PackedCapsule,
  "manifest" | "attestations" | "envelopes" | "blobs" | "crc32s"
> &
  Partial<Pick<PackedCapsule, "manifestBytes">>;

/** `<slug>-<version>`: what a capsule's container and folder are called. */
export function capsuleFileStem(manifest: Manifest): string {
  const id = parseCapsuleId(manifest.id);
  return id === null ? "capsule" : `${id.slug}-${id.version}`;
}

/** Gives the size of the container. A file that has changed since it was packed fails it, and nothing is left. */
export async function writeCapsule(
  packed: WritableCapsule,
  path: string,
  signal?: AbortSignal,
): Promise<{ readonly sizeBytes: number }> {
  const parts = {
    manifest: packed.manifest,
    ...(packed.manifestBytes === undefined ? {} : { manifestBytes: packed.manifestBytes }),
    attestations: packed.attestations,
    envelopes: packed.envelopes.map(envelopeBytes),
    hashing: nodeHashing,
    openFile: (file: ManifestFile) => openFile(packed, file),
    crc32Of: (file: ManifestFile) => packed.crc32s.get(file.path),
  };
  try {
    await writeWholeFile(path, writeContainer(parts), signal);
  } catch (error) {
    const cause = error instanceof CliError ? error.cause : error;
    if (!(cause instanceof ContainerWriteError)) throw error;
    throw new CliError(`${cause.message}: it changed while it was packed.`, { hint: "Pack again.", cause });
  }
  return { sizeBytes: containerSizeBytes(parts) };
}

/** Writes `<slug>.capsule.json` (CAPSULE.md K4) into the folder, and gives its path. */
export async function writeDetachedCapsule(
  packed: WritableCapsule,
  folder: string,
  signal?: AbortSignal,
): Promise<string> {
  const slug = parseCapsuleId(packed.manifest.id)?.slug ?? "capsule";
  const path = join(folder, `${slug}.capsule.json`);
  const bytes = await writeDetached(packed.manifest, packed.envelopes.map(envelopeBytes), nodeHashing);
  await writeWholeFile(path, Readable.from([bytes]), signal);
  return path;
}

function openFile(packed: WritableCapsule, file: ManifestFile): FileContent {
  const blob = packed.blobs.get(file.sha256);
  return blob === undefined ? new Uint8Array() : openBlob(blob);
}
