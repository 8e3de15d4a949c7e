// DSSE envelopes (secure-systems-lab/dsse v1) in the one form that CAPSULE.md S1 allows.
import { fail, ok, type Result } from "../../schemas/result.ts";
import {
  type Envelope,
  envelopeSchema,
  PAYLOAD_TYPE,
  type Statement,
  statementSchema,
} from "../../schemas/statement.ts";
import { fromBase64, joinBytes, toBase64 } from "../capsule/bytes.ts";
import { canonicalBytes, parseCanonicalJson } from "../capsule/canonical-json.ts";
import { CAPSULE_LIMITS } from "../capsule/limits.ts";
import { parseStrictJson } from "../capsule/strict-json.ts";
import type { Hashing } from "../hashing.ts";
import { type PrivateKey, signEd25519, verifyEd25519 } from "./ed25519.ts";
import { keyIdOf } from "./key-format.ts";

/** A key that a verifier was given. Keys that travel along with a capsule are never made into one (CAPSULE.md S3). */
export type VerifyingKey = { readonly keyId: string; readonly publicKey: Uint8Array };

/** An envelope whose form is right and whose payload has been decoded, once (CAPSULE.md S4). */
export type ParsedEnvelope = {
  readonly envelope: Envelope;
  readonly payload: Uint8Array;
  readonly signatures: readonly { readonly keyId: string; readonly signature: Uint8Array }[];
};

export type EnvelopeReason = {
  readonly code:
    | "too-large"
    | "not-json"
    | "not-an-envelope"
    | "not-canonical"
    | "not-base64"
    | "unsorted-signatures"
    | "bad-signature"
    | "no-known-key"
    | "not-a-statement";
  readonly message: string;
};

export type VerifiedEnvelope = {
  readonly statement: Statement;
  /** Keys whose signature is valid. */
  readonly signers: readonly VerifyingKey[];
  /** Key ids that the verifier was given no key for: their signatures prove nothing here. */
  readonly unknownKeyIds: readonly string[];
};

const encoder = new TextEncoder();

/** The bytes that are signed: `DSSEv1 LEN(type) type LEN(payload) payload`, lengths in bytes. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = encoder.encode(payloadType);
  return joinBytes([
    encoder.encode(`DSSEv1 ${type.length} `),
    type,
    encoder.encode(` ${payload.length} `),
    payload,
  ]);
}

/** Signs a statement with each key; the payload is the statement's JCS form (CAPSULE.md S1). */
export async function signEnvelope(
  statement: Statement,
  keys: readonly PrivateKey[],
  hashing: Hashing,
): Promise<Envelope> {
  const payload = canonicalBytes(statement);
  return signPayload(toBase64(payload), payload, keys, hashing);
}

/** The envelope with one more signature over the very same payload. */
export async function addSignature(
  parsed: ParsedEnvelope,
  key: PrivateKey,
  hashing: Hashing,
): Promise<Envelope> {
  const added = await signPayload(parsed.envelope.payload, parsed.payload, [key], hashing);
  const keyIds = new Set(added.signatures.map((signature) => signature.keyid));
  const others = parsed.envelope.signatures.filter((signature) => !keyIds.has(signature.keyid));
  return { ...parsed.envelope, signatures: sortSignatures([...others, ...added.signatures]) };
}

/** The bytes under which an envelope is stored and carried; their SHA-256 names it (CAPSULE.md K1). */
export function envelopeBytes(envelope: Envelope): Uint8Array {
  return canonicalBytes(envelope);
}

/** Reads an envelope and checks its form (CAPSULE.md S1). Nothing is verified, and the payload is not yet parsed. */
export function parseEnvelope(bytes: Uint8Array): Result<ParsedEnvelope, EnvelopeReason> {
  const json = parseCanonicalJson(bytes, { maxBytes: CAPSULE_LIMITS.documentBytes });
  if (!json.ok) {
    const { code, message } = json.reason;
    return fail({ code: code === "too-large" || code === "not-canonical" ? code : "not-json", message });
  }
  const shaped = envelopeSchema.safeParse(json.value);
  if (!shaped.success) {
    const issue = shaped.error.issues[0];
    return fail({
      code: "not-an-envelope",
      message: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "wrong shape"}`,
    });
  }
  return decodeEnvelope(shaped.data);
}

/** Decodes the payload and the signatures of an envelope, and checks that they are sorted (CAPSULE.md S1). */
export function decodeEnvelope(envelope: Envelope): Result<ParsedEnvelope, EnvelopeReason> {
  const payload = fromBase64(envelope.payload);
  if (payload === null)
    return fail({ code: "not-base64", message: "the payload is not padded standard base64" });
  const signatures: { keyId: string; signature: Uint8Array }[] = [];
  for (const { keyid, sig } of envelope.signatures) {
    const previous = signatures.at(-1);
    if (previous !== undefined && previous.keyId >= keyid) {
      return fail({
        code: "unsorted-signatures",
        message: "signatures are not sorted by keyid, or repeat one",
      });
    }
    const signature = fromBase64(sig);
    if (signature === null)
      return fail({ code: "not-base64", message: "a signature is not padded standard base64" });
    signatures.push({ keyId: keyid, signature });
  }
  return ok({ envelope, payload, signatures });
}

/**
 * Verifies every signature for which a key is at hand, and only then parses the payload, from the same bytes
 * (CAPSULE.md S4). One bad signature under a known key fails the envelope. Without any known key the reason is
 * `no-known-key`; `readStatement` shows such a statement without trusting it.
 */
export async function verifyEnvelope(
  parsed: ParsedEnvelope,
  keys: readonly VerifyingKey[],
): Promise<Result<VerifiedEnvelope, EnvelopeReason>> {
  const preAuth = preAuthEncoding(parsed.envelope.payloadType, parsed.payload);
  const signers: VerifyingKey[] = [];
  const unknownKeyIds: string[] = [];
  for (const { keyId, signature } of parsed.signatures) {
    const key = keys.find((candidate) => candidate.keyId === keyId);
    if (key === undefined) unknownKeyIds.push(keyId);
    else if (await verifyEd25519(signature, preAuth, key.publicKey)) signers.push(key);
    else return fail({ code: "bad-signature", message: `the signature of ${keyId} is not valid` });
  }
  if (signers.length === 0) {
    return fail({ code: "no-known-key", message: `signed by unknown ${unknownKeyIds.join(", ")}` });
  }
  const statement = readStatement(parsed);
  return statement.ok ? ok({ statement: statement.value, signers, unknownKeyIds }) : statement;
}

/** The statement in an envelope, whoever signed it. */
export function readStatement({ payload }: ParsedEnvelope): Result<Statement, EnvelopeReason> {
  const json = parseStrictJson(payload, { maxBytes: CAPSULE_LIMITS.documentBytes });
  if (!json.ok) return fail({ code: "not-a-statement", message: json.reason.message });
  const shaped = statementSchema.safeParse(json.value);
  if (shaped.success) return ok(shaped.data);
  const issue = shaped.error.issues[0];
  return fail({
    code: "not-a-statement",
    message: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "wrong shape"}`,
  });
}

async function signPayload(
  encoded: string,
  payload: Uint8Array,
  keys: readonly PrivateKey[],
  hashing: Hashing,
): Promise<Envelope> {
  if (keys.length === 0) throw new RangeError("an envelope needs at least one signature");
  const preAuth = preAuthEncoding(PAYLOAD_TYPE, payload);
  const signatures = await Promise.all(
    keys.map(async (key) => ({
      keyid: await keyIdOf(key.publicKey, hashing),
      sig: toBase64(hashing.signSync?.(preAuth, key) ?? (await signEd25519(preAuth, key))),
    })),
  );
  return { payload: encoded, payloadType: PAYLOAD_TYPE, signatures: sortSignatures(signatures) };
}

function sortSignatures(signatures: readonly Envelope["signatures"][number][]): Envelope["signatures"] {
  return [...signatures].sort((a, b) => (a.keyid < b.keyid ? -1 : a.keyid > b.keyid ? 1 : 0));
}
