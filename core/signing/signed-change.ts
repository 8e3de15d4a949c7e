// Who has signed a change of trust, and whether that is enough: the old key for its successor, and as many owners' keys
// as the organization asks for (TUF §5.3: a new root needs the old threshold and the new one).
import {
  type KeyRotation,
  keyRotationSchema,
  type OwnerKeys,
  PREDICATE_KEY_ROTATION,
} from "../../schemas/key-statement.ts";
import { fail, ok, type Result } from "../../schemas/result.ts";
import type { Envelope, Statement } from "../../schemas/statement.ts";
import { equalBytes, fromBase64 } from "../capsule/bytes.ts";
import { canonicalBytes } from "../capsule/canonical-json.ts";
import { digestHex } from "../capsule/digest.ts";
import { decodeEnvelope, type VerifyingKey, verifyEnvelope } from "./dsse.ts";

export type SignedChangeReason = {
  readonly code: /** Not an envelope, not signed by any key that counts, or a signature is wrong. */
    | "bad-envelope"
    /** It says something else than what is asked for. */
    | "other-statement"
    | "other-scope"
    | "revision-moved"
    | "not-signed-by-old-key"
    | "too-few-owners"
    | "too-few-new-owners";
  readonly message: string;
};

/** A key as the bytes that verify; the id is the one that the record was checked with. */
export type PublicKeyLine = { readonly keyId: string; readonly publicKey: string };

export type RotationCheck = {
  /** What the rotation would be: its scope, its revision and the two keys are compared. */
  readonly expected: Pick<KeyRotation, "oldKeyId" | "revision"> &
    ({ readonly projectId: string } | { readonly organization: string });
  readonly oldKey: PublicKeyLine;
  readonly owners: OwnerKeys;
};

/** What a rotation's envelope says, once the old key and enough owners have signed it. */
export async function checkRotation(
  envelope: Envelope,
  { expected, oldKey, owners }: RotationCheck,
): Promise<Result<KeyRotation, SignedChangeReason>> {
  const signed = await readSigned(envelope, [oldKey, ...owners.keys]);
  if (!signed.ok) return signed;
  const { statement, keyIds } = signed.value;
  const rotation = keyRotationSchema.safeParse(statement.predicate);
  if (statement.predicateType !== PREDICATE_KEY_ROTATION || !rotation.success)
    return fail({ code: "other-statement", message: "it is not a rotation's statement" });
  const said = rotation.data;
  if (scopeOf(said) !== scopeOf(expected)) {
    const message = `it is for ${scopeOf(said)}, and this is ${scopeOf(expected)}`;
    return fail({ code: "other-scope", message });
  }
  if (said.oldKeyId !== expected.oldKeyId || statement.subject[0].digest.sha256 !== digestHex(said.newKeyId))
    return fail({ code: "other-statement", message: "it is about other keys" });
  if (said.revision !== expected.revision) {
    const message = `it makes revision ${said.revision}, and ${expected.revision} is next`;
    return fail({ code: "revision-moved", message });
  }
  if (!keyIds.has(oldKey.keyId))
    return fail({ code: "not-signed-by-old-key", message: `${oldKey.keyId} has not signed it` });
  const missing = missingOwners(keyIds, owners);
  return missing === null ? ok(said) : fail({ code: "too-few-owners", message: missing });
}

/** Whether the envelope holds exactly this statement, signed by enough owners. */
export async function checkOwnersSigned(
  envelope: Envelope,
  expected: Statement,
  owners: OwnerKeys,
): Promise<Result<null, SignedChangeReason>> {
  const signed = await readSigned(envelope, owners.keys);
  if (!signed.ok) return signed;
  const same = isSameStatement(signed.value.statement, expected);
  if (!same.ok) return same;
  const missing = missingOwners(signed.value.keyIds, owners);
  return missing === null ? ok(null) : fail({ code: "too-few-owners", message: missing });
}

/** New owners' keys need the old threshold of the old keys, and the new threshold of the new ones. */
export async function checkOwnersChange(
  envelope: Envelope,
  expected: Statement,
  change: { readonly from: OwnerKeys; readonly to: OwnerKeys },
): Promise<Result<null, SignedChangeReason>> {
  const signed = await readSigned(envelope, [...change.from.keys, ...change.to.keys]);
  if (!signed.ok) return signed;
  const same = isSameStatement(signed.value.statement, expected);
  if (!same.ok) return same;
  const missingOld = missingOwners(signed.value.keyIds, change.from);
  if (missingOld !== null) return fail({ code: "too-few-owners", message: missingOld });
  const missingNew = missingOwners(signed.value.keyIds, change.to);
  return missingNew === null ? ok(null) : fail({ code: "too-few-new-owners", message: missingNew });
}

type Signed = { readonly statement: Statement; readonly keyIds: ReadonlySet<string> };

/** The statement and which of the given keys signed it. One bad signature under a given key fails it all. */
async function readSigned(
  envelope: Envelope,
  keys: readonly PublicKeyLine[],
): Promise<Result<Signed, SignedChangeReason>> {
  const parsed = decodeEnvelope(envelope);
  if (!parsed.ok) return fail({ code: "bad-envelope", message: parsed.reason.message });
  const verified = await verifyEnvelope(parsed.value, keys.flatMap(toVerifyingKey));
  if (!verified.ok) return fail({ code: "bad-envelope", message: verified.reason.message });
  const { statement, signers } = verified.value;
  return ok({ statement, keyIds: new Set(signers.map(({ keyId }) => keyId)) });
}

function toVerifyingKey({ keyId, publicKey }: PublicKeyLine): VerifyingKey[] {
  const bytes = fromBase64(publicKey);
  return bytes === null ? [] : [{ keyId, publicKey: bytes }];
}

function isSameStatement(actual: Statement, expected: Statement): Result<null, SignedChangeReason> {
  if (equalBytes(canonicalBytes(actual), canonicalBytes(expected))) return ok(null);
  const [was, is] = [actual.predicate.revision, expected.predicate.revision];
  if (actual.predicateType === expected.predicateType && was !== is) {
    const message = `it makes revision ${String(was)}, and ${String(is)} is next`;
    return fail({ code: "revision-moved", message });
  }
  return fail({ code: "other-statement", message: "what was signed is not what is asked for now" });
}

/** Distinct keys count (CAPSULE.md S5). Null when there are enough. */
function missingOwners(keyIds: ReadonlySet<string>, { keys, threshold }: OwnerKeys): string | null {
  const count = new Set(keys.map(({ keyId }) => keyId).filter((keyId) => keyIds.has(keyId))).size;
  return count >= threshold ? null : `${count} of the ${threshold} owners' keys that it needs have signed`;
}

function scopeOf(scope: { readonly projectId: string } | { readonly organization: string }): string {
  return "projectId" in scope ? `the project ${scope.projectId}` : `the organization ${scope.organization}`;
}
