// Changes of trust that may need signatures (docs/keys.md): what is to be signed goes out with 202, and the same request
// with the signed envelope does it.
import type { Actor } from "../../adapters/database/actor.ts";
import { readUsableOwnerKeys } from "../../adapters/database/owner-keys.ts";
import { workerdHashing } from "../../adapters/hashing/workerd-hashing.ts";
import { storeEnvelope } from "../../adapters/vault/platform-statements.ts";
import { canonicalBytes } from "../../core/capsule/canonical-json.ts";
import { changeTrust, type TrustChange } from "../../core/signing/change-trust.ts";
import { keyIdOf, parsePublicKey } from "../../core/signing/key-format.ts";
import { createTrustRecordStatement } from "../../core/signing/key-statements.ts";
import { checkOwnersSigned, type SignedChangeReason } from "../../core/signing/signed-change.ts";
import type { ProjectFailure } from "../../durable-objects/project/project-failure.ts";
import type { AwaitingSignatures } from "../../schemas/api/keys.ts";
import type { OwnerKeys } from "../../schemas/key-statement.ts";
import type { Result } from "../../schemas/result.ts";
import { type Envelope, PAYLOAD_TYPE, type Statement } from "../../schemas/statement.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import { AppError } from "./app-error.ts";
import type { Door } from "./door.ts";
import { orThrow, type ResolvedProject } from "./resolve-project.ts";

export type ChangeOutcome<Done> =
  | { readonly status: "done"; readonly value: Done }
  | { readonly status: "awaiting"; readonly answer: AwaitingSignatures };

/** Widens a project's trust: with the owners' signatures where the organization asks for them. */
export async function changeTrustSigned(
  door: Door,
  actor: Actor,
  project: ResolvedProject,
  change: TrustChange,
  options: { readonly envelope: Envelope | undefined; readonly expectedRevision: number | null },
): Promise<ChangeOutcome<TrustRecord>> {
  const [before, owners] = await Promise.all([
    project.object.trustRecord(),
    readUsableOwnerKeys(door.env.DB, actor),
  ]);
  const expectedRevision = options.expectedRevision ?? before.revision;
  const after = orThrow(changeTrust(before, change, Date.now()) as Result<TrustRecord, ProjectFailure>);
  let envelopeSha256: string | null = null;
  if (owners.threshold > 0) {
    const statement = await createTrustRecordStatement(project.row.id, after, workerdHashing);
    const { envelope } = options;
    if (envelope === undefined)
      return { status: "awaiting", answer: askForSignatures(statement, { owners }) };
    orSignatures(await checkOwnersSigned(envelope, statement, owners));
    envelopeSha256 = await storeEnvelope(door.env.BLOBS, envelope);
  }
  const record = await project.object.changeTrust({
    change,
    expectedRevision,
    envelopeSha256,
    reason: null,
    actor: actor.ref,
  });
  return { status: "done", value: orThrow(record as Result<TrustRecord, ProjectFailure>) };
}

export type Needs = {
  readonly owners: OwnerKeys;
  /** The key that has still to introduce its successor. */
  readonly oldKeyId?: string | undefined;
  readonly newOwners?: OwnerKeys | undefined;
};

/** @param envelope with the signatures that there are already */
export function askForSignatures(
  statement: Statement,
  { owners, oldKeyId, newOwners }: Needs,
  envelope: Envelope | null = null,
): AwaitingSignatures {
  const payload = Buffer.from(canonicalBytes(statement)).toString("base64");
  const wanted = [
    ...(oldKeyId === undefined ? [] : ["the old key"]),
    ...(owners.threshold === 0 ? [] : [`${owners.threshold} of the owners' keys`]),
    ...(newOwners === undefined || newOwners.threshold === 0
      ? []
      : [`${newOwners.threshold} of the new owners' keys`]),
  ];
  return {
    status: "awaiting-signatures",
    detail: `Nothing has changed yet: ${wanted.join(" and ")} must sign the envelope (oursynth keys sign). Then send the same request with it.`,
    statement,
    envelope: { payload, payloadType: PAYLOAD_TYPE, signatures: [...(envelope?.signatures ?? [])] },
    needs: {
      oldKeyId: oldKeyId ?? null,
      owners: toCount(owners),
      ...(newOwners === undefined ? {} : { newOwners: toCount(newOwners) }),
    },
  };
}

/** The value, or why the signatures are not enough as a problem. */
export function orSignatures<Value>(result: Result<Value, SignedChangeReason>): Value {
  if (result.ok) return result.value;
  const { code, message } = result.reason;
  const detail = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
  if (code === "revision-moved") {
    const again = "Ask again without the envelope for what is to be signed now.";
    throw new AppError("trust-moved", `${detail} ${again}`);
  }
  throw new AppError(
    "signatures-missing",
    `${detail} The signed envelope was not taken; nothing has changed.`,
    {
      errors: [{ path: "envelope", message: code }],
    },
  );
}

export type PublicKey = { readonly keyId: string; readonly publicKey: string };

/** A public key that a caller sent as PEM or base64, with the id that it has. */
export async function readPublicKey(text: string, path: string): Promise<PublicKey> {
  const parsed = parsePublicKey(text);
  if (parsed.ok) {
    const keyId = await keyIdOf(parsed.value, workerdHashing);
    return { keyId, publicKey: Buffer.from(parsed.value).toString("base64") };
  }
  const { message } = parsed.reason;
  throw new AppError(
    "unprocessable",
    `That is not an Ed25519 public key: ${message}. Send SPKI PEM, or base64 of the 32 bytes.`,
    { errors: [{ path, message }] },
  );
}

function toCount({ threshold, keys }: OwnerKeys) {
  return { count: threshold, keyIds: threshold === 0 ? [] : keys.map(({ keyId }) => keyId) };
}
