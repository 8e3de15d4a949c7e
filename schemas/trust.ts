// Whom a project trusts: keys, the roles they may fill, and how many of them a role needs (CAPSULE.md S5).
import * as z from "zod";

/** The roles that a signature can fill (CAPSULE.md S5). */
export const roleSchema = z.enum(["builder", "simulator", "deployer", "gate", "log"]);

/** A key's name: the prefixed SHA-256 of its 32 raw public bytes (CAPSULE.md S3). */
export const keyIdSchema = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 lowercase hex digits");

/**
 * A key that no longer signs: replaced in good order, or withdrawn. What it signed counts only with a receipt that it
 * was logged before (CAPSULE.md S9). Times are in ms since the epoch; `compromisedSince` is when it may have leaked.
 */
export const retiredStateSchema = z.strictObject({
  kind: z.enum(["rotated", "revoked"]),
  at: z.int().min(0),
  compromisedSince: z.int().min(0).optional(),
});

export const trustKeySchema = z.strictObject({
  keyId: keyIdSchema,
  /** The 32 raw bytes of the Ed25519 public key in padded standard base64. */
  publicKey: z.string().regex(/^[A-Za-z0-9+/]{43}=$/, "must be base64 of 32 bytes"),
  name: z.string().max(200),
  roles: z.array(roleSchema).max(roleSchema.options.length),
  /** Left out while the key is in use. */
  state: retiredStateSchema.optional(),
});

/** One revision of a project's trust record. A role without a threshold needs one key. */
export const trustRecordSchema = z.strictObject({
  revision: z.int().min(0),
  keys: z.array(trustKeySchema).max(256),
  thresholds: z.partialRecord(roleSchema, z.int().min(1).max(64)),
});

export type Role = z.infer<typeof roleSchema>;
export type RetiredState = z.infer<typeof retiredStateSchema>;
export type TrustKey = z.infer<typeof trustKeySchema>;
export type TrustRecord = z.infer<typeof trustRecordSchema>;
