// Rotating a key: its successor is introduced by a statement that the old key signs, in one project or in the whole
// organization and every project that trusts it (CAPSULE.md S9, docs/keys.md).
import type * as z from "zod";
import type { Actor } from "../../adapters/database/actor.ts";
import { readUsableOwnerKeys } from "../../adapters/database/owner-keys.ts";
import { findSealedKey, insertSealedKey, type KeyPlace } from "../../adapters/database/project-keys.ts";
import { findRetiredKey, insertRetiredKey } from "../../adapters/database/retired-keys.ts";
import { findSigningKey, registerSigningKey } from "../../adapters/database/signing-keys.ts";
import { workerdHashing } from "../../adapters/hashing/workerd-hashing.ts";
import { storeEnvelope } from "../../adapters/vault/platform-statements.ts";
import { makeVaultKey, signInVault } from "../../adapters/vault/project-key.ts";
import { toDigest } from "../../core/capsule/digest.ts";
import { fingerprintOf } from "../../core/signing/fingerprint.ts";
import { createRotationStatement } from "../../core/signing/key-statements.ts";
import { checkRotation } from "../../core/signing/signed-change.ts";
import type { RotatedKey, rotateKeySchema } from "../../schemas/api/keys.ts";
import type { KeyRotation, KeyScope, OwnerKeys } from "../../schemas/key-statement.ts";
import type { Envelope } from "../../schemas/statement.ts";
import { AppError } from "./app-error.ts";
import { changeInProjects } from "./change-in-projects.ts";
import type { Door } from "./door.ts";
import { orThrow, resolveProjectFor } from "./resolve-project.ts";
import {
  askForSignatures,
  type ChangeOutcome,
  orSignatures,
  type PublicKey,
  readPublicKey,
} from "./signed-changes.ts";

type Asked = z.infer<typeof rotateKeySchema>;

/** The old key where it is known, and what a statement about it must say. */
type Rotation = {
  readonly oldKey: PublicKey & { readonly name: string };
  readonly place: KeyPlace;
  readonly scope: KeyScope;
  /** That the rotation makes. */
  readonly revision: number;
  readonly owners: OwnerKeys;
  /** The platform signs with it, so it must be able to sign with the successor. */
  readonly isPlatformKey: boolean;
};

type Successor = PublicKey & { readonly envelope: Envelope; readonly reason: string };

/** Rotates it in the project that is named, else everywhere. */
export async function rotateKey(
  door: Door,
  actor: Actor,
  keyId: string,
  asked: Asked,
): Promise<ChangeOutcome<RotatedKey>> {
  const reference = asked.projectId ?? actor.projectId;
  return reference === null
    ? await rotateEverywhere(door, actor, keyId, asked)
    : await rotateInProject(door, actor, reference, keyId, asked);
}

async function rotateInProject(
  door: Door,
  actor: Actor,
  reference: string,
  keyId: string,
  asked: Asked,
): Promise<ChangeOutcome<RotatedKey>> {
  const { env } = door;
  const { object, owner } = await resolveProjectFor(door, actor, reference, "keys:write");
  const [record, facts, owners] = await Promise.all([
    object.trustRecord(),
    object.facts(),
    readUsableOwnerKeys(env.DB, actor),
  ]);
  const oldKey = record.keys.find((key) => key.keyId === keyId);
  if (oldKey === undefined) throw new AppError("not-found", `This project does not trust a key ${keyId}.`);
  if (oldKey.state !== undefined) throw alreadyRetired(keyId, oldKey.state.kind);
  const rotation: Rotation = {
    oldKey,
    place: owner,
    scope: { projectId: owner.projectId },
    revision: record.revision + 1,
    owners,
    isPlatformKey: [facts.platformKeyId, facts.logKeyId].includes(keyId),
  };
  const prepared = await findSuccessor(door, actor, rotation, asked);
  if (prepared.status === "awaiting") return prepared;
  const { keyId: newKeyId, publicKey, envelope, reason } = prepared.value;
  const name = asked.name ?? oldKey.name;
  // A successor in the project's vault is the project's own; one from outside becomes known in the organization.
  const isInVault = (await findSealedKey(env.DB, owner, newKeyId)) !== null;
  if (!isInVault) await register(door, actor, { keyId: newKeyId, publicKey, name });
  const envelopeSha256 = await storeEnvelope(env.BLOBS, envelope);
  const { revision } = orThrow(
    await object.changeTrust({
      change: { kind: "rotated", keyId, successor: { keyId: newKeyId, publicKey, name } },
      expectedRevision: record.revision,
      envelopeSha256,
      reason,
      actor: actor.ref,
    }),
  );
  const projects = [{ projectId: owner.projectId, revision }];
  return await describe(door, rotation, { keyId: newKeyId, publicKey, name }, { projects, envelopeSha256 });
}

async function rotateEverywhere(
  door: Door,
  actor: Actor,
  keyId: string,
  asked: Asked,
): Promise<ChangeOutcome<RotatedKey>> {
  const { env } = door;
  const [oldKey, retired, owners] = await Promise.all([
    findSigningKey(env.DB, actor, keyId),
    findRetiredKey(env.DB, actor, keyId),
    readUsableOwnerKeys(env.DB, actor),
  ]);
  if (oldKey === null) throw new AppError("not-found", `No key ${keyId} is registered here.`);
  if (owners.keys.some((key) => key.keyId === keyId)) {
    throw new AppError(
      "conflict",
      "It is one of the owners' keys, which count by name: change those first (PUT /api/owner-keys), then rotate it.",
    );
  }
  const rotation: Rotation = {
    oldKey,
    place: { organizationId: actor.organizationId, projectId: null },
    scope: { organization: actor.organizationId },
    revision: owners.revision + 1,
    owners,
    isPlatformKey: false,
  };
  if (retired?.kind === "rotated" && asked.envelope === undefined)
    return await finishEverywhere(door, actor, rotation, retired);
  if (retired !== null) throw alreadyRetired(keyId, retired.kind);
  const prepared = await findSuccessor(door, actor, rotation, asked);
  if (prepared.status === "awaiting") return prepared;
  const { keyId: successorKeyId, publicKey, envelope, reason } = prepared.value;
  await register(door, actor, { keyId: successorKeyId, publicKey, name: asked.name ?? oldKey.name });
  const retirement = {
    keyId,
    kind: "rotated" as const,
    at: Date.now(),
    compromisedSince: null,
    reason,
    successorKeyId,
    envelopeSha256: await storeEnvelope(env.BLOBS, envelope),
  };
  if (!(await insertRetiredKey(env.DB, actor, retirement))) throw alreadyRetired(keyId, "rotated");
  return await finishEverywhere(door, actor, rotation, retirement);
}

/** Also finishes a rotation that was cut off between two projects: asking again changes those that are left. */
async function finishEverywhere(
  door: Door,
  actor: Actor,
  rotation: Rotation,
  retired: {
    readonly successorKeyId: string | null;
    readonly envelopeSha256: string | null;
    readonly reason: string;
  },
): Promise<ChangeOutcome<RotatedKey>> {
  const { keyId } = rotation.oldKey;
  const { successorKeyId, envelopeSha256, reason } = retired;
  const successor = successorKeyId === null ? null : await findSigningKey(door.env.DB, actor, successorKeyId);
  if (successor === null || envelopeSha256 === null) throw alreadyRetired(keyId, "rotated");
  const { publicKey, name } = successor;
  const line = { keyId: successor.keyId, publicKey, name };
  const projects = await changeInProjects(door, actor, keyId, {
    change: { kind: "rotated", keyId, successor: line },
    envelopeSha256,
    reason,
  });
  return await describe(door, rotation, line, { projects, envelopeSha256 });
}

/** The successor as enough have signed it; else what is to be signed. */
async function findSuccessor(
  door: Door,
  actor: Actor,
  rotation: Rotation,
  asked: Asked,
): Promise<ChangeOutcome<Successor>> {
  const { oldKey, owners, place, scope, revision } = rotation;
  if (asked.envelope === undefined) {
    const { newKeyId, newPublicKey } = await nameSuccessor(door, actor, rotation, asked);
    const said = { oldKeyId: oldKey.keyId, newKeyId, newPublicKey, revision, reason: asked.reason };
    const statement = createRotationStatement({ ...said, ...scope });
    const [envelope = null] = await signInVault(door.env, place, oldKey.keyId, [statement]);
    if (envelope === null || owners.threshold > 0) {
      const oldKeyId = envelope === null ? oldKey.keyId : undefined;
      return { status: "awaiting", answer: askForSignatures(statement, { owners, oldKeyId }, envelope) };
    }
    const value = { keyId: newKeyId, publicKey: newPublicKey, envelope, reason: asked.reason };
    return { status: "done", value };
  }
  const expected = { ...scope, oldKeyId: oldKey.keyId, revision };
  const said = orSignatures(await checkRotation(asked.envelope, { expected, oldKey, owners }));
  await assertUsable(door, actor, rotation, said);
  const { newKeyId: keyId, newPublicKey: publicKey, reason } = said;
  return { status: "done", value: { keyId, publicKey, envelope: asked.envelope, reason } };
}

async function nameSuccessor(
  door: Door,
  actor: Actor,
  { place, isPlatformKey }: Rotation,
  asked: Asked,
): Promise<{ readonly newKeyId: string; readonly newPublicKey: string }> {
  if (asked.newPublicKey === undefined) {
    const made = await makeVaultKey(door.env, place);
    await insertSealedKey(door.env.DB, { ...made, createdAt: Date.now() });
    return { newKeyId: made.keyId, newPublicKey: made.publicKey };
  }
  if (isPlatformKey) throw successorOutside("newPublicKey");
  const named = await readPublicKey(asked.newPublicKey, "newPublicKey");
  await assertNotRetired(door, actor, named.keyId);
  return { newKeyId: named.keyId, newPublicKey: named.publicKey };
}

/** What was signed outside is believed in nothing: the id must be that of the key, and the platform must hold its own. */
async function assertUsable(door: Door, actor: Actor, rotation: Rotation, said: KeyRotation): Promise<void> {
  const bytes = new Uint8Array(Buffer.from(said.newPublicKey, "base64"));
  if (toDigest(await workerdHashing.sha256(bytes)) !== said.newKeyId) {
    throw new AppError("unprocessable", "The statement's newKeyId is not that of its newPublicKey.", {
      errors: [{ path: "envelope", message: "newKeyId and newPublicKey differ" }],
    });
  }
  await assertNotRetired(door, actor, said.newKeyId);
  if (!rotation.isPlatformKey) return;
  if ((await findSealedKey(door.env.DB, rotation.place, said.newKeyId)) === null)
    throw successorOutside("envelope");
}

async function assertNotRetired(door: Door, actor: Actor, keyId: string): Promise<void> {
  const retired = await findRetiredKey(door.env.DB, actor, keyId);
  if (retired !== null) throw alreadyRetired(keyId, retired.kind);
}

async function register(door: Door, actor: Actor, key: PublicKey & { readonly name: string }): Promise<void> {
  await registerSigningKey(door.env.DB, actor, { ...key, createdAt: Date.now() });
}

async function describe(
  door: Door,
  { oldKey, place }: Rotation,
  successor: PublicKey & { readonly name: string },
  done: Pick<RotatedKey, "projects" | "envelopeSha256">,
): Promise<ChangeOutcome<RotatedKey>> {
  const isInVault = (await findSealedKey(door.env.DB, place, successor.keyId)) !== null;
  const fingerprint = fingerprintOf(successor.keyId);
  const value = { keyId: oldKey.keyId, successor: { ...successor, fingerprint, isInVault }, ...done };
  return { status: "done", value };
}

export function alreadyRetired(keyId: string, kind: string): AppError {
  return new AppError("conflict", `The key ${keyId} was ${kind} already; it is not taken in again.`);
}

function successorOutside(path: string): AppError {
  return new AppError(
    "unprocessable",
    "The platform signs with that key, so its successor must be made in the vault; leave newPublicKey out.",
    { errors: [{ path, message: "must be made in the vault" }] },
  );
}
