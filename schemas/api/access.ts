// Tokens and signing keys over HTTP.
import * as z from "zod";
import { ALL_PERMISSIONS, ALL_SCOPES, MEMBER_ROLES, type Permission, type Scope } from "../permissions.ts";
import { envelopeSchema } from "../statement.ts";
import { keyIdSchema, retiredStateSchema, roleSchema, trustKeySchema, trustRecordSchema } from "../trust.ts";
import { digestSchema, projectRefSchema } from "./common.ts";

export const scopeSchema = z.enum(ALL_SCOPES as [Scope, ...Scope[]]);
const permissionSchema = z.enum(ALL_PERMISSIONS as [Permission, ...Permission[]]);

const MAX_TTL_DAYS = 3_650;

export const createTokenSchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(scopeSchema).min(1),
  projectId: projectRefSchema.optional(),
  expiresInDays: z.int().min(1).max(MAX_TTL_DAYS).optional(),
});

export const tokenSchema = z.strictObject({
  tokenId: z.string(),
  name: z.string().nullable(),
  /** Its first characters, to know it by. */
  start: z.string().nullable(),
  scopes: z.array(scopeSchema),
  projectId: z.string().nullable(),
  createdAt: z.int(),
  expiresAt: z.int().nullable(),
  lastUsedAt: z.int().nullable(),
  /** Who made it, and for whom it speaks. */
  owner: z.strictObject({ userId: z.string(), name: z.string() }),
});
export type TokenFacts = z.infer<typeof tokenSchema>;

/** `all` lists everybody's, for who manages members. */
export const listTokensQuerySchema = z.object({ of: z.enum(["mine", "all"]).default("mine") });

/** `token` is shown this once. */
export const createdTokenSchema = tokenSchema.extend({ token: z.string() });

export type CreatedToken = z.infer<typeof createdTokenSchema>;

export const whoamiSchema = z.strictObject({
  user: z.strictObject({ id: z.string(), name: z.string() }),
  organization: z.strictObject({ id: z.string(), name: z.string() }),
  role: z.enum(MEMBER_ROLES),
  /** How you came in: with a token, in a browser, or by `oursynth login`. */
  login: z.enum(["token", "session", "device"]),
  tokenId: z.string().nullable(),
  /** What you may do here: what your role allows, and of a token its scopes. */
  scopes: z.array(permissionSchema),
  projectId: z.string().nullable(),
  /** Until when a person's sign-in counts as fresh, in ms since the epoch; null for a token, which is not asked. */
  freshUntil: z.int().nullable(),
});
export type Whoami = z.infer<typeof whoamiSchema>;

export const addKeySchema = z
  .strictObject({
    name: z.string().trim().min(1).max(100),
    /** SPKI PEM, or base64 of the 32 raw bytes (CAPSULE.md S7). */
    publicKey: z.string().min(1).max(4_096).optional(),
    /** Instead of a public key: make a pair in the vault. Its private half never leaves it. */
    make: z.literal(true).optional(),
    /** Also trust it in this project, in these roles. A key that is made is then the project's own. */
    projectId: projectRefSchema.optional(),
    roles: z.array(roleSchema).min(1).max(5).optional(),
    /** The new trust record, signed by as many owners as the organization asks for. */
    envelope: envelopeSchema.optional(),
  })
  .refine((key) => (key.publicKey === undefined) !== (key.make === undefined), {
    error: "give either publicKey or make",
    path: ["publicKey"],
  });

/** How an organization retired a key everywhere. */
const retirementSchema = retiredStateSchema.extend({
  reason: z.string(),
  successorKeyId: keyIdSchema.nullable(),
});

export const keySchema = z.strictObject({
  keyId: digestSchema,
  /** The first 64 bits of the key id, for the eye. */
  fingerprint: z.string(),
  name: z.string(),
  publicKey: z.string(),
  createdAt: z.int(),
  /** Whether the platform can sign with it. */
  isInVault: z.boolean(),
  /** Left out while it is in use. */
  state: retirementSchema.optional(),
});
export const addedKeySchema = keySchema.extend({ roles: z.array(roleSchema) });

export const projectKeysSchema = z.strictObject({
  revision: z.int(),
  thresholds: trustRecordSchema.shape.thresholds,
  items: z.array(
    trustKeySchema.extend({
      fingerprint: z.string(),
      /** The platform signs with it for this project. */
      isPlatformKey: z.boolean(),
      /** The platform's log signs receipts with it. */
      isLogKey: z.boolean(),
      isInVault: z.boolean(),
    }),
  ),
  nextCursor: z.string().nullable(),
});
export type ProjectKeys = z.infer<typeof projectKeysSchema>;
