// Who counts for what: a threshold counts distinct keys that a project authorised for a role (CAPSULE.md S5).
import { fail, ok, type Result } from "../../schemas/result.ts";
import { roleOfPredicate } from "../../schemas/statement.ts";
import type { RetiredState, Role, TrustRecord } from "../../schemas/trust.ts";
import { fromBase64 } from "../capsule/bytes.ts";
import type { Hashing } from "../hashing.ts";
import type { VerifyingKey } from "./dsse.ts";
import { keyIdOf } from "./key-format.ts";
import { countsUntil, findLoggedAt, type Receipt, thresholdOf } from "./receipt.ts";

/** One valid signature: by which key, over a statement of which predicate type, in which envelope. */
export type VerifiedSignature = {
  readonly keyId: string;
  readonly predicateType: string;
  /** Of the envelope's stored bytes: what a receipt names. */
  readonly envelopeSha256: string;
};

/** A key that signed and was rotated out or revoked, without a receipt from before. */
export type UnprovenSigner = {
  readonly keyId: string;
  /** What it signed counts when it was logged before this time, in ms since the epoch. */
  readonly countsBefore: number;
  /** When a log says that it came; null when no log says anything. */
  readonly loggedAt: number | null;
};

export type ThresholdResult = {
  readonly role: Role;
  /** `undecidable`: met only if signatures by rotated or revoked keys were made in time (CAPSULE.md S9). */
  readonly outcome: "met" | "missed" | "undecidable";
  readonly requiredCount: number;
  /** The distinct keys that count, sorted. */
  readonly keyIds: readonly string[];
  /** Sorted by key id. */
  readonly unproven: readonly UnprovenSigner[];
};

export type TrustReason = { readonly code: "invalid-trust"; readonly message: string };

/**
 * Counts the distinct keys that are authorised for the role and signed a statement whose predicate type needs it.
 * A key id is the hash of its public key (CAPSULE.md S3), so distinct ids are distinct keys. A key that was rotated out
 * or revoked counts with a receipt that what it signed was logged before (S9).
 */
export function evaluateThresholds(
  signatures: readonly VerifiedSignature[],
  receipts: readonly Receipt[],
  trust: TrustRecord,
  role: Role,
): ThresholdResult {
  const ofRole = signatures.filter(({ predicateType }) => roleOfPredicate(predicateType) === role);
  const counting: string[] = [];
  const unproven: UnprovenSigner[] = [];
  for (const key of trust.keys) {
    const own = ofRole.filter(({ keyId }) => keyId === key.keyId);
    if (own.length === 0 || !key.roles.includes(role)) continue;
    const missing = key.state === undefined ? null : findUnproven(key.keyId, key.state, own, receipts, trust);
    if (missing === null) counting.push(key.keyId);
    else unproven.push(missing);
  }
  const requiredCount = thresholdOf(trust, role);
  const outcome = outcomeOf(counting.length, unproven.length, requiredCount);
  const sorted = unproven.sort((a, b) => (a.keyId < b.keyId ? -1 : 1));
  return { role, outcome, requiredCount, keyIds: counting.sort(), unproven: sorted };
}

/** The keys of a trust record, each with an id that was computed here and not believed (CAPSULE.md S3). */
export async function readTrustedKeys(
  trust: TrustRecord,
  hashing: Hashing,
): Promise<Result<readonly VerifyingKey[], TrustReason>> {
  const keys = new Map<string, VerifyingKey>();
  for (const key of trust.keys) {
    const publicKey = fromBase64(key.publicKey);
    const keyId = publicKey === null ? null : await keyIdOf(publicKey, hashing);
    if (publicKey === null || keyId !== key.keyId) {
      return fail({
        code: "invalid-trust",
        message: `the id of the trusted key ${key.name} is not that of its bytes`,
      });
    }
    // Two lines about one key could differ in roles or state, and then each would be half true.
    if (keys.has(keyId)) {
      return fail({ code: "invalid-trust", message: `the trusted key ${key.name} is listed twice` });
    }
    keys.set(keyId, { keyId, publicKey });
  }
  return ok([...keys.values()]);
}

/** Null when a receipt proves one of the signatures; else what there is to say about them. */
function findUnproven(
  keyId: string,
  state: RetiredState,
  signatures: readonly VerifiedSignature[],
  receipts: readonly Receipt[],
  trust: TrustRecord,
): UnprovenSigner | null {
  const countsBefore = countsUntil(state);
  const logged = signatures
    .map((signature) => findLoggedAt(signature, receipts, trust))
    .filter((time) => time !== null);
  const loggedAt = logged.length === 0 ? null : Math.min(...logged);
  return loggedAt !== null && loggedAt < countsBefore ? null : { keyId, countsBefore, loggedAt };
}

function outcomeOf(
  countingCount: number,
  unprovenCount: number,
  requiredCount: number,
): ThresholdResult["outcome"] {
  if (countingCount >= requiredCount) return "met";
  return countingCount + unprovenCount >= requiredCount ? "undecidable" : "missed";
}
