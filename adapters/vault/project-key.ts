// Signing keys in the vault: those that the platform makes for each project (one with the roles `builder` and `deployer`,
// one with the role `log`), and those that people ask for. A private half exists only sealed, is opened only to sign, and
// never leaves here (CAPSULE.md S8).
import { envelopeBytes, signEnvelope } from "../../core/signing/dsse.ts";
import { generateKeyPair, keyPairFromSeed, type PrivateKey } from "../../core/signing/ed25519.ts";
import { keyIdOf } from "../../core/signing/key-format.ts";
import type { Envelope, Statement } from "../../schemas/statement.ts";
import type { Role, TrustKey } from "../../schemas/trust.ts";
import { findSealedKey, type KeyPlace, type SealedKey } from "../database/project-keys.ts";
import { workerdHashing } from "../hashing/workerd-hashing.ts";
import { signingKeyName } from "./secret-name.ts";
import { openSecret, sealSecret } from "./vault.ts";
import type { VaultEnv } from "./vault-keys.ts";

/** What signing with a project's key takes. */
export type KeyEnv = VaultEnv & Pick<Cloudflare.Env, "DB" | "BLOBS">;

export type KeyOwner = {
  readonly organizationId: string;
  readonly projectId: string;
  /** Which of the project's or its organization's keys signs; by default the one that the platform made. */
  readonly platformKeyId: string;
};

export type MadeKey = SealedKey & { readonly publicKey: string };

/** Roles of the keys that the platform makes for each project. */
export const PLATFORM_KEY_ROLES: readonly Role[] = ["builder", "deployer"];
export const LOG_KEY_ROLES: readonly Role[] = ["log"];
export const PLATFORM_KEY_NAME = "made by the platform";
export const LOG_KEY_NAME = "the platform's log";

/** A new key pair: its public half, and the private one sealed for its place. Nothing is stored yet. */
export async function makeVaultKey(env: VaultEnv, place: KeyPlace): Promise<MadeKey> {
  const pair = await generateKeyPair((bytes) => crypto.getRandomValues(bytes));
  const keyId = await keyIdOf(pair.publicKey, workerdHashing);
  const sealed = await sealSecret(env, signingKeyName(place, keyId), pair.seed);
  return { ...place, keyId, publicKey: Buffer.from(pair.publicKey).toString("base64"), sealed };
}

/** The two keys that every project begins with, as it trusts them. */
export function platformKeysOf(
  signing: MadeKey,
  log: MadeKey,
): { readonly platformKey: TrustKey; readonly logKey: TrustKey } {
  return {
    platformKey: trustLine(signing, PLATFORM_KEY_NAME, PLATFORM_KEY_ROLES),
    logKey: trustLine(log, LOG_KEY_NAME, LOG_KEY_ROLES),
  };
}

export function trustLine(key: MadeKey, name: string, roles: readonly Role[]): TrustKey {
  return { keyId: key.keyId, publicKey: key.publicKey, name, roles: [...roles] };
}

/** Signs a statement with a key of the project. */
export async function signWithProjectKey(
  env: KeyEnv,
  { organizationId, projectId, platformKeyId }: KeyOwner,
  statement: Statement,
): Promise<{ readonly envelope: Envelope; readonly bytes: Uint8Array }> {
  const envelope = await signInVault(env, { organizationId, projectId }, platformKeyId, [statement]);
  const [first] = envelope;
  if (first === undefined) throw new Error(`project ${projectId} has no key ${platformKeyId}`);
  return { envelope: first, bytes: envelopeBytes(first) };
}

/** Signs each statement with a key that the vault holds; an empty list when it holds none of this id. */
export async function signInVault(
  env: VaultEnv & Pick<Cloudflare.Env, "DB">,
  place: KeyPlace,
  keyId: string,
  statements: readonly Statement[],
): Promise<Envelope[]> {
  const sealed = await findSealedKey(env.DB, place, keyId);
  if (sealed === null) return [];
  const key = await openKey(env, sealed);
  return await Promise.all(statements.map((statement) => signEnvelope(statement, [key], workerdHashing)));
}

async function openKey(env: VaultEnv, key: SealedKey): Promise<PrivateKey> {
  return await keyPairFromSeed(await openSecret(env, signingKeyName(key, key.keyId), key.sealed));
}
