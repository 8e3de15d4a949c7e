// Sessions and the login of a device over HTTP.
import * as z from "zod";

export const sessionSchema = z.strictObject({
  sessionId: z.string(),
  /** A browser, or a device that signed in with `oursynth login`. */
  kind: z.enum(["browser", "device"]),
  createdAt: z.int(),
  lastUsedAt: z.int(),
  expiresAt: z.int(),
  ipAddress: z.string().nullable(),
  userAgent: z.string().nullable(),
  /** Whether it is the one that asks. */
  isCurrent: z.boolean(),
});

export type SessionAnswer = z.infer<typeof sessionSchema>;

export const endedSessionsSchema = z.strictObject({ ended: z.int() });

/** RFC 8628 §3.1. */
export const deviceCodeRequestSchema = z.strictObject({
  client_id: z.string().min(1).max(64),
  scope: z.string().max(200).optional(),
});

/** RFC 8628 §3.2. */
export const deviceCodeSchema = z.strictObject({
  device_code: z.string(),
  user_code: z.string(),
  verification_uri: z.string(),
  verification_uri_complete: z.string(),
  expires_in: z.int(),
  interval: z.int(),
});

export const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

/** RFC 8628 §3.4. */
export const deviceTokenRequestSchema = z.strictObject({
  grant_type: z.literal(DEVICE_GRANT),
  device_code: z.string().min(1).max(191),
  client_id: z.string().min(1).max(64),
});

/** RFC 6749 §5.1. */
export const deviceTokenSchema = z.strictObject({
  access_token: z.string(),
  token_type: z.literal("Bearer"),
  expires_in: z.int(),
  scope: z.string(),
});

/** RFC 6749 §5.2 and RFC 8628 §3.5: OAuth's own form of a refusal, which its clients read. */
export const oauthErrorSchema = z.strictObject({ error: z.string(), error_description: z.string() });
export type OauthError = z.infer<typeof oauthErrorSchema>;
