// What may become of a project's trust record, one revision at a time (CAPSULE.md S5, S9). Pure: the record before and a
// change give the record after, or the reason why not. Who may ask for it is not decided here.
import { fail, ok, type Result } from "../../schemas/result.ts";
import type { Role, TrustKey, TrustRecord } from "../../schemas/trust.ts";
import { thresholdOf } from "./receipt.ts";

export type TrustChange =
  /** Trusting a key again gives it these roles and this name. */
  | { readonly kind: "trusted"; readonly key: Omit<TrustKey, "state"> }
  | { readonly kind: "removed"; readonly keyId: string }
  | {
      readonly kind: "rotated";
      readonly keyId: string;
      readonly successor: Omit<TrustKey, "roles" | "state">;
    }
  | { readonly kind: "revoked"; readonly keyId: string; readonly compromisedSince: number | null }
  | { readonly kind: "thresholds"; readonly thresholds: TrustRecord["thresholds"] };

export type TrustChangeReason = {
  readonly code: "not-found" | "conflict";
  readonly message: string;
};

const MAX_KEYS = 256;

/** @param now ms since the epoch */
export function changeTrust(
  record: TrustRecord,
  change: TrustChange,
  now: number,
): Result<TrustRecord, TrustChangeReason> {
  const changed = changeParts(record, change, now);
  if (!changed.ok) return changed;
  const keys = [...changed.value.keys].sort((a, b) => (a.keyId < b.keyId ? -1 : 1));
  if (keys.length > MAX_KEYS) {
    const message = `a trust record has at most ${MAX_KEYS} keys, retired ones included`;
    return fail({ code: "conflict", message });
  }
  return ok({ revision: record.revision + 1, keys, thresholds: changed.value.thresholds });
}

type Parts = Pick<TrustRecord, "keys" | "thresholds">;

function changeParts(
  record: TrustRecord,
  change: TrustChange,
  now: number,
): Result<Parts, TrustChangeReason> {
  switch (change.kind) {
    case "trusted":
      return trustKey(record, change.key);
    case "removed":
      return removeKey(record, change.keyId);
    case "rotated":
      return rotateKey(record, change.keyId, change.successor, now);
    case "revoked":
      return revokeKey(record, change.keyId, change.compromisedSince, now);
    case "thresholds":
      return setThresholds(record, change.thresholds);
  }
}

function trustKey(record: TrustRecord, key: Omit<TrustKey, "state">): Result<Parts, TrustChangeReason> {
  const known = find(record, key.keyId);
  if (known?.state !== undefined) return fail(isRetired(known));
  return ok(withKey(record, { ...key, roles: [...key.roles].sort() }));
}

/** A retired key stays in the record: were it removed, it could be trusted anew and its state be forgotten. */
function removeKey(record: TrustRecord, keyId: string): Result<Parts, TrustChangeReason> {
  const known = find(record, keyId);
  if (known === undefined) return fail(isUnknown(keyId));
  if (known.state !== undefined) return fail(isRetired(known));
  return ok({ ...record, keys: record.keys.filter((key) => key.keyId !== keyId) });
}

function rotateKey(
  record: TrustRecord,
  keyId: string,
  successor: Omit<TrustKey, "roles" | "state">,
  now: number,
): Result<Parts, TrustChangeReason> {
  const known = find(record, keyId);
  if (known === undefined) return fail(isUnknown(keyId));
  if (known.state !== undefined) return fail(isRetired(known));
  if (find(record, successor.keyId) !== undefined) {
    const message = `${successor.keyId} stands in the trust record already: a successor is a new key`;
    return fail({ code: "conflict", message });
  }
  const retired = withKey(record, { ...known, state: { kind: "rotated", at: now } });
  return ok(withKey(retired, { ...successor, roles: known.roles }));
}

/** A key may be revoked after it was rotated, and once more when it turns out to have leaked earlier; never less. */
function revokeKey(
  record: TrustRecord,
  keyId: string,
  compromisedSince: number | null,
  now: number,
): Result<Parts, TrustChangeReason> {
  const known = find(record, keyId);
  if (known === undefined) return fail(isUnknown(keyId));
  if (compromisedSince !== null && compromisedSince > now)
    return fail({ code: "conflict", message: "compromisedSince lies in the future" });
  // What it signed after its rotation or first revocation does not begin to count again.
  const at = known.state?.at ?? now;
  const before = known.state?.compromisedSince;
  if (known.state?.kind === "revoked" && (compromisedSince ?? at) >= (before ?? at)) {
    const message = `${keyId} is revoked already; it can only be told that it leaked earlier`;
    return fail({ code: "conflict", message });
  }
  const since = compromisedSince === null ? {} : { compromisedSince: Math.min(compromisedSince, at) };
  return ok(withKey(record, { ...known, state: { kind: "revoked", at, ...since } }));
}

function setThresholds(
  record: TrustRecord,
  thresholds: TrustRecord["thresholds"],
): Result<Parts, TrustChangeReason> {
  for (const role of Object.keys(thresholds) as Role[]) {
    const usable = record.keys.filter((key) => key.state === undefined && key.roles.includes(role)).length;
    const needed = thresholdOf({ thresholds }, role);
    if (needed > Math.max(usable, 1)) {
      const message = `${needed} keys would have to sign as ${role}, and ${usable} may: nothing could pass`;
      return fail({ code: "conflict", message });
    }
  }
  return ok({ ...record, thresholds });
}

function find(record: TrustRecord, keyId: string): TrustKey | undefined {
  return record.keys.find((key) => key.keyId === keyId);
}

function withKey<Record extends Parts>(record: Record, key: TrustKey): Record {
  return { ...record, keys: [...record.keys.filter((known) => known.keyId !== key.keyId), key] };
}

function isUnknown(keyId: string): TrustChangeReason {
  return { code: "not-found", message: `this project does not trust a key ${keyId}` };
}

function isRetired({ keyId, state }: TrustKey): TrustChangeReason {
  const message = `${keyId} was ${state?.kind ?? "retired"}; it stays in the record as such, and is not trusted anew`;
  return { code: "conflict", message };
}
