// Signing keys: made, registered, trusted, rotated, revoked (docs/keys.md).
import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import { getDocument } from "../../adapters/blobs/blob-store.ts";
import { readOwnerKeys } from "../../adapters/database/owner-keys.ts";
import { forgetOrganizationKey, listSealedKeyIds } from "../../adapters/database/project-keys.ts";
import { removeSigningKey } from "../../adapters/database/signing-keys.ts";
import { fingerprintOf } from "../../core/signing/fingerprint.ts";
import { addedKeySchema, addKeySchema, keySchema, projectKeysSchema } from "../../schemas/api/access.ts";
import { digestSchema, pageQuerySchema, pageSchema, projectRefSchema } from "../../schemas/api/common.ts";
import {
  awaitingSignaturesSchema,
  revokedKeySchema,
  revokeKeySchema,
  rotatedKeySchema,
  rotateKeySchema,
  setThresholdsSchema,
  trustHistorySchema,
} from "../../schemas/api/keys.ts";
import { envelopeSchema } from "../../schemas/statement.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import { requirePermission } from "../identity/authenticate.ts";
import { requireFreshSignIn } from "../identity/fresh-sign-in.ts";
import { addKey } from "./add-key.ts";
import { type ApiEnv, createApi } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { listKeys } from "./list-keys.ts";
import { orThrow, type ResolvedProject, resolveProject } from "./resolve-project.ts";
import { CREATING, idempotencyHeaders, json, jsonBody, NEEDS_TOKEN, problems } from "./responses.ts";
import { revokeKey } from "./revoke-key.ts";
import { rotateKey } from "./rotate-key.ts";
import { changeTrustSigned } from "./signed-changes.ts";

const tags = ["Keys"];
const keyParams = z.object({ keyId: digestSchema });
const projectParams = z.object({ id: projectRefSchema });
/** Each revision carries the whole record and may carry an envelope. */
const MAX_HISTORY = 50;
const awaiting = json(awaitingSignaturesSchema, "Nothing has changed yet: this is to be signed first");

const listKeysRoute = createRoute({
  method: "get",
  path: "/api/keys",
  operationId: "listKeys",
  tags,
  summary: "Signing keys of the organization, retired ones included",
  security: NEEDS_TOKEN,
  responses: { 200: json(pageSchema(keySchema), "The keys"), ...problems() },
});

const addKeyRoute = createRoute({
  method: "post",
  path: "/api/keys",
  operationId: "addKey",
  tags,
  summary: "Register a public key or make a pair in the vault, and trust it in a project when you name one",
  description:
    "A private half made in the vault is in no answer, ever. Where the organization has owners' keys, trusting needs their signatures: 202 says what is to be signed.",
  security: NEEDS_TOKEN,
  request: { headers: idempotencyHeaders, body: jsonBody(addKeySchema) },
  responses: {
    201: json(addedKeySchema, "Known, and trusted where it was asked for"),
    202: awaiting,
    ...problems("unprocessable", "conflict", "trust-moved", "signatures-missing", ...CREATING),
  },
});

const removeKeyRoute = createRoute({
  method: "delete",
  path: "/api/keys/{keyId}",
  operationId: "removeKey",
  tags,
  summary: "Stop trusting a key in a project, or forget it in the organization",
  security: NEEDS_TOKEN,
  request: { params: keyParams, query: z.object({ projectId: projectRefSchema.optional() }) },
  responses: { 204: { description: "Removed" }, ...problems("conflict") },
});

const rotateKeyRoute = createRoute({
  method: "post",
  path: "/api/keys/{keyId}/rotate",
  operationId: "rotateKey",
  tags,
  summary: "Replace a key by a successor that it introduces itself",
  description:
    "The platform signs for a key in the vault. For a key outside, and for owners' keys, 202 says what is to be signed; the same request with the signed envelope does it.",
  security: NEEDS_TOKEN,
  request: { headers: idempotencyHeaders, params: keyParams, body: jsonBody(rotateKeySchema) },
  responses: {
    200: json(rotatedKeySchema, "Rotated"),
    202: awaiting,
    ...problems("unprocessable", "conflict", "trust-moved", "signatures-missing", ...CREATING),
  },
});

const revokeKeyRoute = createRoute({
  method: "post",
  path: "/api/keys/{keyId}/revoke",
  operationId: "revokeKey",
  tags,
  summary: "Withdraw a key; what it signed counts only with a receipt from before",
  security: NEEDS_TOKEN,
  request: { params: keyParams, body: jsonBody(revokeKeySchema) },
  responses: { 200: json(revokedKeySchema, "Revoked"), ...problems("conflict") },
});

const projectKeysRoute = createRoute({
  method: "get",
  path: "/api/projects/{id}/keys",
  operationId: "listProjectKeys",
  tags,
  summary: "Whom a project trusts, in which roles",
  security: NEEDS_TOKEN,
  request: { params: projectParams },
  responses: { 200: json(projectKeysSchema, "The trust record"), ...problems() },
});

const thresholdsRoute = createRoute({
  method: "put",
  path: "/api/projects/{id}/keys/thresholds",
  operationId: "setThresholds",
  tags,
  summary: "How many keys must sign for each role; one for a role that is left out",
  security: NEEDS_TOKEN,
  request: { params: projectParams, body: jsonBody(setThresholdsSchema) },
  responses: {
    200: json(projectKeysSchema, "The new trust record"),
    202: awaiting,
    ...problems("conflict", "trust-moved", "signatures-missing"),
  },
});

const historyRoute = createRoute({
  method: "get",
  path: "/api/projects/{id}/keys/history",
  operationId: "listTrustHistory",
  tags,
  summary: "Every revision of a project's trust record, newest first, with the signed statement behind it",
  security: NEEDS_TOKEN,
  request: { params: projectParams, query: pageQuerySchema },
  responses: { 200: json(trustHistorySchema, "A page"), ...problems() },
});

export const keys = createApi()
  .openapi(listKeysRoute, async (context) => {
    const actor = context.get("actor");
    requirePermission(actor, "keys:read");
    const items = await listKeys(context, actor);
    return context.json({ items, nextCursor: null }, 200);
  })
  .openapi(addKeyRoute, async (context) => {
    const actor = context.get("actor");
    requirePermission(actor, "keys:write");
    requireFreshSignIn(actor);
    const outcome = await addKey(context, actor, context.req.valid("json"));
    return outcome.status === "awaiting"
      ? context.json(outcome.answer, 202)
      : context.json(outcome.value, 201);
  })
  .openapi(removeKeyRoute, async (context) => {
    const actor = context.get("actor");
    requirePermission(actor, "keys:write");
    requireFreshSignIn(actor);
    const { keyId } = context.req.valid("param");
    const reference = context.req.valid("query").projectId ?? actor.projectId;
    if (reference === null) {
      await forgetKey(context, keyId);
      return context.body(null, 204);
    }
    const { object } = await resolveProject(context, reference, "keys:write");
    const change = { kind: "removed" as const, keyId };
    const request = { change, expectedRevision: null, envelopeSha256: null, reason: null, actor: actor.ref };
    orThrow(await object.changeTrust(request));
    return context.body(null, 204);
  })
  .openapi(rotateKeyRoute, async (context) => {
    const actor = context.get("actor");
    requirePermission(actor, "keys:write");
    requireFreshSignIn(actor);
    const { keyId } = context.req.valid("param");
    const outcome = await rotateKey(context, actor, keyId, context.req.valid("json"));
    return outcome.status === "awaiting"
      ? context.json(outcome.answer, 202)
      : context.json(outcome.value, 200);
  })
  .openapi(revokeKeyRoute, async (context) => {
    const actor = context.get("actor");
    requirePermission(actor, "keys:write");
    requireFreshSignIn(actor);
    const { keyId } = context.req.valid("param");
    return context.json(await revokeKey(context, actor, keyId, context.req.valid("json")), 200);
  })
  .openapi(projectKeysRoute, async (context) => {
    const project = await resolveProject(context, context.req.valid("param").id, "keys:read");
    const record: TrustRecord = await project.object.trustRecord();
    return context.json(await describeRecord(context, project, record), 200);
  })
  .openapi(thresholdsRoute, async (context) => {
    const project = await resolveProject(context, context.req.valid("param").id, "keys:write");
    requireFreshSignIn(context.get("actor"));
    const { thresholds, expectedRevision, envelope } = context.req.valid("json");
    const change = { kind: "thresholds" as const, thresholds };
    const outcome = await changeTrustSigned(context, context.get("actor"), project, change, {
      envelope,
      expectedRevision,
    });
    return outcome.status === "awaiting"
      ? context.json(outcome.answer, 202)
      : context.json(await describeRecord(context, project, outcome.value), 200);
  })
  .openapi(historyRoute, async (context) => {
    const { object } = await resolveProject(context, context.req.valid("param").id, "keys:read");
    const { limit, cursor } = context.req.valid("query");
    const count = Math.min(limit, MAX_HISTORY);
    const rows = await object.trustHistory(count + 1, cursor === undefined ? null : Number(cursor));
    const items = await Promise.all(
      rows.slice(0, count).map(async ({ envelopeSha256, ...revision }) => {
        const envelope = envelopeSha256 === null ? null : await readEnvelope(context, envelopeSha256);
        return { ...revision, record: revision.record as TrustRecord, envelopeSha256, envelope };
      }),
    );
    const last = rows.length > count ? items.at(-1) : undefined;
    return context.json({ items, nextCursor: last === undefined ? null : String(last.record.revision) }, 200);
  });

async function forgetKey(context: Context<ApiEnv>, keyId: string): Promise<void> {
  const actor = context.get("actor");
  const { DB } = context.env;
  const owners = await readOwnerKeys(DB, actor);
  if (owners.keys.some((key) => key.keyId === keyId)) {
    throw new AppError(
      "conflict",
      "It is one of the owners' keys: change those first (PUT /api/owner-keys), then remove it.",
    );
  }
  if (!(await removeSigningKey(DB, actor, keyId)))
    throw new AppError("not-found", `No key ${keyId} is registered here.`);
  await forgetOrganizationKey(DB, actor.organizationId, keyId);
}

async function describeRecord(
  context: Context<ApiEnv>,
  { object, owner }: ResolvedProject,
  { revision, keys: lines, thresholds }: TrustRecord,
) {
  const [{ platformKeyId, logKeyId }, inVault] = await Promise.all([
    object.facts(),
    listSealedKeyIds(context.env.DB, owner),
  ]);
  const items = lines.map((key) => ({
    ...key,
    fingerprint: fingerprintOf(key.keyId),
    isPlatformKey: key.keyId === platformKeyId,
    isLogKey: key.keyId === logKeyId,
    isInVault: inVault.has(key.keyId),
  }));
  return { revision, thresholds, items, nextCursor: null };
}

async function readEnvelope(context: Context<ApiEnv>, sha256: string) {
  const bytes = await getDocument(context.env.BLOBS, "envelopes", sha256);
  return bytes === null ? null : envelopeSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
}
