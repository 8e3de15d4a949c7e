// Whether a sealed result counts today: its own signatures against the project's trust record, with what receipts say
// about keys that are retired since (MESH.md M18, CAPSULE.md S5, S9).
import { digestHex } from "../../core/capsule/digest.ts";
import { verifyCapsule } from "../../core/capsule/verify-capsule.ts";
import type { GateEvidence } from "../../core/deploy/gate-decision.ts";
import { PREDICATE_MESH_SIM } from "../../schemas/statement.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import { requireDocument } from "../blobs/blob-store.ts";
import { listStatements } from "../database/capsules.ts";
import { workerdHashing } from "../hashing/workerd-hashing.ts";

export type JudgedResult = {
  readonly organizationId: string;
  readonly projectId: string;
  readonly capsuleDigest: string;
  readonly envelopeSha256: string;
};

/** The files are left out: here it is asked who signed this result, not what the capsule holds. */
export async function judgeEvidence(
  env: Pick<Cloudflare.Env, "DB" | "BLOBS">,
  result: JudgedResult,
  trust: TrustRecord,
): Promise<GateEvidence["trust"]> {
  const rows = await listStatements(env.DB, result, result.capsuleDigest);
  const others = rows.filter(({ predicateType }) => predicateType !== PREDICATE_MESH_SIM);
  const digests = [result.envelopeSha256, ...others.map(({ envelopeSha256 }) => envelopeSha256)];
  const [manifestBytes, ...envelopes] = await Promise.all([
    requireDocument(env.BLOBS, "manifests", digestHex(result.capsuleDigest)),
    ...digests.map((sha256) => requireDocument(env.BLOBS, "envelopes", sha256)),
  ]);
  const report = await verifyCapsule(
    { manifestBytes, envelopes, attestations: null, files: null },
    {
      trust,
      hashing: workerdHashing,
      expectedDigest: result.capsuleDigest,
      policy: { requires: ["simulator"] },
    },
  );
  const steps = report.steps.filter(({ id }) => id === "envelopes" || id === "thresholds" || id === "predicates");
  if (steps.some(({ status }) => status === "fail")) return "untrusted";
  return steps.every(({ status }) => status === "pass") ? "trusted" : "undecidable";
}
