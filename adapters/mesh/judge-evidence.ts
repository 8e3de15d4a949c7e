// Whether a sealed result counts today: its own signatures against the project's trust record, with what receipts say
// about keys that are retired since (MESH.md M18, CAPSULE.md S5, S9).
import { digestHex } from "../../core/capsule/digest.ts";
import { verifyCapsule } from "../../core/capsule/verify-capsule.ts";
import type { GateEvidence } from "../../core/deploy/gate-decision.ts";
import type { FindReceipts } from "../../core/signing/receipt.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import { requireDocument } from "../blobs/blob-store.ts";
import { workerdHashing } from "../hashing/workerd-hashing.ts";

export type JudgedResult = {
  readonly capsuleDigest: string;
  readonly envelopeSha256: string;
};

/** The files are left out: here it is asked who signed this result, not what the capsule holds. */
export async function judgeEvidence(
  bucket: R2Bucket,
  result: JudgedResult,
  { trust, findReceipts }: { readonly trust: TrustRecord; readonly findReceipts: FindReceipts },
): Promise<GateEvidence["trust"]> {
  const [manifestBytes, envelope] = await Promise.all([
    requireDocument(bucket, "manifests", digestHex(result.capsuleDigest)),
    requireDocument(bucket, "envelopes", result.envelopeSha256),
  ]);
  const report = await verifyCapsule(
    { manifestBytes, envelopes: [envelope], attestations: null, files: null },
    {
      trust,
      findReceipts,
      hashing: workerdHashing,
      expectedDigest: result.capsuleDigest,
      policy: { requires: ["simulator"] },
    },
  );
  const steps = report.steps.filter(
    ({ id }) => id === "envelopes" || id === "thresholds" || id === "predicates",
  );
  if (steps.some(({ status }) => status === "fail")) return "untrusted";
  return steps.every(({ status }) => status === "pass") ? "trusted" : "undecidable";
}
