// A sealed result as it lies in the store: the predicate of its envelope (MESH.md M14). Who signed it is asked elsewhere.
import { parseEnvelope, readStatement } from "../../core/signing/dsse.ts";
import { type MeshSimResult, meshSimResultSchema } from "../../schemas/mesh-result.ts";
import { type BlobReader, getDocument } from "../blobs/blob-store.ts";
import { sha256Sync } from "../hashing/sha256-sync.ts";

/** Null when there is none of this name, or when it is no result. */
export async function readSealedResult(
  bucket: BlobReader,
  envelopeSha256: string,
): Promise<MeshSimResult | null> {
  const bytes = await getDocument(bucket, "envelopes", envelopeSha256);
  if (bytes === null || Buffer.from(sha256Sync(bytes)).toString("hex") !== envelopeSha256) return null;
  const envelope = parseEnvelope(bytes);
  const statement = envelope.ok ? readStatement(envelope.value) : envelope;
  if (!statement.ok) return null;
  const result = meshSimResultSchema.safeParse(statement.value.predicate);
  return result.success ? result.data : null;
}
