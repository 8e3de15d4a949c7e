// The timeline's envelope, and the frames of its live protocol (ARCHITECTURE.md "Events").
import * as z from "zod";
import { EVENT_SOURCES } from "./event-types.ts";

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);
const digestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/);

export const snapshotSchema = z.strictObject({ contentDigest: digestSchema, settingsDigest: digestSchema });
/** The files and settings at one moment. */
export type Snapshot = z.infer<typeof snapshotSchema>;

export const actorRefSchema = z.strictObject({
  kind: z.enum(["user", "token", "platform"]),
  id: z.string(),
});
/** Who did it, by opaque id: a name would be personal data inside the hash chain. */
export type ActorRef = z.infer<typeof actorRefSchema>;

/** What the platform does by itself. */
export const PLATFORM_ACTOR: ActorRef = { kind: "platform", id: "platform" };

export const eventSchema = z.strictObject({
  seq: z.int().min(1),
  id: z.string(),
  /** Milliseconds since the epoch. */
  ts: z.int(),
  source: z.enum(EVENT_SOURCES),
  type: z.string(),
  /** Null once erased; `dataHash` stays. */
  data: z.record(z.string(), z.unknown()).nullable(),
  /** 16 random bytes in base64; null once erased. */
  salt: z.string().nullable(),
  dataHash: hashSchema,
  actor: actorRefSchema,
  runId: z.string().nullable(),
  snapshot: snapshotSchema.nullable(),
  prevHash: hashSchema,
  hash: hashSchema,
});
export type TimelineEvent = z.infer<typeof eventSchema>;

/** Frames of the live protocol, server to client. */
export type ServerFrame =
  | { readonly type: "hello"; readonly epoch: string; readonly lastSeq: number }
  | { readonly type: "events"; readonly events: readonly TimelineEvent[] }
  /** Too much was missed: read `pages` from there on, then resume. */
  | { readonly type: "behind"; readonly from: number; readonly pages: string };

/** Frames of the live protocol, client to server. */
export const clientFrameSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("resume"),
    since: z.int().min(0),
    epoch: z.string().max(64).nullable().optional(),
  }),
  z.strictObject({ type: z.literal("ack"), seq: z.int().min(0) }),
]);
export type ClientFrame = z.infer<typeof clientFrameSchema>;
