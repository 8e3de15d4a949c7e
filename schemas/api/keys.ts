// Rotating, revoking, thresholds and owners' keys over HTTP.
import * as z from "zod";
import { actorRefSchema } from "../event.ts";
import { ownerKeysSchema } from "../key-statement.ts";
import { envelopeSchema, statementSchema } from "../statement.ts";
import { keyIdSchema, trustRecordSchema } from "../trust.ts";
import { digestSchema, projectRefSchema, sha256Schema } from "./common.ts";

const MAX_NAME = 100;
const MAX_REASON = 500;
const publicKeyTextSchema = z.string().min(1).max(4_096);
const reasonSchema = z.string().trim().min(1).max(MAX_REASON);

/** What is to be signed, and by whom: the same request with this envelope, signed, does it. */
export const awaitingSignaturesSchema = z.strictObject({
  status: z.literal("awaiting-signatures"),
  detail: z.string(),
  /** What the payload says. */
  statement: statementSchema,
  /** A DSSE envelope that lacks signatures; it may have none yet. */
  envelope: envelopeSchema.extend({ signatures: envelopeSchema.shape.signatures.unwrap().array() }),
  needs: z.strictObject({
    /** The key that must introduce its successor; null when it has signed, or when none must. */
    oldKeyId: keyIdSchema.nullable(),
    /** How many of these keys must sign. */
    owners: z.strictObject({ count: z.int(), keyIds: z.array(keyIdSchema) }),
    /** And how many of the new ones. */
    newOwners: z.strictObject({ count: z.int(), keyIds: z.array(keyIdSchema) }).optional(),
  }),
});
export type AwaitingSignatures = z.infer<typeof awaitingSignaturesSchema>;

export const rotateKeySchema = z.strictObject({
  /** Rotate it in this project only; left out, in the organization and wherever it is trusted. */
  projectId: projectRefSchema.optional(),
  reason: reasonSchema,
  /** SPKI PEM, or base64 of the 32 raw bytes; left out, the successor is made in the vault. */
  newPublicKey: publicKeyTextSchema.optional(),
  /** What people call the successor; the old key's name when left out. */
  name: z.string().trim().min(1).max(MAX_NAME).optional(),
  /** The rotation's statement, signed by the old key and by as many owners as the organization asks for. */
  envelope: envelopeSchema.optional(),
});

export const rotatedKeySchema = z.strictObject({
  keyId: digestSchema,
  successor: z.strictObject({
    keyId: digestSchema,
    fingerprint: z.string(),
    publicKey: z.string(),
    name: z.string(),
    isInVault: z.boolean(),
  }),
  /** Projects whose trust it changed, with the revision that it made there. */
  projects: z.array(z.strictObject({ projectId: z.string(), revision: z.int() })),
  envelopeSha256: sha256Schema,
});
export type RotatedKey = z.infer<typeof rotatedKeySchema>;

export const revokeKeySchema = z.strictObject({
  projectId: projectRefSchema.optional(),
  reason: reasonSchema,
  /** When it may have leaked, in ms since the epoch: what was logged later does not count. */
  compromisedSince: z.int().min(0).optional(),
});

export const revokedKeySchema = z.strictObject({
  keyId: digestSchema,
  fingerprint: z.string(),
  projects: z.array(z.strictObject({ projectId: z.string(), revision: z.int() })),
});
export type RevokedKey = z.infer<typeof revokedKeySchema>;

export const setThresholdsSchema = z.strictObject({
  thresholds: trustRecordSchema.shape.thresholds,
  /** The revision that you saw; 409 when it has moved since. */
  expectedRevision: z.int().min(0),
  envelope: envelopeSchema.optional(),
});

export const trustHistorySchema = z.strictObject({
  items: z.array(
    z.strictObject({
      at: z.int(),
      change: z.string(),
      keyId: z.string().nullable(),
      actor: actorRefSchema,
      record: trustRecordSchema,
      envelopeSha256: sha256Schema.nullable(),
      /** The signed statement that brought it. */
      envelope: envelopeSchema.nullable(),
    }),
  ),
  nextCursor: z.string().nullable(),
});

export const ownerKeysAnswerSchema = ownerKeysSchema.extend({
  keys: z.array(
    z.strictObject({
      keyId: keyIdSchema,
      fingerprint: z.string(),
      publicKey: z.string(),
      /** A retired key's signature does not count. */
      isRetired: z.boolean(),
    }),
  ),
});
export type OwnerKeysAnswer = z.infer<typeof ownerKeysAnswerSchema>;

export const setOwnerKeysSchema = z.strictObject({
  /** How many must sign; 0 asks for none. */
  threshold: ownerKeysSchema.shape.threshold,
  /** SPKI PEM, or base64 of the 32 raw bytes. */
  publicKeys: z.array(publicKeyTextSchema).max(64),
  expectedRevision: z.int().min(0),
  envelope: envelopeSchema.optional(),
});
