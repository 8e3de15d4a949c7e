// Whether a sealed result counts today: its own signatures against the project's trust record, with what receipts say
// about keys that are retired since (MESH.md M18, CAPSULE.md S5, S9).
import { digestHex } from "../../core/capsule/digest.ts";
import { SIGNATURE_STEPS } from "../../core/capsule/verification-steps.ts";
import { verifyCapsule } from "../../core/capsule/verify-capsule.ts";
import type { GateEvidence } from "../../core/deploy/gate-decision.ts";
import type { FindReceipts } from "../../core/signing/receipt.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import { type BlobReader, requireDocument } from "../blobs/blob-store.ts";
import { workerdHashing } from "../hashing/workerd-hashing.ts";

export type JudgedResult = {
  readonly capsuleDigest: string;
  readonly envelopeSha256: string;
};

export type TrustBasis = { readonly trust: TrustRecord; readonly findReceipts: FindReceipts };

export async function judgeEvidence(
  bucket: BlobReader,
  result: JudgedResult,
  basis: TrustBasis,
): Promise<GateEvidence["trust"]> {
  const envelope = await requireDocument(bucket, "envelopes", result.envelopeSha256);
  return await judgeEnvelope(bucket, result.capsuleDigest, envelope, basis);
}

/**
 * The same for an envelope that is at hand. The files are left out: here it is asked who signed this result, not what the
 * capsule holds.
 */
export async function judgeEnvelope(
  bucket: BlobReader,
  capsuleDigest: string,
  envelope: Uint8Array,
  { trust, findReceipts }: TrustBasis,
): Promise<GateEvidence["trust"]> {
  const manifestBytes = await requireDocument(bucket, "manifests", digestHex(capsuleDigest));
  const report = await verifyCapsule(
    { manifestBytes, envelopes: [envelope], attestations: null, files: null },
    {
      trust,
      findReceipts,
      hashing: workerdHashing,
      expectedDigest: capsuleDigest,
      policy: { requires: ["simulator"] },
    },
  );
  const steps = report.steps.filter(({ id }) => SIGNATURE_STEPS.includes(id));
  if (steps.some(({ status }) => status === "fail")) return "untrusted";
  return steps.every(({ status }) => status === "pass") ? "trusted" : "undecidable";
}
