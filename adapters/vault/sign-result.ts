// Signing a simulation's result (MESH.md M14) with the platform's simulator key for the project, and with the key that signs
// the project's capsules where the vault holds it.
import { decodeEnvelope, envelopeBytes } from "../../core/signing/dsse.ts";
import type { Envelope, Statement } from "../../schemas/statement.ts";
import { putDocument } from "../blobs/blob-store.ts";
import { findPublicKeys } from "../database/project-keys.ts";
import { sha256Sync } from "../hashing/sha256-sync.ts";
import { type KeyEnv, signInVault } from "./project-key.ts";

type Owner = { readonly organizationId: string; readonly projectId: string };

/** Those of the keys that the vault holds, in this order, with their public halves in base64. */
export async function findHeldKeys(
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

/** One envelope with a signature by each key. Throws when the vault does not hold one of them. */
export async function signWithKeys(
  env: KeyEnv,
  owner: Owner,
  keyIds: readonly string[],
  statement: Statement,
): Promise<Uint8Array> {
  const signed = await Promise.all(keyIds.map((keyId) => signInVault(env, owner, keyId, [statement])));
  const [first, ...others] = signed.flat();
  if (first === undefined || others.length + 1 !== keyIds.length) {
    throw new Error(`the vault does not hold every key of ${keyIds.join(", ")}`);
  }
  return envelopeBytes(joinSignatures(first, others));
}

/** Stores the bytes of an envelope under their SHA-256, which it gives in hex. */
export async function storeEnvelopeBytes(bucket: R2Bucket, bytes: Uint8Array): Promise<string> {
  const envelopeSha256 = Buffer.from(sha256Sync(bytes)).toString("hex");
  await putDocument(bucket, "envelopes", envelopeSha256, bytes);
  return envelopeSha256;
}

/** One envelope of several over the same payload (CAPSULE.md S1: sorted by key id). */
function joinSignatures(first: Envelope, others: readonly Envelope[]): Envelope {
  const signatures = [first, ...others]
    .flatMap((envelope) => envelope.signatures)
    .sort((one, other) => (one.keyid < other.keyid ? -1 : 1));
  const joined = { ...first, signatures };
  if (!decodeEnvelope(joined).ok) throw new Error("the signatures do not make one envelope");
  return joined;
}
