// What of a capsule the simulator needs (MESH.md M4), and how its files are cut into chunks.
import { MESH_LIMITS, PROTOCOL } from "./mesh-limits.ts";

/** Files and services as the capsule's manifest lists them, with the same digests. */
export type MeshCapsule = {
  /** The capsule's digest, `sha256:…`. */
  readonly digest: string;
  readonly files: readonly { readonly sha256: string; readonly sizeBytes: number }[];
  readonly services: readonly { readonly name: string; readonly digest: string }[];
};

/** Blobs (files of the same bytes are one) and their chunks, numbered through. */
export type BlobLayout = {
  readonly blobCount: number;
  readonly chunkCount: number;
  readonly blobBytes: readonly number[];
  /** The number of each blob's first chunk; one more stands at the end. */
  readonly firstChunk: readonly number[];
  /** The size of every chunk but a blob's last. */
  readonly chunkBytes: number;
  /** How many chunks may be under way to a node, from one peer and from all. */
  readonly peerWindow: number;
  readonly nodeWindow: number;
  /** In how many steps a node tells how far it is. */
  readonly progressSteps: number;
};

/**
 * Cuts the capsule's blobs into chunks. The size of a chunk doubles from 16 KiB until no blob has more than
 * `chunksOfBlob` and the whole no more than `extraChunks` beside one for each blob.
 */
export function layOutBlobs(capsule: MeshCapsule): BlobLayout {
  const sizes = new Map(capsule.files.map(({ sha256, sizeBytes }) => [sha256, sizeBytes]));
  const blobBytes = [...sizes.values()];
  if (blobBytes.length > MESH_LIMITS.blobs)
    throw new RangeError(`a capsule has at most ${MESH_LIMITS.blobs} files`);
  let chunkBytes: number = PROTOCOL.smallestChunkBytes;
  let counts = countChunks(blobBytes, chunkBytes);
  while (hasTooMany(counts)) {
    chunkBytes *= 2;
    counts = countChunks(blobBytes, chunkBytes);
  }
  const firstChunk = [0];
  for (const count of counts) firstChunk.push((firstChunk.at(-1) ?? 0) + count);
  const chunkCount = firstChunk.at(-1) ?? 0;
  const peerWindow = within(PROTOCOL.peerWindow, Math.ceil(chunkCount / PROTOCOL.chunksOfWindow));
  return {
    blobCount: blobBytes.length,
    chunkCount,
    blobBytes,
    firstChunk,
    chunkBytes,
    peerWindow,
    nodeWindow: peerWindow * PROTOCOL.peersOfNodeWindow,
    progressSteps: within(PROTOCOL.progressSteps, Math.floor(blobBytes.length / PROTOCOL.blobsOfStep)),
  };
}

/** The bytes of one chunk: `part` counts from 0 within its blob. */
export function chunkSize(layout: BlobLayout, blob: number, part: number): number {
  return Math.min(layout.chunkBytes, (layout.blobBytes[blob] ?? 0) - part * layout.chunkBytes);
}

/** How many chunks a blob has; an empty one has one. */
export function chunksOf(layout: BlobLayout, blob: number): number {
  return (layout.firstChunk[blob + 1] ?? 0) - (layout.firstChunk[blob] ?? 0);
}

function countChunks(blobBytes: readonly number[], chunkBytes: number): readonly number[] {
  return blobBytes.map((sizeBytes) => Math.max(1, Math.ceil(sizeBytes / chunkBytes)));
}

function within([lowest, highest]: readonly [number, number], value: number): number {
  return Math.min(Math.max(value, lowest), highest);
}

function hasTooMany(counts: readonly number[]): boolean {
  let extra = 0;
  for (const count of counts) {
    if (count > MESH_LIMITS.chunksOfBlob) return true;
    extra += count - 1;
  }
  return extra > MESH_LIMITS.extraChunks;
}
