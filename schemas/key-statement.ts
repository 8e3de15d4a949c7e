// Signed statements about keys: a successor, a project's new trust record, an organization's new owners' keys.
import * as z from "zod";
import { keyIdSchema, trustKeySchema, trustRecordSchema } from "./trust.ts";

export const PREDICATE_KEY_ROTATION = "urn:oursynth:predicate:key-rotation:v1";
export const PREDICATE_TRUST_RECORD = "urn:oursynth:predicate:trust-record:v1";
export const PREDICATE_OWNER_KEYS = "urn:oursynth:predicate:owner-keys:v1";

const idSchema = z.string().min(1).max(64);
const rotationParts = {
  oldKeyId: keyIdSchema,
  newKeyId: keyIdSchema,
  newPublicKey: trustKeySchema.shape.publicKey,
  /** That this rotation makes: of the project's trust record, or of the organization's owners' keys, plus one. */
  revision: z.int().min(1),
  reason: z.string().trim().min(1).max(500),
};

/** A key introduces its successor, in one project or for the whole organization, at one revision. */
export const keyRotationSchema = z.union([
  z.strictObject({ ...rotationParts, projectId: idSchema }),
  z.strictObject({ ...rotationParts, organization: idSchema }),
]);

/** A project's whole new trust record, as its organization's owners sign it. */
export const trustRecordPredicateSchema = trustRecordSchema.extend({ projectId: idSchema });

const MAX_OWNER_KEYS = 64;

export const ownerKeySchema = trustKeySchema.pick({ keyId: true, publicKey: true });

/** Whose signatures a new trust record needs, and how many of them. A threshold of 0 asks for none. */
export const ownerKeysSchema = z.strictObject({
  revision: z.int().min(0),
  threshold: z.int().min(0).max(MAX_OWNER_KEYS),
  keys: z.array(ownerKeySchema).max(MAX_OWNER_KEYS),
});

export const ownerKeysPredicateSchema = ownerKeysSchema.extend({ organization: idSchema });

export type KeyRotation = z.infer<typeof keyRotationSchema>;
export type OwnerKeys = z.infer<typeof ownerKeysSchema>;
/** Where a key is known: in one project's trust record, or in a whole organization. */
export type KeyScope = { readonly projectId: string } | { readonly organization: string };
