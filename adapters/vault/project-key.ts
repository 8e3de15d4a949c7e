// The key that the platform makes for each project (roles `builder` and `deployer`): it signs capsules packed from a
// moment and each activation's deploy statement. It exists only sealed, is opened only to sign, and never leaves here.

import { envelopeBytes, signEnvelope } from "../../core/signing/dsse.ts";
import { generateKeyPair, keyPairFromSeed, type PrivateKey } from "../../core/signing/ed25519.ts";
import { keyIdOf } from "../../core/signing/key-format.ts";
import { createDeployPredicate, createStatement } from "../../core/signing/statement.ts";
import {
  type DeployPredicate,
  type Envelope,
  PREDICATE_DEPLOY,
  type Statement,
} from "../../schemas/statement.ts";
import type { TrustKey } from "../../schemas/trust.ts";
import { putDocument } from "../blobs/blob-store.ts";
import { readStoredManifest } from "../build/compile-stored.ts";
import type { StatementRow } from "../database/outbox-entry.ts";
import { findSealedProjectKey } from "../database/project-keys.ts";
import { sha256Sync } from "../hashing/sha256-sync.ts";
import { workerdHashing } from "../hashing/workerd-hashing.ts";
import { projectKeyName } from "./secret-name.ts";
import { openSecret, sealSecret } from "./vault.ts";
import type { VaultEnv } from "./vault-keys.ts";

/** What signing with a project's key takes. */
export type KeyEnv = VaultEnv & Pick<Cloudflare.Env, "DB" | "BLOBS">;

export type KeyOwner = {
  readonly organizationId: string;
  readonly projectId: string;
  readonly platformKeyId: string;
};

/** A new key for a project: what the project trusts, and the sealed form that is kept. */
export async function makeProjectKey(
  env: VaultEnv,
  owner: Omit<KeyOwner, "platformKeyId">,
): Promise<{ readonly key: TrustKey; readonly sealed: string }> {
  const pair = await generateKeyPair((bytes) => crypto.getRandomValues(bytes));
  const keyId = await keyIdOf(pair.publicKey, workerdHashing);
  const sealed = await sealSecret(env, projectKeyName(owner, keyId), pair.seed);
  const publicKey = Buffer.from(pair.publicKey).toString("base64");
  return { key: { keyId, publicKey, name: "made by the platform", roles: ["builder", "deployer"] }, sealed };
}

/** Signs a statement with the project's key. */
export async function signWithProjectKey(
  env: KeyEnv,
  owner: KeyOwner,
  statement: Statement,
): Promise<{ readonly envelope: Envelope; readonly bytes: Uint8Array }> {
  const envelope = await signEnvelope(statement, [await openProjectKey(env, owner)], workerdHashing);
  return { envelope, bytes: envelopeBytes(envelope) };
}

/** Signs that an environment now points at an artifact (CAPSULE.md S6) and stores the envelope. */
export async function signDeployStatement(
  env: KeyEnv,
  owner: KeyOwner,
  deploy: { readonly capsuleDigest: string; readonly predicate: DeployPredicate },
): Promise<StatementRow> {
  const manifest = await readStoredManifest(env.BLOBS, deploy.capsuleDigest);
  const predicate = createDeployPredicate(deploy.predicate);
  const statement = createStatement(manifest.id, deploy.capsuleDigest, PREDICATE_DEPLOY, predicate);
  const { bytes } = await signWithProjectKey(env, owner, statement);
  const envelopeSha256 = Buffer.from(sha256Sync(bytes)).toString("hex");
  await putDocument(env.BLOBS, "envelopes", envelopeSha256, bytes);
  return {
    orgId: owner.organizationId,
    projectId: owner.projectId,
    capsuleDigest: deploy.capsuleDigest,
    envelopeSha256,
    predicateType: PREDICATE_DEPLOY,
    keyIds: JSON.stringify([owner.platformKeyId]),
    createdAt: Date.now(),
  };
}

async function openProjectKey(env: KeyEnv, owner: KeyOwner): Promise<PrivateKey> {
  const sealed = await findSealedProjectKey(env.DB, owner);
  if (sealed === null) throw new Error(`project ${owner.projectId} has no key ${owner.platformKeyId}`);
  const seed = await openSecret(env, projectKeyName(owner, owner.platformKeyId), sealed);
  return await keyPairFromSeed(seed);
}
