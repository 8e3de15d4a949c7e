// What a sealed result is worth today (MESH.md M18): its envelope is read again, its signatures are verified against the
// project's trust of this moment, and what it says must be what stands in the project's log.
import { canonicalJson } from "../../core/capsule/canonical-json.ts";
import type { GateEvidence } from "../../core/deploy/gate-decision.ts";
import { parseEnvelope, verifyEnvelope } from "../../core/signing/dsse.ts";
import { evaluateThresholds, readTrustedKeys } from "../../core/signing/trust.ts";
import { type MeshSimResult, meshSimResultSchema } from "../../schemas/mesh-result.ts";
import { PREDICATE_MESH_SIM, type Statement } from "../../schemas/statement.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import { type BlobReader, getDocument } from "../blobs/blob-store.ts";
import { sha256Sync } from "../hashing/sha256-sync.ts";
import { workerdHashing } from "../hashing/workerd-hashing.ts";

export type SealedEvidence = Omit<GateEvidence, "trust">;

/** Judges each; what cannot be read counts as untrusted. */
export async function judgeEvidence(
  bucket: BlobReader,
  trust: TrustRecord,
  evidence: readonly SealedEvidence[],
): Promise<GateEvidence[]> {
  return await Promise.all(
    evidence.map(async (sealed) => ({ ...sealed, trust: await judgeOne(bucket, trust, sealed) })),
  );
}

/** Whether an envelope about a simulation is signed by as many `simulator` keys as the project asks for. */
export async function judgeEnvelope(
  bytes: Uint8Array,
  trust: TrustRecord,
): Promise<{ readonly trust: GateEvidence["trust"]; readonly statement: Statement | null }> {
  const envelope = parseEnvelope(bytes);
  const keys = await readTrustedKeys(trust, workerdHashing);
  if (!envelope.ok || !keys.ok) return { trust: "untrusted", statement: null };
  const verified = await verifyEnvelope(envelope.value, keys.value);
  if (!verified.ok) return { trust: "untrusted", statement: null };
  const { statement, signers } = verified.value;
  const { predicateType } = statement;
  const signatures = signers.map(({ keyId }) => ({ keyId, predicateType }));
  const { outcome } = evaluateThresholds(signatures, trust, "simulator");
  if (outcome === "met") return { trust: "trusted", statement };
  return { trust: outcome === "undecidable" ? "undecidable" : "untrusted", statement };
}

/** The result in a sealed envelope, whoever signed it; null when there is none of this name. */
export async function readSealedResult(
  bucket: BlobReader,
  envelopeSha256: string,
): Promise<{ readonly bytes: Uint8Array; readonly result: MeshSimResult } | null> {
  const bytes = await getDocument(bucket, "envelopes", envelopeSha256);
  if (bytes === null || Buffer.from(sha256Sync(bytes)).toString("hex") !== envelopeSha256) return null;
  const envelope = parseEnvelope(bytes);
  if (!envelope.ok) return null;
  const { predicate } = JSON.parse(new TextDecoder().decode(envelope.value.payload));
  const result = meshSimResultSchema.safeParse(predicate);
  return result.success ? { bytes, result: result.data } : null;
}

async function judgeOne(
  bucket: BlobReader,
  trust: TrustRecord,
  sealed: SealedEvidence,
): Promise<GateEvidence["trust"]> {
  const stored = await readSealedResult(bucket, sealed.envelopeSha256);
  if (stored === null) return "untrusted";
  const judged = await judgeEnvelope(stored.bytes, trust);
  if (judged.statement === null || !saysTheSame(judged.statement, stored.result, sealed)) return "untrusted";
  return judged.trust;
}

function saysTheSame({ predicateType, subject }: Statement, result: MeshSimResult, sealed: SealedEvidence) {
  return (
    predicateType === PREDICATE_MESH_SIM &&
    `sha256:${subject[0].digest.sha256}` === sealed.capsuleDigest &&
    result.capsuleHash === sealed.capsuleDigest &&
    result.simId === sealed.simId &&
    result.kind === sealed.kind &&
    result.artifactDigest === sealed.artifactDigest &&
    result.observedBy === sealed.observedBy &&
    result.outcome === sealed.outcome &&
    canonicalJson(result.params) === canonicalJson(sealed.params)
  );
}
