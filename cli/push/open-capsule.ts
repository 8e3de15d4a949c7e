// A capsule at hand on this disk, packed from a folder or lying in a `.caps`: its documents, and its blobs by digest.
import type { Manifest } from "../../schemas/manifest.ts";
import type { Envelope } from "../../schemas/statement.ts";

/** A place in a file on this disk. */
export type BlobPlace = { readonly location: string; readonly offset: number; readonly sizeBytes: number };

export type CapsuleBlob = BlobPlace | { readonly bytes: Uint8Array };

export type OpenCapsule = {
  readonly manifest: Manifest;
  readonly capsuleDigest: string;
  readonly contentDigest: string;
  readonly settingsDigest: string;
  readonly envelopes: readonly Envelope[];
  /** By bare sha256: every file and every carried document, each content once. */
  readonly blobs: ReadonlyMap<string, CapsuleBlob>;
};

/** The bytes of all files together. */
export function totalSizeBytes(manifest: Manifest): number {
  return manifest.files.reduce((sum, file) => sum + file.sizeBytes, 0);
}
