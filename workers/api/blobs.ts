// Uploading files by digest: one by one as a stream, or small ones in batches.
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { type BlobPart, takeBlob, takeBlobs } from "../../adapters/capsules/take-blobs.ts";
import { CAPSULE_LIMITS } from "../../core/capsule/limits.ts";
import { blobBatchSchema, blobPutSchema } from "../../schemas/api/capsules.ts";
import { projectRefSchema, sha256Schema } from "../../schemas/api/common.ts";
import { createApi } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { busyBlobs } from "./capsule-answers.ts";
import { requireQuota } from "./rate-limits.ts";
import { resolveProject } from "./resolve-project.ts";
import { json, NEEDS_TOKEN, problems } from "./responses.ts";

const tags = ["Capsules"];
const query = z.object({ projectId: projectRefSchema });
const MAX_BATCH_BYTES = 16 * 1_048_576;
const MAX_BATCH_PARTS = 500;

const putRoute = createRoute({
  method: "put",
  path: "/api/blobs/{sha256}",
  operationId: "putBlob",
  tags,
  summary: "Upload one file by its SHA-256",
  security: NEEDS_TOKEN,
  request: {
    params: z.object({ sha256: sha256Schema }),
    query,
    body: {
      required: true,
      content: { "application/octet-stream": { schema: z.string().meta({ format: "binary" }) } },
    },
  },
  responses: {
    200: json(blobPutSchema, "Stored"),
    ...problems("digest-mismatch", "too-large", "length-required", "unavailable"),
  },
});

const batchRoute = createRoute({
  method: "post",
  path: "/api/blobs/batch",
  operationId: "putBlobs",
  tags,
  summary: "Upload many small files: a multipart part for each, named by its SHA-256",
  security: NEEDS_TOKEN,
  request: {
    query,
    body: {
      required: true,
      content: {
        "multipart/form-data": { schema: z.record(z.string(), z.string().meta({ format: "binary" })) },
      },
    },
  },
  responses: {
    200: json(blobBatchSchema, "Stored"),
    ...problems("digest-mismatch", "too-large", "length-required", "unavailable"),
  },
});

export const blobs = createApi();

blobs.openAPIRegistry.registerPath(putRoute);
blobs.openAPIRegistry.registerPath(batchRoute);

// Declared but not validated by the framework, which would read the body into memory first.
blobs.put("/api/blobs/:sha256", async (context) => {
  const sha256 = context.req.param("sha256");
  if (!sha256Schema.safeParse(sha256).success) throw badDigest(sha256);
  const { owner } = await resolveProject(
    context,
    requireProjectId(context.req.query("projectId")),
    "capsules:write",
  );
  await requireQuota(context, "uploads");
  const sizeBytes = requireLength(context.req.header("content-length"));
  if (sizeBytes > CAPSULE_LIMITS.fileBytes) throw tooLarge("A file", CAPSULE_LIMITS.fileBytes, sizeBytes);
  const body = context.req.raw.body ?? new Uint8Array();
  const taken = await takeBlob(context.env, owner, { sha256, sizeBytes }, body);
  if (!taken.ok) throw taken.reason.code === "busy" ? busyBlobs() : mismatch(sha256);
  return context.json(taken.value, 200);
});

blobs.post("/api/blobs/batch", async (context) => {
  const { owner } = await resolveProject(
    context,
    requireProjectId(context.req.query("projectId")),
    "capsules:write",
  );
  await requireQuota(context, "uploads");
  if (!(context.req.header("content-type") ?? "").startsWith("multipart/form-data")) {
    throw new AppError("unsupported-media-type", "Send multipart/form-data with a part for each file.");
  }
  const announced = requireLength(context.req.header("content-length"));
  if (announced > MAX_BATCH_BYTES) throw tooLarge("A batch", MAX_BATCH_BYTES, announced);
  const parts = await readParts(context.req.raw);
  const taken = await takeBlobs(context.env, owner, parts);
  if (!taken.ok) throw taken.reason.code === "busy" ? busyBlobs() : mismatch(taken.reason.sha256);
  return context.json({ items: taken.value }, 200);
});

async function readParts(request: Request): Promise<BlobPart[]> {
  const form = await request.formData().catch(() => null);
  if (form === null)
    throw new AppError("validation", "The multipart body could not be read; it may be cut off.");
  const parts: BlobPart[] = [];
  let totalBytes = 0;
  for (const [name, value] of form) {
    if (!sha256Schema.safeParse(name).success) throw badDigest(name);
    if (parts.length === MAX_BATCH_PARTS) throw tooLarge("A batch", MAX_BATCH_PARTS, "more", "parts");
    const bytes =
      typeof value === "string" ? new TextEncoder().encode(value) : new Uint8Array(await value.arrayBuffer());
    totalBytes += bytes.byteLength;
    if (totalBytes > MAX_BATCH_BYTES) throw tooLarge("A batch", MAX_BATCH_BYTES, totalBytes);
    parts.push({ sha256: name, bytes });
  }
  return parts;
}

function requireProjectId(projectId: string | undefined): string {
  const parsed = projectRefSchema.safeParse(projectId);
  if (parsed.success) return parsed.data;
  throw new AppError("validation", "Say for which project: ?projectId=….", {
    errors: [{ path: "projectId", message: "is required" }],
  });
}

/** The whole of it is stored or read into memory: its size must be known before. */
function requireLength(length: string | undefined): number {
  if (length !== undefined && /^\d+$/.test(length)) return Number(length);
  throw new AppError(
    "length-required",
    "Send Content-Length: the size must be known before anything is stored.",
  );
}

function badDigest(sha256: string): AppError {
  return new AppError("validation", `${sha256.slice(0, 80)} is not a SHA-256: 64 lowercase hex digits.`, {
    errors: [{ path: "sha256", message: "must be 64 lowercase hex digits" }],
  });
}

function mismatch(sha256: string): AppError {
  return new AppError(
    "digest-mismatch",
    `The bytes sent do not have the SHA-256 ${sha256}; nothing was stored. Send them again.`,
  );
}

function tooLarge(what: string, limit: number, actual: number | string, unit = "bytes"): AppError {
  return new AppError("too-large", `${what} has at most ${limit} ${unit}; this one has ${actual}.`);
}
