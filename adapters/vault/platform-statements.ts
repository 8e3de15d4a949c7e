// What the platform itself says about a capsule: that an environment points at it now (CAPSULE.md S6), and when it took in
// what others say (S9). The envelopes are stored here; that they exist becomes true with the project object's transaction.
import { envelopeBytes } from "../../core/signing/dsse.ts";
import { createReceipt } from "../../core/signing/receipt.ts";
import { createDeployPredicate, createStatement } from "../../core/signing/statement.ts";
import {
  type DeployPredicate,
  type Envelope,
  PREDICATE_DEPLOY,
  PREDICATE_RECEIPT,
  PREDICATE_VSA,
} from "../../schemas/statement.ts";
import { putDocument } from "../blobs/blob-store.ts";
import type { StatementRow } from "../database/outbox-entry.ts";
import { sha256Sync } from "../hashing/sha256-sync.ts";
import { type KeyEnv, type KeyOwner, signInVault, signWithProjectKey } from "./project-key.ts";

/** Which capsule is spoken about. */
export type CapsuleName = { readonly capsuleDigest: string; readonly manifestId: string };

export type LoggedEnvelope = { readonly envelopeSha256: string; readonly loggedAt: number };

export type SignedReceipt = LoggedEnvelope & { readonly logKeyId: string; readonly statement: StatementRow };

/** Signs that an environment now points at an artifact and stores the envelope. */
export async function signDeployStatement(
  env: KeyEnv,
  owner: KeyOwner,
  { capsuleDigest, manifestId }: CapsuleName,
  deploy: DeployPredicate,
): Promise<StatementRow> {
  const predicate = createDeployPredicate(deploy);
  const statement = createStatement(manifestId, capsuleDigest, PREDICATE_DEPLOY, predicate);
  const { envelope } = await signWithProjectKey(env, owner, statement);
  return await storeStatement(env, owner, capsuleDigest, envelope, PREDICATE_DEPLOY);
}

/** Signs what the gate decided with the project's gate key and stores the envelope (MESH.md M18). */
export async function signGateSummary(
  env: KeyEnv,
  owner: Omit<KeyOwner, "platformKeyId"> & { readonly gateKeyId: string },
  { capsuleDigest, manifestId }: CapsuleName,
  summary: Readonly<Record<string, unknown>>,
): Promise<StatementRow> {
  const statement = createStatement(manifestId, capsuleDigest, PREDICATE_VSA, summary);
  const [envelope] = await signInVault(env, owner, owner.gateKeyId, [statement]);
  if (envelope === undefined) throw new Error(`project ${owner.projectId} has no key ${owner.gateKeyId}`);
  return await storeStatement(env, owner, capsuleDigest, envelope, PREDICATE_VSA);
}

/** Signs with the project's log key when each envelope was logged, and stores the receipts. */
export async function signReceipts(
  env: KeyEnv,
  owner: Omit<KeyOwner, "platformKeyId"> & { readonly logKeyId: string },
  { capsuleDigest, manifestId }: CapsuleName,
  logged: readonly LoggedEnvelope[],
): Promise<SignedReceipt[]> {
  const { logKeyId } = owner;
  const statements = logged.map(({ envelopeSha256, loggedAt }) =>
    createReceipt(manifestId, capsuleDigest, { envelopeSha256, loggedAt }),
  );
  const envelopes = await signInVault(env, owner, logKeyId, statements);
  if (envelopes.length !== logged.length)
    throw new Error(`project ${owner.projectId} has no key ${logKeyId}`);
  return await Promise.all(
    logged.map(async (entry, index) => {
      const envelope = envelopes[index] as Envelope;
      const statement = await storeStatement(env, owner, capsuleDigest, envelope, PREDICATE_RECEIPT);
      return { ...entry, logKeyId, statement };
    }),
  );
}

async function storeStatement(
  env: KeyEnv,
  owner: Omit<KeyOwner, "platformKeyId">,
  capsuleDigest: string,
  envelope: Envelope,
  predicateType: string,
): Promise<StatementRow> {
  return {
    orgId: owner.organizationId,
    projectId: owner.projectId,
    capsuleDigest,
    envelopeSha256: await storeEnvelope(env.BLOBS, envelope),
    predicateType,
    keyIds: JSON.stringify(envelope.signatures.map(({ keyid }) => keyid)),
    createdAt: Date.now(),
  };
}

/** Stores an envelope under the SHA-256 of its bytes, which it gives in hex. */
export async function storeEnvelope(bucket: R2Bucket, envelope: Envelope): Promise<string> {
  const bytes = envelopeBytes(envelope);
  const envelopeSha256 = Buffer.from(sha256Sync(bytes)).toString("hex");
  await putDocument(bucket, "envelopes", envelopeSha256, bytes);
  return envelopeSha256;
}
