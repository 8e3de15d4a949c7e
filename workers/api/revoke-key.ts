// Revoking a key, in one project or in the whole organization and every project that trusts it (docs/keys.md). It only
// takes trust away, so one person is enough.
import type * as z from "zod";
import type { Actor } from "../../adapters/database/actor.ts";
import { findRetiredKey, insertRetiredKey, updateRetiredKey } from "../../adapters/database/retired-keys.ts";
import { findSigningKey } from "../../adapters/database/signing-keys.ts";
import { fingerprintOf } from "../../core/signing/fingerprint.ts";
import type { RevokedKey, revokeKeySchema } from "../../schemas/api/keys.ts";
import { AppError } from "./app-error.ts";
import { changeInProjects } from "./change-in-projects.ts";
import type { Door } from "./door.ts";
import { orThrow, resolveProjectFor } from "./resolve-project.ts";

type Asked = z.infer<typeof revokeKeySchema>;

/** Revokes it in the project that is named, else everywhere. */
export async function revokeKey(door: Door, actor: Actor, keyId: string, asked: Asked): Promise<RevokedKey> {
  const { reason } = asked;
  const reference = asked.projectId ?? actor.projectId;
  const compromisedSince = asked.compromisedSince ?? null;
  const change = { kind: "revoked" as const, keyId, compromisedSince };
  if (reference === null) {
    await retireInOrganization(door, actor, keyId, { compromisedSince, reason });
    const projects = await changeInProjects(door, actor, keyId, { change, envelopeSha256: null, reason });
    return { keyId, fingerprint: fingerprintOf(keyId), projects };
  }
  const { object, owner } = await resolveProjectFor(door, actor, reference, "keys:write");
  const { revision } = orThrow(
    await object.changeTrust({
      change,
      expectedRevision: null,
      envelopeSha256: null,
      reason,
      actor: actor.ref,
    }),
  );
  const projects = [{ projectId: owner.projectId, revision }];
  return { keyId, fingerprint: fingerprintOf(keyId), projects };
}

/** First of all, so that no project takes it in while the others are being told. */
async function retireInOrganization(
  door: Door,
  actor: Actor,
  keyId: string,
  { compromisedSince, reason }: { readonly compromisedSince: number | null; readonly reason: string },
): Promise<void> {
  const { DB } = door.env;
  if ((await findSigningKey(DB, actor, keyId)) === null)
    throw new AppError("not-found", `No key ${keyId} is registered here.`);
  const now = Date.now();
  if (compromisedSince !== null && compromisedSince > now) {
    const message = "lies in the future";
    throw new AppError(
      "validation",
      "A key cannot have leaked in the future: give compromisedSince in ms since the epoch.",
      {
        errors: [{ path: "compromisedSince", message }],
      },
    );
  }
  const fresh = { keyId, kind: "revoked" as const, compromisedSince, reason };
  const isFirst = await insertRetiredKey(DB, actor, {
    ...fresh,
    at: now,
    successorKeyId: null,
    envelopeSha256: null,
  });
  if (isFirst) return;
  const known = await findRetiredKey(DB, actor, keyId);
  if (known === null) throw new Error(`the retired key ${keyId} is missing`);
  const countsUntil = known.compromisedSince ?? known.at;
  const isWorse = (compromisedSince ?? known.at) < countsUntil;
  // The same once more finishes what was cut off between two projects.
  if (known.kind === "revoked" && !isWorse) {
    if (known.compromisedSince === compromisedSince) return;
    throw new AppError(
      "conflict",
      `The key ${keyId} is revoked already; it can only be told that it leaked earlier.`,
    );
  }
  const since = compromisedSince === null ? known.compromisedSince : Math.min(compromisedSince, known.at);
  await updateRetiredKey(DB, actor, { ...fresh, compromisedSince: since });
}
