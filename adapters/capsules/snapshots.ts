// Reads and writes moments: the files and settings that a snapshot's two digests name.

import { canonicalBytes } from "../../core/capsule/canonical-json.ts";
import {
  computeContentDigest,
  computeJsonDigest,
  digestHex,
  type settingsOf,
} from "../../core/capsule/digest.ts";
import type { Snapshot } from "../../schemas/event.ts";
import type { ManifestFile } from "../../schemas/manifest.ts";
import { putDocument, requireDocument } from "../blobs/blob-store.ts";
import { workerdHashing } from "../hashing/workerd-hashing.ts";

export type CapsuleSettings = ReturnType<typeof settingsOf>;
export type SnapshotContent = { readonly files: readonly ManifestFile[]; readonly settings: CapsuleSettings };

/** Stores files and settings by their digests; the same content is the same snapshot. */
export async function storeSnapshot(bucket: R2Bucket, content: SnapshotContent): Promise<Snapshot> {
  const contentDigest = await computeContentDigest(content.files, workerdHashing);
  const settingsDigest = await computeJsonDigest(content.settings, workerdHashing);
  await Promise.all([
    putDocument(bucket, "trees", digestHex(contentDigest), canonicalBytes({ files: content.files })),
    putDocument(bucket, "settings", digestHex(settingsDigest), canonicalBytes(content.settings)),
  ]);
  return { contentDigest, settingsDigest };
}

/** Reads a snapshot back and checks both digests, so that a restored moment is the moment that was. */
export async function readSnapshot(bucket: R2Bucket, snapshot: Snapshot): Promise<SnapshotContent> {
  const [tree, settings] = await Promise.all([
    requireDocument(bucket, "trees", digestHex(snapshot.contentDigest)),
    requireDocument(bucket, "settings", digestHex(snapshot.settingsDigest)),
  ]);
  const content: SnapshotContent = {
    files: parse<{ files: ManifestFile[] }>(tree).files,
    settings: parse(settings),
  };
  const contentDigest = await computeContentDigest(content.files, workerdHashing);
  const settingsDigest = await computeJsonDigest(content.settings, workerdHashing);
  if (contentDigest !== snapshot.contentDigest || settingsDigest !== snapshot.settingsDigest) {
    throw new Error(`the stored snapshot ${snapshot.contentDigest} is not what it was`);
  }
  return content;
}

function parse<Value>(bytes: Uint8Array): Value {
  return JSON.parse(new TextDecoder().decode(bytes));
}
