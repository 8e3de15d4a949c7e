// The bytes of a blob that lies on this disk.
import { closeSync, createReadStream, openSync, readFileSync, readSync } from "node:fs";
import type { FileContent } from "../../core/capsule/capsule-files.ts";
import type { BlobPlace, CapsuleBlob } from "./open-capsule.ts";

const WHOLE_BLOB_BYTES = 1_048_576;
const CHUNK_BYTES = 262_144;

/** The whole blob in memory. */
export function readBlob(blob: CapsuleBlob): Uint8Array {
  if ("bytes" in blob) return blob.bytes;
  return blob.offset === 0 ? readFileSync(blob.location).subarray(0, blob.sizeBytes) : readPlace(blob);
}

/** Small blobs whole, larger ones as a stream. */
export function openBlob(blob: CapsuleBlob): FileContent {
  if ("bytes" in blob || blob.sizeBytes <= WHOLE_BLOB_BYTES) return readBlob(blob);
  const { location, offset, sizeBytes } = blob;
  return createReadStream(location, {
    start: offset,
    end: offset + sizeBytes - 1,
    highWaterMark: CHUNK_BYTES,
  });
}

function readPlace({ location, offset, sizeBytes }: BlobPlace): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  const descriptor = openSync(location, "r");
  try {
    for (let read = 0; read < sizeBytes; ) {
      const count = readSync(descriptor, bytes, read, sizeBytes - read, offset + read);
      // The file was cut since: what reads the blob next sees that it is too short.
      if (count === 0) return bytes.subarray(0, read);
      read += count;
    }
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}
