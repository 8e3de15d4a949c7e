// What the chain of trust is drawn from: manifests and envelopes as they are stored, each hashed anew.
import { toHex } from "../../core/capsule/bytes.ts";
import { digestHex } from "../../core/capsule/digest.ts";
import type { ProvenanceInput, StoredStatement } from "../../core/provenance/build-provenance.ts";
import { parseEnvelope, readStatement } from "../../core/signing/dsse.ts";
import { manifestSchema } from "../../schemas/manifest.ts";
import { type BlobReader, getDocument } from "../blobs/blob-store.ts";
import type { CapsuleFacts, StatementFacts } from "../database/capsules.ts";
import { sha256Sync } from "../hashing/sha256-sync.ts";

type CapsuleRead = ProvenanceInput["capsules"][number];

/** The capsule with its parents, and the digest that its bytes really have. */
export async function readCapsuleLinks(
  bucket: BlobReader,
  { digest, urn }: CapsuleFacts,
): Promise<CapsuleRead> {
  const bytes = await getDocument(bucket, "manifests", digestHex(digest));
  if (bytes === null) return { digest, actualDigest: null, label: urn, parents: [] };
  const actualDigest = `sha256:${toHex(sha256Sync(bytes))}`;
  const parsed = manifestSchema
    .pick({ parents: true })
    .safeParse(JSON.parse(new TextDecoder().decode(bytes)));
  return { digest, actualDigest, label: urn, parents: parsed.success ? parsed.data.parents : [] };
}

export async function readStoredStatement(
  bucket: BlobReader,
  { capsuleDigest, envelopeSha256, predicateType }: StatementFacts,
): Promise<StoredStatement> {
  const listed = { capsuleDigest, envelopeSha256, predicateType };
  const bytes = await getDocument(bucket, "envelopes", envelopeSha256);
  if (bytes === null) return { ...listed, actualSha256: null, subjectSha256: null, predicate: null };
  const actualSha256 = toHex(sha256Sync(bytes));
  const envelope = parseEnvelope(bytes);
  const statement = envelope.ok ? readStatement(envelope.value) : envelope;
  if (!statement.ok) return { ...listed, actualSha256, subjectSha256: null, predicate: null };
  const { subject, predicate } = statement.value;
  return { ...listed, actualSha256, subjectSha256: subject[0].digest.sha256, predicate };
}
