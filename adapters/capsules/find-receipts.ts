// Receipts of what a project took in, from its project object's record and the store (CAPSULE.md S9).
import type { FindReceipts } from "../../core/signing/receipt.ts";
import { requireDocument } from "../blobs/blob-store.ts";

/** The project object, as far as receipts need it. */
export type ReceiptKeeper = {
  /** The SHA-256 of the receipts for those envelopes that the project took in; null: for all of the capsule's. */
  ensureReceipts(capsuleDigest: string, envelopeSha256s: readonly string[] | null): Promise<string[]>;
};

export function findReceiptsIn(bucket: R2Bucket, keeper: ReceiptKeeper): FindReceipts {
  return async ({ capsuleDigest, envelopeSha256s }) => {
    const names = await keeper.ensureReceipts(capsuleDigest, envelopeSha256s);
    return await Promise.all(names.map((sha256) => requireDocument(bucket, "envelopes", sha256)));
  };
}
