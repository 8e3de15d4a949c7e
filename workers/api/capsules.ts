// Capsules: negotiate, finalise, upload whole, and everything that can be asked about one.
import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import { getBlob, requireDocument } from "../../adapters/blobs/blob-store.ts";
import { readStoredManifest } from "../../adapters/build/compile-stored.ts";
import { acceptCapsule, findMissing, readReport } from "../../adapters/capsules/accept-capsule.ts";
import { findReceiptsIn } from "../../adapters/capsules/find-receipts.ts";
import { openContainer } from "../../adapters/capsules/open-container.ts";
import { MAX_UPLOAD_BYTES, takeContainer } from "../../adapters/capsules/take-container.ts";
import { verifyStoredCapsule } from "../../adapters/capsules/verify-stored.ts";
import {
  type CapsuleFacts,
  findCapsule,
  findCapsuleAnywhere,
  listCapsules,
  listStatements,
} from "../../adapters/database/capsules.ts";
import { workerdHashing } from "../../adapters/hashing/workerd-hashing.ts";
import { readableFrom } from "../../adapters/streams/readable-from.ts";
import { canonicalBytes } from "../../core/capsule/canonical-json.ts";
import { toDigest } from "../../core/capsule/digest.ts";
import { parseCapsuleId, parseManifest } from "../../core/capsule/manifest.ts";
import { findSbom, isMadeSbom, SBOM_MEDIA_TYPE } from "../../core/capsule/sbom/attach-sbom.ts";
import {
  acceptedSchema,
  capsuleDetailSchema,
  capsuleFactsSchema,
  finaliseSchema,
  listCapsulesQuerySchema,
  missingRequestSchema,
  missingSchema,
  statementListSchema,
} from "../../schemas/api/capsules.ts";
import {
  branchNameSchema,
  DEFAULT_BRANCH,
  digestSchema,
  pageSchema,
  projectRefSchema,
} from "../../schemas/api/common.ts";
import { verificationReportSchema } from "../../schemas/verification.ts";
import { requirePermission } from "../identity/authenticate.ts";
import { type ApiEnv, createApi } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { attachmentHeaders } from "./attachment.ts";
import { acceptedOrThrow, summarizeCapsule, tooLargeUpload, toTakeProblem } from "./capsule-answers.ts";
import { requireQuota } from "./rate-limits.ts";
import { type ResolvedProject, resolveProject } from "./resolve-project.ts";
import { CREATING, idempotencyHeaders, json, jsonBody, NEEDS_TOKEN, problems } from "./responses.ts";

const tags = ["Capsules"];
const params = z.object({ digest: digestSchema });
const inProject = z.object({ projectId: projectRefSchema.optional() });

const missingRoute = createRoute({
  method: "post",
  path: "/api/capsules/missing",
  operationId: "findMissing",
  tags,
  summary: "Which files of a capsule this organization has not put yet",
  security: NEEDS_TOKEN,
  request: { body: jsonBody(missingRequestSchema) },
  responses: {
    200: json(missingSchema, "The capsule's digest and what to upload"),
    ...problems("capsule-invalid", "too-large"),
  },
});

const finaliseRoute = createRoute({
  method: "post",
  path: "/api/capsules",
  operationId: "finaliseCapsule",
  tags,
  summary: "Verify and accept a capsule whose files are uploaded",
  description: "Nothing of it is visible before. The same capsule again gets the same answer.",
  security: NEEDS_TOKEN,
  request: { headers: idempotencyHeaders, body: jsonBody(finaliseSchema) },
  responses: {
    201: json(acceptedSchema, "Accepted"),
    ...problems("capsule-invalid", "blobs-missing", "too-large", ...CREATING),
  },
});

const uploadRoute = createRoute({
  method: "post",
  path: "/api/capsules/upload",
  operationId: "uploadCapsule",
  tags,
  summary: "Accept a whole `.caps` in one request",
  security: NEEDS_TOKEN,
  request: {
    headers: idempotencyHeaders,
    query: z.object({ projectId: projectRefSchema, branch: branchNameSchema.default(DEFAULT_BRANCH) }),
    body: {
      required: true,
      content: { "application/octet-stream": { schema: z.string().meta({ format: "binary" }) } },
    },
  },
  responses: {
    201: json(acceptedSchema, "Accepted"),
    ...problems("capsule-invalid", "too-large", "unavailable", ...CREATING),
  },
});

const listRoute = createRoute({
  method: "get",
  path: "/api/projects/{id}/capsules",
  operationId: "listCapsules",
  tags,
  summary: "Capsules of a project, newest first, all or those that are searched for",
  security: NEEDS_TOKEN,
  request: { params: z.object({ id: projectRefSchema }), query: listCapsulesQuerySchema },
  responses: { 200: json(pageSchema(capsuleFactsSchema), "A page"), ...problems() },
});

const getRoute = createRoute({
  method: "get",
  path: "/api/capsules/{digest}",
  operationId: "getCapsule",
  tags,
  summary: "A capsule and its manifest",
  security: NEEDS_TOKEN,
  request: { params, query: inProject },
  responses: { 200: json(capsuleDetailSchema, "The capsule"), ...problems() },
});

const downloadRoute = createRoute({
  method: "get",
  path: "/api/capsules/{digest}/download",
  operationId: "downloadCapsule",
  tags,
  summary: "The capsule as a `.caps`",
  security: NEEDS_TOKEN,
  request: {
    params,
    query: inProject.extend({ statements: z.enum(["provenance", "receipts", "all"]).default("provenance") }),
  },
  responses: {
    200: {
      description: "The container",
      content: { "application/zip": { schema: z.string().meta({ format: "binary" }) } },
    },
    ...problems(),
  },
});

const verifyRoute = createRoute({
  method: "get",
  path: "/api/capsules/{digest}/verify",
  operationId: "verifyCapsule",
  tags,
  summary: "The stored report; `again=1` hashes every byte anew against today's trust",
  security: NEEDS_TOKEN,
  request: { params, query: inProject.extend({ again: z.enum(["0", "1"]).default("0") }) },
  responses: { 200: json(verificationReportSchema, "The twelve steps"), ...problems() },
});

const sbomRoute = createRoute({
  method: "get",
  path: "/api/capsules/{digest}/sbom",
  operationId: "getSbom",
  tags,
  summary: "What a capsule is made of, as CycloneDX",
  security: NEEDS_TOKEN,
  request: { params, query: inProject },
  responses: {
    200: {
      description: "The document that the capsule carries, byte for byte",
      // Not typed as JSON: the bytes go out as they came in.
      content: { [SBOM_MEDIA_TYPE as string]: { schema: z.string().meta({ format: "binary" }) } },
    },
    ...problems(),
  },
});

const statementsRoute = createRoute({
  method: "get",
  path: "/api/capsules/{digest}/statements",
  operationId: "listStatements",
  tags,
  summary: "Every signed statement that is kept about a capsule",
  security: NEEDS_TOKEN,
  request: { params, query: inProject },
  responses: { 200: json(statementListSchema, "The envelopes"), ...problems() },
});

export const capsules = createApi()
  .openapi(missingRoute, async (context) => {
    const { projectId, manifest } = context.req.valid("json");
    const { owner } = await resolveProject(context, projectId, "capsules:write");
    const manifestBytes = canonicalOrThrow(manifest, "manifest");
    const parsed = parseManifest(manifestBytes);
    if (!parsed.ok) {
      const { issues } = parsed.reason;
      throw new AppError(
        "capsule-invalid",
        `The manifest is not valid: ${issues[0]?.path} ${issues[0]?.message}.`,
        {
          errors: issues.map(({ path, message }) => ({
            path: path === "" ? "manifest" : `manifest.${path}`,
            message,
          })),
        },
      );
    }
    const capsuleDigest = toDigest(await workerdHashing.sha256(manifestBytes));
    return context.json(
      { capsuleDigest, missing: await findMissing(context.env.DB, owner, parsed.value) },
      200,
    );
  })
  .openapi(finaliseRoute, async (context) => {
    const { projectId, manifest, envelopes, branch, message } = context.req.valid("json");
    const project = await resolveProject(context, projectId, "capsules:write");
    await requireQuota(context, "uploads");
    const accepted = acceptedOrThrow(
      await acceptCapsule(context.env, project.object, {
        ...describeCaller(context, project),
        manifestBytes: canonicalOrThrow(manifest, "manifest"),
        envelopes: envelopes.map((envelope, index) => canonicalOrThrow(envelope, `envelopes.${index}`)),
        branch: branch ?? null,
        message: message ?? "",
      }),
    );
    return context.json({ ...summarizeCapsule(accepted.facts), report: accepted.report }, 201);
  })
  .openapi(uploadRoute, async (context) => {
    const { projectId, branch } = context.req.valid("query");
    const project = await resolveProject(context, projectId, "capsules:write");
    if ((context.req.header("content-type") ?? "").includes("json")) {
      throw new AppError("unsupported-media-type", "Send the .caps itself, as application/octet-stream.");
    }
    const body = context.req.raw.body;
    if (body === null) throw new AppError("validation", "Send the .caps as the body of the request.");
    const accepted = await acceptUpload(context, project, body, branch);
    return context.json({ ...summarizeCapsule(accepted.facts), report: accepted.report }, 201);
  })
  .openapi(listRoute, async (context) => {
    const { owner } = await resolveProject(context, context.req.valid("param").id, "capsules:read");
    const { limit, cursor, q } = context.req.valid("query");
    const before = cursor === undefined ? null : Number(cursor);
    const rows = await listCapsules(context.env.DB, owner, { limit: limit + 1, before, search: q ?? "" });
    const items = rows.slice(0, limit).map(summarizeCapsule);
    const last = rows.length > limit ? items.at(-1) : undefined;
    return context.json({ items, nextCursor: last === undefined ? null : String(last.eventSeq) }, 200);
  })
  .openapi(getRoute, async (context) => {
    const facts = await resolveCapsule(
      context,
      context.req.valid("param").digest,
      context.req.valid("query").projectId,
    );
    const manifest = await readStoredManifest(context.env.BLOBS, facts.digest);
    return context.json({ ...summarizeCapsule(facts), manifest }, 200);
  })
  .openapi(downloadRoute, async (context) => {
    const { projectId, statements } = context.req.valid("query");
    const facts = await resolveCapsule(context, context.req.valid("param").digest, projectId);
    const object = context.env.PROJECTS.getByName(facts.projectId);
    const { sizeBytes, chunks } = await openContainer(context.env, object, toStored(facts), statements);
    const { readable, writable } = new FixedLengthStream(sizeBytes);
    context.executionCtx.waitUntil(
      readableFrom(chunks)
        .pipeTo(writable)
        .catch(() => undefined),
    );
    const slug = parseCapsuleId(facts.urn)?.slug ?? "capsule";
    return new Response(readable, {
      headers: { ...attachmentHeaders(`${slug}-${facts.version}.caps`), "content-type": "application/zip" },
    });
  })
  .openapi(verifyRoute, async (context) => {
    const { projectId, again } = context.req.valid("query");
    const facts = await resolveCapsule(context, context.req.valid("param").digest, projectId);
    const stored = await readReport(context.env.BLOBS, facts.projectId, facts.digest);
    if (again === "0" && stored !== null) return context.json(stored, 200);
    await requireQuota(context, "verifications");
    const object = context.env.PROJECTS.getByName(facts.projectId);
    const trust = await object.trustRecord();
    const findReceipts = findReceiptsIn(context.env.BLOBS, object);
    return context.json(
      await verifyStoredCapsule(context.env, { ...toStored(facts), trust, findReceipts, isReread: true }),
      200,
    );
  })
  .openapi(sbomRoute, async (context) => {
    const { projectId } = context.req.valid("query");
    const facts = await resolveCapsule(context, context.req.valid("param").digest, projectId);
    const manifest = await readStoredManifest(context.env.BLOBS, facts.digest);
    const carried = findSbom(manifest);
    if (carried === null) {
      const message =
        `The capsule ${facts.digest} carries no bill of materials: ` +
        "it was packed without a lockfile that can be read, and imports no package of the platform.";
      throw new AppError("not-found", message);
    }
    const blob = await getBlob(context.env.BLOBS, carried.sha256);
    if (blob === null) throw new Error(`the stored document ${carried.sha256} is missing`);
    const slug = parseCapsuleId(facts.urn)?.slug ?? "capsule";
    return new Response(blob.body, {
      headers: {
        ...attachmentHeaders(`${slug}-${facts.version}.cdx.json`),
        // What an author brought is whatever they say it is.
        "content-type": isMadeSbom(carried) ? SBOM_MEDIA_TYPE : "application/octet-stream",
        "content-length": String(blob.size),
        etag: `"${carried.sha256}"`,
      },
    });
  })
  .openapi(statementsRoute, async (context) => {
    const facts = await resolveCapsule(
      context,
      context.req.valid("param").digest,
      context.req.valid("query").projectId,
    );
    await context.env.PROJECTS.getByName(facts.projectId).ensureReceipts(facts.digest, null);
    const rows = await listStatements(context.env.DB, toStored(facts), facts.digest);
    const items = await Promise.all(
      rows.map(async ({ envelopeSha256, predicateType, keyIds, createdAt }) => {
        const bytes = await requireDocument(context.env.BLOBS, "envelopes", envelopeSha256);
        const envelope = JSON.parse(new TextDecoder().decode(bytes));
        return { envelopeSha256, predicateType, keyIds: JSON.parse(keyIds), createdAt, envelope };
      }),
    );
    return context.json({ items, nextCursor: null }, 200);
  });

/** Takes a `.caps` into a project's branch. */
export async function acceptUpload(
  context: Context<ApiEnv>,
  project: ResolvedProject,
  body: ReadableStream<Uint8Array>,
  branch: string | null,
) {
  if (Number(context.req.header("content-length") ?? 0) > MAX_UPLOAD_BYTES) throw tooLargeUpload();
  await requireQuota(context, "uploads");
  const trust = await project.object.trustRecord();
  const findReceipts = findReceiptsIn(context.env.BLOBS, project.object);
  const taken = await takeContainer(context.env, project.owner, body, { trust, findReceipts });
  if (!taken.ok) throw toTakeProblem(taken.reason);
  const caller = describeCaller(context, project);
  return acceptedOrThrow(
    await acceptCapsule(context.env, project.object, { ...caller, ...taken.value, branch, message: "" }),
  );
}

/** A capsule of the caller's organization; another's is not there, whoever knows its digest. */
export async function resolveCapsule(
  context: Context<ApiEnv>,
  digest: string,
  projectRef: string | undefined,
): Promise<CapsuleFacts> {
  const actor = context.get("actor");
  requirePermission(actor, "capsules:read");
  const restrictedTo = projectRef ?? actor.projectId;
  const facts =
    restrictedTo === null
      ? await findCapsuleAnywhere(context.env.DB, actor.organizationId, digest)
      : await findCapsule(
          context.env.DB,
          (await resolveProject(context, restrictedTo, "capsules:read")).owner,
          digest,
        );
  if (facts === null) throw new AppError("not-found", `There is no capsule ${digest} here.`);
  return facts;
}

function describeCaller(context: Context<ApiEnv>, project: ResolvedProject) {
  const actor = context.get("actor");
  return { ...project.owner, userId: actor.userId, actor: actor.ref };
}

function toStored(facts: CapsuleFacts) {
  return { organizationId: facts.orgId, projectId: facts.projectId, capsuleDigest: facts.digest };
}

function canonicalOrThrow(value: unknown, path: string): Uint8Array {
  try {
    return canonicalBytes(value);
  } catch (error) {
    const message = error instanceof Error ? error.message : "cannot be written canonically";
    throw new AppError("validation", `The field ${path} has no canonical form: ${message}.`, {
      errors: [{ path, message }],
    });
  }
}
