// Takes files in, one as a stream or many small ones. The lease comes first, possession last: between the two the
// collector leaves the bytes alone (decision 0013).
import { toHex } from "../../core/capsule/bytes.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import { type BlobFailure, putBlob } from "../blobs/blob-store.ts";
import { claimBlobs } from "../blobs/claim-blobs.ts";
import { type PossessedBlob, recordPossession } from "../database/blobs.ts";
import { workerdHashing } from "../hashing/workerd-hashing.ts";

export type BlobPart = { readonly sha256: string; readonly bytes: Uint8Array };

/** The collector is removing these very bytes, and does not come to its end. */
export type Busy = { readonly code: "busy" };

type StoreEnv = Pick<Cloudflare.Env, "DB" | "BLOBS">;
type Owner = { readonly organizationId: string };

/** A request may have six connections open at once. */
const PUTS_AT_ONCE = 6;

/** Nothing is stored when the digest or the size is not as told. */
export async function takeBlob(
  env: StoreEnv,
  owner: Owner,
  blob: { readonly sha256: string; readonly sizeBytes: number },
  body: ReadableStream<Uint8Array> | Uint8Array,
): Promise<Result<PossessedBlob, BlobFailure | Busy>> {
  const { sha256, sizeBytes } = blob;
  if ((await claimBlobs(env.DB, owner, [sha256])).size > 0) return fail({ code: "busy" });
  const put = await putBlob(env.BLOBS, sha256, sizeBytes, body, workerdHashing);
  if (!put.ok) return put;
  const taken = { sha256, sizeBytes, crc32: put.value.crc32 };
  await recordPossession(env.DB, owner, [taken], Date.now());
  return ok(taken);
}

/** All digests are checked before the first is stored, so that a bad part loses and leaves nothing. */
export async function takeBlobs(
  env: StoreEnv,
  owner: Owner,
  parts: readonly BlobPart[],
): Promise<Result<PossessedBlob[], { readonly code: "digest-mismatch"; readonly sha256: string } | Busy>> {
  for (const { sha256, bytes } of parts) {
    if (toHex(await workerdHashing.sha256(bytes)) !== sha256)
      return fail({ code: "digest-mismatch", sha256 });
  }
  const digests = parts.map(({ sha256 }) => sha256);
  if ((await claimBlobs(env.DB, owner, digests)).size > 0) return fail({ code: "busy" });
  const taken = await putParts(env.BLOBS, parts);
  await recordPossession(env.DB, owner, taken, Date.now());
  return ok(taken);
}

async function putParts(bucket: R2Bucket, parts: readonly BlobPart[]): Promise<PossessedBlob[]> {
  const taken: PossessedBlob[] = [];
  const queue = [...parts];
  const worker = async () => {
    for (let part = queue.shift(); part !== undefined; part = queue.shift()) {
      const { sha256, bytes } = part;
      const put = await putBlob(bucket, sha256, bytes.byteLength, bytes, workerdHashing);
      if (!put.ok) throw new Error(`the store refused ${sha256}, whose digest had just been checked`);
      taken.push({ sha256, sizeBytes: bytes.byteLength, crc32: put.value.crc32 });
    }
  };
  await Promise.all(Array.from({ length: PUTS_AT_ONCE }, worker));
  return taken;
}
