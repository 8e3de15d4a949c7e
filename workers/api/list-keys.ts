// The organization's signing keys as the API's route and the page show them.
import type * as z from "zod";
import type { Actor } from "../../adapters/database/actor.ts";
import { listSealedKeyIds } from "../../adapters/database/project-keys.ts";
import { findRetiredKeys, type RetiredKey } from "../../adapters/database/retired-keys.ts";
import { listSigningKeys, type SigningKey } from "../../adapters/database/signing-keys.ts";
import { fingerprintOf } from "../../core/signing/fingerprint.ts";
import type { keySchema } from "../../schemas/api/access.ts";
import type { Door } from "./door.ts";

export type Key = z.infer<typeof keySchema>;

/** Newest first, retired ones included, at most 500. */
export async function listKeys(door: Door, actor: Actor): Promise<Key[]> {
  const { DB } = door.env;
  const rows = await listSigningKeys(DB, actor);
  const keyIds = rows.map(({ keyId }) => keyId);
  const [retired, inVault] = await Promise.all([
    findRetiredKeys(DB, actor, keyIds),
    listSealedKeyIds(DB, { organizationId: actor.organizationId, projectId: null }),
  ]);
  return rows.map((row) => describeKey(row, retired.get(row.keyId) ?? null, inVault.has(row.keyId)));
}

function describeKey(row: SigningKey, retired: RetiredKey | null, isInVault: boolean): Key {
  const { keyId, name, publicKey, createdAt } = row;
  const key = { keyId, fingerprint: fingerprintOf(keyId), name, publicKey, createdAt, isInVault };
  if (retired === null) return key;
  const { kind, at, compromisedSince, reason, successorKeyId } = retired;
  const since = compromisedSince === null ? {} : { compromisedSince };
  return { ...key, state: { kind, at, ...since, reason, successorKeyId } };
}
