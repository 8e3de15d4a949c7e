// R2 as the store of bytes by digest. Written once, checked by R2's own sha256 (ARCHITECTURE.md "Who holds the truth").
// Possession is not decided here: callers ask the database which organization has put what.
import type { Hashing } from "../../core/hashing.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import { readChunks } from "../streams/read-chunks.ts";

/**
 * Documents that the platform writes, apart from the files of capsules:
 * manifests, envelopes, trees, settings, artifacts and configurations by the SHA-256 of their bytes;
 * module packs by their artifact's; reports by `<project>/<capsule>`.
 */
export type DocumentKind =
  | "manifests"
  | "envelopes"
  | "attestations"
  | "trees"
  | "settings"
  | "artifacts"
  | "configurations"
  | "modules"
  | "reports";

/** A store that can be read and nothing else. */
export type BlobReader = Pick<R2Bucket, "get">;

export type BlobFailure =
  | { readonly code: "digest-mismatch" }
  | { readonly code: "size-mismatch"; readonly expectedBytes: number; readonly actualBytes: number };

/** R2's error code for "the checksum you gave is not that of the bytes". */
const R2_CHECKSUM_MISMATCH = "10037";

/**
 * Stores a file's bytes under their digest while counting them and computing their CRC-32, in constant memory.
 * Nothing is stored when the digest or the size is not as told.
 * @param sizeBytes the exact length; R2 takes no stream of unknown length
 * @param body a stream is left where it stands when it is not read to its end
 */
export async function putBlob(
  bucket: R2Bucket,
  sha256: string,
  sizeBytes: number,
  body: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | Uint8Array,
  hashing: Hashing,
): Promise<Result<{ readonly crc32: number }, BlobFailure>> {
  if (body instanceof Uint8Array) {
    if (body.byteLength !== sizeBytes) {
      return fail({ code: "size-mismatch", expectedBytes: sizeBytes, actualBytes: body.byteLength });
    }
    const isStored = await putChecked(bucket, sha256, body);
    return isStored ? ok({ crc32: hashing.crc32(body, 0) }) : fail({ code: "digest-mismatch" });
  }
  const fixed = new FixedLengthStream(sizeBytes);
  const tally = { crc32: 0, sizeBytes: 0 };
  const [copied, stored] = await Promise.allSettled([
    copyCounted(body, fixed.writable, tally, sizeBytes, hashing),
    putChecked(bucket, sha256, fixed.readable),
  ]);
  if (tally.sizeBytes !== sizeBytes)
    return fail({ code: "size-mismatch", expectedBytes: sizeBytes, actualBytes: tally.sizeBytes });
  if (stored.status === "rejected") throw stored.reason;
  if (!stored.value) return fail({ code: "digest-mismatch" });
  if (copied.status === "rejected") throw copied.reason;
  return ok({ crc32: tally.crc32 });
}

/** The bytes of a file, or a part of them; null when nobody has put them. */
export async function getBlob(
  bucket: BlobReader,
  sha256: string,
  range?: { readonly offset: number; readonly length: number },
): Promise<R2ObjectBody | null> {
  return await bucket.get(blobKey(sha256), range === undefined ? undefined : { range });
}

/** Stores a document; the same name always gets the same bytes, so writing twice changes nothing. */
export async function putDocument(
  bucket: R2Bucket,
  kind: DocumentKind,
  name: string,
  bytes: Uint8Array | string,
): Promise<void> {
  await bucket.put(`${kind}/${name}`, bytes);
}

export async function getDocument(
  bucket: BlobReader,
  kind: DocumentKind,
  name: string,
): Promise<Uint8Array | null> {
  const object = await bucket.get(`${kind}/${name}`);
  return object === null ? null : new Uint8Array(await object.arrayBuffer());
}

/** A document that must be there: its name came from one of our own rows. */
export async function requireDocument(
  bucket: BlobReader,
  kind: DocumentKind,
  name: string,
): Promise<Uint8Array> {
  const bytes = await getDocument(bucket, kind, name);
  if (bytes === null) throw new Error(`the stored document ${kind}/${name} is missing`);
  return bytes;
}

/** Writes on only as the store takes it; more than `maxBytes` is an error. */
async function copyCounted(
  body: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>,
  writable: WritableStream<Uint8Array>,
  tally: { crc32: number; sizeBytes: number },
  maxBytes: number,
  hashing: Hashing,
): Promise<void> {
  const writer = writable.getWriter();
  try {
    for await (const chunk of body instanceof ReadableStream ? readChunks(body, "leave") : body) {
      tally.crc32 = hashing.crc32(chunk, tally.crc32);
      tally.sizeBytes += chunk.byteLength;
      if (tally.sizeBytes > maxBytes) throw new RangeError("more bytes than announced");
      await writer.write(chunk);
    }
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => undefined);
    throw error;
  }
}

async function putChecked(
  bucket: R2Bucket,
  sha256: string,
  body: Uint8Array | ReadableStream,
): Promise<boolean> {
  try {
    await bucket.put(blobKey(sha256), body, { sha256 });
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.includes(R2_CHECKSUM_MISMATCH)) return false;
    throw error;
  }
}

function blobKey(sha256: string): string {
  return `blobs/${sha256}`;
}
