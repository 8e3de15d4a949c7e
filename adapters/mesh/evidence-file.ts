// The evidence file of a sealed result (MESH.md M16), from what is stored: its envelope, the capsule's manifest and the
// statements about it.
import { writeCapsim } from "../../core/mesh/capsim.ts";
import type { MeshSimResult } from "../../schemas/mesh-result.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import { type BlobReader, requireDocument } from "../blobs/blob-store.ts";
import { readStoredManifest } from "../build/compile-stored.ts";
import { workerdHashing } from "../hashing/workerd-hashing.ts";

export type EvidenceParts = {
  readonly result: Pick<MeshSimResult, "capsuleHash" | "signedBy">;
  readonly envelopeSha256: string;
  /** Names (SHA-256) of the statements about the capsule. */
  readonly statements: readonly string[];
  /** Its keys travel along to be looked at; who reads the file brings trust of their own. */
  readonly trust: TrustRecord;
};

/** The bytes of the `.capsim`: the same parts give the same bytes. */
export async function writeEvidenceFile(
  bucket: BlobReader,
  { result, envelopeSha256, statements, trust }: EvidenceParts,
): Promise<Uint8Array> {
  const [manifest, envelope, ...capsuleEnvelopes] = await Promise.all([
    readStoredManifest(bucket, result.capsuleHash),
    requireDocument(bucket, "envelopes", envelopeSha256),
    ...statements.map((sha256) => requireDocument(bucket, "envelopes", sha256)),
  ]);
  const publicKeys = [...result.signedBy, ...trust.keys.map(({ publicKey }) => publicKey)];
  return await writeCapsim({ envelope, manifest, capsuleEnvelopes, publicKeys }, workerdHashing);
}
