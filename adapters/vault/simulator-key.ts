// The platform's simulator key for a project (MESH.md M14), made when the first simulation is: it signs results, beside the
// key that signs the project's capsules.
import { decodeEnvelope, envelopeBytes } from "../../core/signing/dsse.ts";
import type { Envelope, Statement } from "../../schemas/statement.ts";
import type { TrustKey } from "../../schemas/trust.ts";
import { putDocument } from "../blobs/blob-store.ts";
import { findPublicKeys, insertProjectKey } from "../database/project-keys.ts";
import { sha256Sync } from "../hashing/sha256-sync.ts";
import { type KeyEnv, makeProjectKey, signWithProjectKey } from "./project-key.ts";

type Owner = { readonly organizationId: string; readonly projectId: string };

export const SIMULATOR_KEY_NAME = "the platform's simulator";

/** A new key in the vault, as the project is to trust it. */
export async function makeSimulatorKey(env: KeyEnv, owner: Owner): Promise<TrustKey> {
  const { key, sealed } = await makeProjectKey(env, owner);
  await insertProjectKey(env.DB, owner, { ...key, sealed, createdAt: Date.now() });
  return { ...key, name: SIMULATOR_KEY_NAME, roles: ["simulator"] };
}

/** Public halves (base64) of those of the keys that the vault holds, in this order. */
export async function heldKeys(
  env: KeyEnv,
  owner: Owner,
  keyIds: readonly string[],
): Promise<{ readonly keyId: string; readonly publicKey: string }[]> {
  const publicKeys = await findPublicKeys(env.DB, owner, keyIds);
  return keyIds.flatMap((keyId) => {
    const publicKey = publicKeys.get(keyId);
    return publicKey === undefined ? [] : [{ keyId, publicKey }];
  });
}

/** Signs with each key and stores the envelope; gives the SHA-256 of its bytes. */
export async function sealStatement(
  env: KeyEnv,
  owner: Owner,
  keyIds: readonly string[],
  statement: Statement,
): Promise<string> {
  const signed = await Promise.all(
    keyIds.map(async (platformKeyId) => {
      const { envelope } = await signWithProjectKey(env, { ...owner, platformKeyId }, statement);
      return envelope;
    }),
  );
  return await storeSealed(env.BLOBS, envelopeBytes(joinSignatures(signed)));
}

export async function storeSealed(bucket: R2Bucket, bytes: Uint8Array): Promise<string> {
  const envelopeSha256 = Buffer.from(sha256Sync(bytes)).toString("hex");
  await putDocument(bucket, "envelopes", envelopeSha256, bytes);
  return envelopeSha256;
}

/** One envelope of several over the same payload (CAPSULE.md S1: sorted by key id). */
function joinSignatures(envelopes: readonly Envelope[]): Envelope {
  const [first] = envelopes;
  if (first === undefined) throw new RangeError("an envelope needs at least one signature");
  const signatures = envelopes
    .flatMap((envelope) => envelope.signatures)
    .sort((one, other) => (one.keyid < other.keyid ? -1 : 1));
  const joined = { ...first, signatures };
  if (!decodeEnvelope(joined).ok) throw new Error("the signatures do not make one envelope");
  return joined;
}
