// Making a key known, for the API's routes and the pages alike: registered from outside or made in the vault, and trusted
// in a project when one is named (docs/keys.md).
import type * as z from "zod";
import type { Actor } from "../../adapters/database/actor.ts";
import { insertSealedKey } from "../../adapters/database/project-keys.ts";
import { findRetiredKey } from "../../adapters/database/retired-keys.ts";
import { registerSigningKey } from "../../adapters/database/signing-keys.ts";
import { makeVaultKey } from "../../adapters/vault/project-key.ts";
import { fingerprintOf } from "../../core/signing/fingerprint.ts";
import type { addedKeySchema, addKeySchema } from "../../schemas/api/access.ts";
import type { Role } from "../../schemas/trust.ts";
import type { Door } from "./door.ts";
import { type ResolvedProject, resolveProjectFor } from "./resolve-project.ts";
import { alreadyRetired } from "./rotate-key.ts";
import { type ChangeOutcome, changeTrustSigned, type PublicKey, readPublicKey } from "./signed-changes.ts";

const DEFAULT_ROLES: readonly Role[] = ["builder"];

/**
 * Makes the key known to the organization, or what owners must sign before a project trusts it. Throws `unprocessable`
 * for what is no Ed25519 public key, `conflict` for a key that was retired.
 */
export async function addKey(
  door: Door,
  actor: Actor,
  wanted: z.infer<typeof addKeySchema>,
): Promise<ChangeOutcome<z.infer<typeof addedKeySchema>>> {
  const { name, publicKey: text, roles = [...DEFAULT_ROLES], envelope } = wanted;
  const reference = wanted.projectId ?? actor.projectId;
  const project = reference === null ? null : await resolveProjectFor(door, actor, reference, "keys:write");
  const isInVault = text === undefined;
  const { keyId, publicKey } = isInVault
    ? await makeKey(door, actor, project)
    : await readPublicKey(text, "publicKey");
  const retired = await findRetiredKey(door.env.DB, actor, keyId);
  if (retired !== null) throw alreadyRetired(keyId, retired.kind);
  const key = { keyId, publicKey, name, createdAt: Date.now() };
  // A project's own key is known in the project.
  if (!(isInVault && project !== null)) await registerSigningKey(door.env.DB, actor, key);
  const described = { ...key, fingerprint: fingerprintOf(keyId), isInVault };
  if (project === null) return { status: "done", value: { ...described, roles: [] } };
  const change = { kind: "trusted" as const, key: { keyId, publicKey, name, roles } };
  const outcome = await changeTrustSigned(door, actor, project, change, { envelope, expectedRevision: null });
  return outcome.status === "awaiting" ? outcome : { status: "done", value: { ...described, roles } };
}

/** For the project when one is named, else for the organization. */
async function makeKey(door: Door, actor: Actor, project: ResolvedProject | null): Promise<PublicKey> {
  const made = await makeVaultKey(door.env, {
    organizationId: actor.organizationId,
    projectId: project === null ? null : project.row.id,
  });
  await insertSealedKey(door.env.DB, { ...made, createdAt: Date.now() });
  return made;
}
