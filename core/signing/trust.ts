// Who counts for what: a threshold counts distinct keys that a project authorised for a role (CAPSULE.md S5).
import { fail, ok, type Result } from "../../schemas/result.ts";
import { roleOfPredicate } from "../../schemas/statement.ts";
import type { Role, TrustRecord } from "../../schemas/trust.ts";
import { fromBase64 } from "../capsule/bytes.ts";
import type { Hashing } from "../hashing.ts";
import type { VerifyingKey } from "./dsse.ts";
import { keyIdOf } from "./key-format.ts";

/** One valid signature: by which key, over a statement of which predicate type. */
export type VerifiedSignature = { readonly keyId: string; readonly predicateType: string };

export type ThresholdResult = {
  readonly role: Role;
  readonly isMet: boolean;
  readonly requiredCount: number;
  /** The distinct keys that count, sorted. */
  readonly keyIds: readonly string[];
};

export type TrustReason = { readonly code: "invalid-trust"; readonly message: string };

/** A role for which the trust record names no threshold needs one key. */
const DEFAULT_THRESHOLD = 1;

/**
 * Counts the distinct keys that are authorised for the role and signed a statement whose predicate type needs it.
 * A key id is the hash of its public key (CAPSULE.md S3), so distinct ids are distinct keys.
 */
export function evaluateThresholds(
  signatures: readonly VerifiedSignature[],
  trust: TrustRecord,
  role: Role,
): ThresholdResult {
  const authorised = new Set(trust.keys.filter((key) => key.roles.includes(role)).map((key) => key.keyId));
  const counting = signatures.filter(
    ({ keyId, predicateType }) => roleOfPredicate(predicateType) === role && authorised.has(keyId),
  );
  const keyIds = [...new Set(counting.map(({ keyId }) => keyId))].sort();
  const requiredCount = trust.thresholds[role] ?? DEFAULT_THRESHOLD;
  return { role, isMet: keyIds.length >= requiredCount, requiredCount, keyIds };
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
    keys.set(keyId, { keyId, publicKey });
  }
  return ok([...keys.values()]);
}
