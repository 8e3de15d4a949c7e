// A sealed result as an evidence file, from what the platform has stored (MESH.md M16).
import { writeCapsim } from "../../core/mesh/capsim.ts";
import { PREDICATE_PROVENANCE } from "../../schemas/statement.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import { requireDocument } from "../blobs/blob-store.ts";
import { readStoredManifest } from "../build/compile-stored.ts";
import { listStatements } from "../database/capsules.ts";
import { workerdHashing } from "../hashing/workerd-hashing.ts";
import { readSealedResult } from "./sealed-result.ts";

export type SealedPlace = {
  readonly organizationId: string;
  readonly projectId: string;
  readonly capsuleDigest: string;
  readonly envelopeSha256: string;
};

/** With the capsule's provenance, as a container carries it (CAPSULE.md K4). Throws when what was sealed is missing. */
export async function exportCapsim(
  env: Pick<Cloudflare.Env, "DB" | "BLOBS">,
  place: SealedPlace,
  trust: TrustRecord,
): Promise<Uint8Array> {
  const result = await readSealedResult(env.BLOBS, place.envelopeSha256);
  if (result === null) throw new Error(`the sealed result ${place.envelopeSha256} is missing`);
  const statements = await listStatements(env.DB, place, place.capsuleDigest);
  const provenance = statements.filter(({ predicateType }) => predicateType === PREDICATE_PROVENANCE);
  const [envelope, manifest, ...capsuleEnvelopes] = await Promise.all([
    requireDocument(env.BLOBS, "envelopes", place.envelopeSha256),
    readStoredManifest(env.BLOBS, place.capsuleDigest),
    ...provenance.map(({ envelopeSha256 }) => requireDocument(env.BLOBS, "envelopes", envelopeSha256)),
  ]);
  // A key that is trusted no more has signed all the same; the result itself says which.
  const publicKeys = [...trust.keys.map(({ publicKey }) => publicKey), ...result.signedBy];
  return await writeCapsim({ envelope, manifest, capsuleEnvelopes, publicKeys }, workerdHashing);
}
