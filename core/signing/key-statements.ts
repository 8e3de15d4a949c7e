// Statements about keys. Like those about capsules they are in-toto statements in DSSE envelopes (CAPSULE.md S1); the
// subject of a rotation is the new key, of the others the JCS form of the new record.
import {
  type KeyRotation,
  keyRotationSchema,
  type OwnerKeys,
  ownerKeysPredicateSchema,
  PREDICATE_KEY_ROTATION,
  PREDICATE_OWNER_KEYS,
  PREDICATE_TRUST_RECORD,
  trustRecordPredicateSchema,
} from "../../schemas/key-statement.ts";
import { STATEMENT_TYPE, type Statement } from "../../schemas/statement.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import { toHex } from "../capsule/bytes.ts";
import { canonicalBytes } from "../capsule/canonical-json.ts";
import { digestHex } from "../capsule/digest.ts";
import type { Hashing } from "../hashing.ts";

/** The statement by which a key introduces its successor. Throws when it is not well formed. */
export function createRotationStatement(rotation: KeyRotation): Statement {
  const predicate = keyRotationSchema.parse(rotation);
  return {
    _type: STATEMENT_TYPE,
    // A key id is the SHA-256 of the public key's bytes (CAPSULE.md S3): in-toto's digest of just these bytes.
    subject: [{ name: "urn:oursynth:key", digest: { sha256: digestHex(rotation.newKeyId) } }],
    predicateType: PREDICATE_KEY_ROTATION,
    predicate,
  };
}

/** The statement that a project's trust record is to be this one. */
export function createTrustRecordStatement(
  projectId: string,
  record: TrustRecord,
  hashing: Hashing,
): Promise<Statement> {
  const predicate = trustRecordPredicateSchema.parse({ ...record, projectId });
  return aboutRecord(`urn:oursynth:trust:${projectId}`, PREDICATE_TRUST_RECORD, predicate, hashing);
}

/** The statement that an organization's owners' keys are to be these. */
export function createOwnerKeysStatement(
  organization: string,
  owners: OwnerKeys,
  hashing: Hashing,
): Promise<Statement> {
  const predicate = ownerKeysPredicateSchema.parse({ ...owners, organization });
  return aboutRecord(`urn:oursynth:owners:${organization}`, PREDICATE_OWNER_KEYS, predicate, hashing);
}

async function aboutRecord(
  name: string,
  predicateType: string,
  predicate: Readonly<Record<string, unknown>>,
  hashing: Hashing,
): Promise<Statement> {
  const sha256 = toHex(await hashing.sha256(canonicalBytes(predicate)));
  return { _type: STATEMENT_TYPE, subject: [{ name, digest: { sha256 } }], predicateType, predicate };
}
