// The files of accepted capsules and snapshots, by digest, as core asks for them.
import type { ReadFile } from "../../core/capsule/diff-capsules.ts";
import { getBlob } from "./blob-store.ts";

export function fileReader(bucket: R2Bucket): ReadFile {
  return async (sha256) => {
    const blob = await getBlob(bucket, sha256);
    return blob === null ? null : new Uint8Array(await blob.arrayBuffer());
  };
}
