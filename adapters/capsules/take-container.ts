// Takes a `.caps` in as it streams by, in constant memory: every byte is checked (CAPSULE.md K3), every file is leased and
// stored under its digest, and the organization possesses them only once the whole has verified.
import { parseManifest } from "../../core/capsule/manifest.ts";
import { verifyContainer } from "../../core/capsule/verify-capsule.ts";
import type { FindReceipts } from "../../core/signing/receipt.ts";
import type { ManifestFile } from "../../schemas/manifest.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import type { VerificationReport } from "../../schemas/verification.ts";
import { putBlob } from "../blobs/blob-store.ts";
import { claimBlobs } from "../blobs/claim-blobs.ts";
import { type PossessedBlob, recordPossession } from "../database/blobs.ts";
import { workerdHashing } from "../hashing/workerd-hashing.ts";
import { readChunks } from "../streams/read-chunks.ts";
import { takeTurns } from "../streams/take-turns.ts";

/** What production takes as the body of one request on its smaller plans; larger capsules come file by file. */
export const MAX_UPLOAD_BYTES = 100_000_000;
/** Files up to this size are put whole, several at a time; larger ones stream. */
const WHOLE_FILE_BYTES = 1_048_576;
/** A request may have six connections open at once. */
const PUTS_AT_ONCE = 5;

export type TakeFailure =
  | { readonly code: "capsule-invalid"; readonly report: VerificationReport }
  | { readonly code: "too-large" }
  /** Some of its files are being removed from the store at this moment. */
  | { readonly code: "busy" };

export type TakenContainer = {
  readonly manifestBytes: Uint8Array;
  readonly envelopes: readonly Uint8Array[];
};

export async function takeContainer(
  env: Pick<Cloudflare.Env, "DB" | "BLOBS">,
  owner: { readonly organizationId: string },
  body: ReadableStream<Uint8Array>,
  { trust, findReceipts }: { readonly trust: TrustRecord; readonly findReceipts: FindReceipts },
): Promise<Result<TakenContainer, TakeFailure>> {
  const intake = new Intake(env.BLOBS);
  const envelopes: Uint8Array[] = [];
  let manifestBytes = new Uint8Array();
  const tally = { sizeBytes: 0 };
  const report = await verifyContainer(atMost(takeTurns(readChunks(body, "leave")), tally), {
    trust,
    findReceipts,
    hashing: workerdHashing,
    // Whether the parents are at hand is decided when the capsule is accepted.
    hasParent: () => true,
    async onManifest(manifest, bytes) {
      manifestBytes = bytes.slice();
      // All at once: a lease for each of 9,000 files would not fit into one request.
      const digests = [...manifest.attestations, ...manifest.files].map(({ sha256 }) => sha256);
      intake.leaveOut(await claimBlobs(env.DB, owner, digests));
    },
    onEnvelope(bytes) {
      envelopes.push(bytes.slice());
    },
    async onAttestation({ sha256 }, bytes) {
      await intake.putWhole(sha256, bytes.slice());
    },
    async onFile(file, content) {
      await intake.putFile(file, content);
    },
  });
  await intake.settle();
  if (tally.sizeBytes > MAX_UPLOAD_BYTES) return fail({ code: "too-large" });
  if (report.verdict !== "pass" || !parseManifest(manifestBytes).ok) {
    return fail({ code: "capsule-invalid", report });
  }
  if (intake.isBusy) return fail({ code: "busy" });
  await recordPossession(env.DB, owner, intake.stored, Date.now());
  return ok({ manifestBytes, envelopes });
}

/** Ends the container where it becomes too large: what came until then is not one that verifies. */
async function* atMost(
  chunks: AsyncIterable<Uint8Array>,
  tally: { sizeBytes: number },
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) {
    tally.sizeBytes += chunk.byteLength;
    if (tally.sizeBytes > MAX_UPLOAD_BYTES) return;
    yield chunk;
  }
}

/** Puts files away while the container streams on. */
class Intake {
  readonly stored: PossessedBlob[] = [];
  readonly #bucket: R2Bucket;
  readonly #running = new Set<Promise<void>>();
  #leftOut: ReadonlySet<string> = new Set();

  constructor(bucket: R2Bucket) {
    this.#bucket = bucket;
  }

  get isBusy(): boolean {
    return this.#leftOut.size > 0;
  }

  /** These are being removed; what is put of them now might go with them. */
  leaveOut(digests: ReadonlySet<string>): void {
    this.#leftOut = digests;
  }

  async putFile(file: ManifestFile, content: AsyncIterable<Uint8Array>): Promise<void> {
    if (this.#leftOut.has(file.sha256)) return;
    if (file.sizeBytes <= WHOLE_FILE_BYTES) {
      const parts: Uint8Array[] = [];
      for await (const chunk of content) parts.push(chunk.slice());
      await this.putWhole(file.sha256, Buffer.concat(parts));
      return;
    }
    const put = await putBlob(this.#bucket, file.sha256, file.sizeBytes, content, workerdHashing);
    if (put.ok) this.#add(file.sha256, file.sizeBytes, put.value.crc32);
  }

  async putWhole(sha256: string, bytes: Uint8Array): Promise<void> {
    if (this.#leftOut.has(sha256)) return;
    const put = putBlob(this.#bucket, sha256, bytes.byteLength, bytes, workerdHashing).then((result) => {
      if (result.ok) this.#add(sha256, bytes.byteLength, result.value.crc32);
    });
    const tracked = put.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
    if (this.#running.size >= PUTS_AT_ONCE) await Promise.race(this.#running);
  }

  async settle(): Promise<void> {
    await Promise.all(this.#running);
  }

  #add(sha256: string, sizeBytes: number, crc32: number): void {
    this.stored.push({ sha256, sizeBytes, crc32 });
  }
}
