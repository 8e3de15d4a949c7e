// Idempotency-Key (decision 0017, after draft-ietf-httpapi-idempotency-key-header-07): of equal requests one is done, and
// its first answer is given to the others for a day.
import type { Context, MiddlewareHandler } from "hono";
import {
  type IdempotencyScope,
  type KeptAnswer,
  keepAnswer,
  type Lease,
  releaseIdempotencyLease,
  takeIdempotencyLease,
} from "../../adapters/database/idempotency.ts";
import { workerdHashing } from "../../adapters/hashing/workerd-hashing.ts";
import { newId } from "../../adapters/random/new-id.ts";
import { toHex } from "../../core/capsule/bytes.ts";
import type { StreamingHash } from "../../core/hashing.ts";
import type { ApiEnv } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { SECRETS_PATH } from "./secrets-path.ts";

/** A request that takes longer was killed, and the next one may try: a JSON request ends within seconds. */
const LEASE_MS = 60_000;
/** A body that is streamed takes as long as its line is slow. */
const STREAM_LEASE_MS = 15 * 60_000;
/** A row of D1 has at most 2 MB. */
const MAX_KEPT_BYTES = 1_000_000;
/** No body that is read only to compare it is longer; above every limit for a request with a body. */
const MAX_COMPARED_BYTES = 128 * 1_048_576;
const RETRY_AFTER_SECONDS = 1;
/** Visible ASCII but the comma, which would come of a header that was sent twice. */
const KEY = /^[\x21-\x2b\x2d-\x7e]{1,255}$/;

const REPLAYED_FIELD = "idempotency-replayed";

/** Answers of a first request that a second try should not be held to: who asks, or how much, may be another then. */
const NOT_KEPT: ReadonlySet<number> = new Set([401, 403, 429]);

/** Acts on every POST that brings a key; a request without one passes through. Stands behind authentication. */
export const answerOnce: MiddlewareHandler<ApiEnv> = async (context, next) => {
  const field = context.req.header("idempotency-key");
  const isKept = context.req.method === "POST" && !SECRETS_PATH.test(context.req.path);
  if (field === undefined || !isKept || context.get("actor") === undefined) return await next();
  const scope = scopeOf(context, readKey(field));
  const holder = newId("request");
  const body = isBuffered(context) ? await hashBuffered(context) : hashWhileRead(context);
  const lease = await takeIdempotencyLease(context.env.DB, scope, {
    holder,
    fingerprint: body.fingerprint,
    now: Date.now(),
    leaseMs: body.fingerprint === null ? STREAM_LEASE_MS : LEASE_MS,
  });
  if (lease.state !== "held") return await answerAgain(lease, body);
  // A caller that goes away does not stop it: the next try finds the answer.
  const work = answerFirst(context, next, { scope, holder, body });
  context.executionCtx.waitUntil(work.catch(() => undefined));
  await work;
  return undefined;
};

type HashedBody = {
  /** Null while it must still be read. */
  readonly fingerprint: string | null;
  /** After the request was handled: the fingerprint, or null when the body was not read to its end. */
  whenHandled(): Promise<string | null>;
  /** Reads what nobody has read. */
  readRest(): Promise<string>;
};

/** A List field with quotes is a Structured Field string; the bare form is common. */
function readKey(field: string): string {
  const key = /^"(.*)"$/.exec(field)?.[1] ?? field;
  if (KEY.test(key)) return key;
  throw new AppError(
    "validation",
    "The Idempotency-Key must be 1 to 255 visible ASCII characters without a comma, sent once; a UUID serves.",
    { errors: [{ path: "Idempotency-Key", message: "must be 1 to 255 visible ASCII characters" }] },
  );
}

function scopeOf(context: Context<ApiEnv>, key: string): IdempotencyScope {
  const { organizationId, ref } = context.get("actor");
  return {
    orgId: organizationId,
    actor: `${ref.kind}:${ref.id}`,
    route: `${context.req.method} ${context.req.path}`,
    key,
  };
}

async function answerFirst(
  context: Context<ApiEnv>,
  next: () => Promise<void>,
  { scope, holder, body }: { scope: IdempotencyScope; holder: string; body: HashedBody },
): Promise<void> {
  await next();
  const { status } = context.res;
  const fingerprint = status >= 500 || NOT_KEPT.has(status) ? null : await body.whenHandled();
  if (fingerprint === null) {
    await releaseIdempotencyLease(context.env.DB, scope, holder);
    return;
  }
  const answer = await toKept(context.res.clone(), context.get("oneTimeFields") ?? []);
  await keepAnswer(context.env.DB, scope, holder, fingerprint, answer);
}

async function toKept(response: Response, oneTimeFields: readonly string[]): Promise<KeptAnswer> {
  const text = await response.text();
  const body = oneTimeFields.length === 0 ? text : withoutFields(text, oneTimeFields);
  return {
    status: response.status,
    contentType: response.headers.get("content-type"),
    location: response.headers.get("location"),
    body: text === "" || new TextEncoder().encode(body).byteLength > MAX_KEPT_BYTES ? null : body,
  };
}

function withoutFields(text: string, names: readonly string[]): string {
  const fields: Record<string, unknown> = JSON.parse(text);
  return JSON.stringify(Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name))));
}

async function answerAgain(lease: Exclude<Lease, { state: "held" }>, body: HashedBody): Promise<Response> {
  // What is still under way may have no fingerprint yet; then only its end can tell.
  const fingerprint =
    lease.state === "answered" ? (body.fingerprint ?? (await body.readRest())) : body.fingerprint;
  if (fingerprint !== null && lease.fingerprint !== null && lease.fingerprint !== fingerprint) {
    throw new AppError(
      "idempotency-mismatch",
      "This Idempotency-Key was sent with another request within the last 24 hours; use a new key for a new request.",
    );
  }
  if (lease.state === "in-flight") {
    throw new AppError(
      "idempotency-in-flight",
      "A request with this Idempotency-Key is under way; ask again with the same key to get its answer.",
      { headers: { "retry-after": String(RETRY_AFTER_SECONDS) } },
    );
  }
  const { status, contentType, location, body: kept } = lease.answer;
  if (kept === null && contentType !== null) {
    throw new AppError(
      "conflict",
      `The request with this Idempotency-Key was done and answered ${status}; its answer was too large to keep. Read what it made.`,
      { headers: { [REPLAYED_FIELD]: "true" } },
    );
  }
  return new Response(kept, {
    status,
    headers: {
      [REPLAYED_FIELD]: "true",
      ...(contentType === null ? {} : { "content-type": contentType }),
      ...(location === null ? {} : { location }),
    },
  });
}

/** JSON is bounded (app.ts) and read whole anyway; so is nothing. */
function isBuffered(context: Context<ApiEnv>): boolean {
  return context.req.raw.body === null || (context.req.header("content-type") ?? "").includes("json");
}

async function hashBuffered(context: Context<ApiEnv>): Promise<HashedBody> {
  const hash = await beginHash(context);
  await hash.update(new Uint8Array(await context.req.arrayBuffer()));
  const fingerprint = toHex(await hash.finish());
  return { fingerprint, whenHandled: async () => fingerprint, readRest: async () => fingerprint };
}

/** The handler reads the body as it comes, and the hash sees what the handler sees. */
function hashWhileRead(context: Context<ApiEnv>): HashedBody {
  const begun = beginHash(context);
  let isWhole = false;
  let readBytes = 0;
  const seen = new TransformStream<Uint8Array, Uint8Array>({
    async transform(chunk, controller) {
      readBytes += chunk.byteLength;
      await (await begun).update(chunk);
      controller.enqueue(chunk);
    },
    flush() {
      isWhole = true;
    },
  });
  const { raw } = context.req;
  context.req.raw = new Request(raw, { body: raw.body?.pipeThrough(seen) ?? null });
  const finish = async () => toHex(await (await begun).finish());
  return {
    fingerprint: null,
    whenHandled: async () => (isWhole ? await finish() : null),
    async readRest() {
      for await (const _chunk of context.req.raw.body ?? []) {
        if (readBytes > MAX_COMPARED_BYTES) {
          throw new AppError("too-large", `A body has at most ${MAX_COMPARED_BYTES} bytes.`);
        }
      }
      return await finish();
    },
  };
}

/** What makes two requests to one route the same: query, media type, body. */
async function beginHash(context: Context<ApiEnv>): Promise<StreamingHash> {
  const hash = workerdHashing.createSha256();
  const { search } = new URL(context.req.url);
  await hash.update(new TextEncoder().encode(`${search}\n${context.req.header("content-type") ?? ""}\n`));
  return hash;
}
