// Who counts for what: a threshold counts distinct keys that a project authorised for a role (CAPSULE.md S5).
import { fail, ok, type Result } from "../../schemas/result.ts";
import { roleOfPredicate } from "../../schemas/statement.ts";
import type { Role, TrustKey, TrustRecord } from "../../schemas/trust.ts";
import { fromBase64 } from "../capsule/bytes.ts";
import type { Hashing } from "../hashing.ts";
import type { VerifyingKey } from "./dsse.ts";
import { keyIdOf } from "./key-format.ts";

/** One valid signature: by which key, over a statement of which predicate type. */
export type VerifiedSignature = { readonly keyId: string; readonly predicateType: string };

export type ThresholdResult = {
  readonly role: Role;
  /** `undecidable`: met only if signatures by rotated or revoked keys were made in time (CAPSULE.md S9). */
  readonly outcome: "met" | "missed" | "undecidable";
  readonly requiredCount: number;
  /** The distinct keys that count, sorted. */
  readonly keyIds: readonly string[];
  /** Keys that were rotated out or revoked, sorted: theirs would count with a receipt from before. */
  readonly retiredKeyIds: readonly string[];
};

export type TrustReason = { readonly code: "invalid-trust"; readonly message: string };

/** A role for which the trust record names no threshold needs one key. */
const DEFAULT_THRESHOLD = 1;

/**
 * Counts the distinct keys that are authorised for the role and signed a statement whose predicate type needs it.
 * A key id is the hash of its public key (CAPSULE.md S3), so distinct ids are distinct keys. Keys that were rotated out
 * or revoked do not count by themselves (S9).
 */
export function evaluateThresholds(
  signatures: readonly VerifiedSignature[],
  trust: TrustRecord,
  role: Role,
): ThresholdResult {
  const signed = new Set(
    signatures
      .filter(({ predicateType }) => roleOfPredicate(predicateType) === role)
      .map(({ keyId }) => keyId),
  );
  const counting = trust.keys.filter((key) => key.roles.includes(role) && signed.has(key.keyId));
  const keyIds = distinctIds(counting.filter((key) => key.state === undefined));
  const retiredKeyIds = distinctIds(counting.filter((key) => key.state !== undefined));
  const requiredCount = trust.thresholds[role] ?? DEFAULT_THRESHOLD;
  const outcome = outcomeOf(keyIds.length, retiredKeyIds.length, requiredCount);
  return { role, outcome, requiredCount, keyIds, retiredKeyIds };
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

function distinctIds(keys: readonly TrustKey[]): string[] {
  return [...new Set(keys.map(({ keyId }) => keyId))].sort();
}

function outcomeOf(
  countingCount: number,
  retiredCount: number,
  requiredCount: number,
): ThresholdResult["outcome"] {
  if (countingCount >= requiredCount) return "met";
  return countingCount + retiredCount >= requiredCount ? "undecidable" : "missed";
}
