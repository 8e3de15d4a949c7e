// What a capsule or a moment holds: its files and the documents that it carries.
import { digestHex } from "../../core/capsule/digest.ts";
import type { Manifest, ManifestFile } from "../../schemas/manifest.ts";
import { requireDocument } from "../blobs/blob-store.ts";

/**
 * The digests, each once. Throws when the document is missing: the collector then stops before it removes anything,
 * because it cannot know what is in use.
 */
export async function readReferencedDigests(
  bucket: R2Bucket,
  kind: "manifests" | "trees",
  digest: string,
): Promise<string[]> {
  const bytes = await requireDocument(bucket, kind, digestHex(digest));
  const document: { files: readonly ManifestFile[]; attestations?: Manifest["attestations"] } = JSON.parse(
    new TextDecoder().decode(bytes),
  );
  return [...new Set([...(document.attestations ?? []), ...document.files].map((file) => file.sha256))];
}
