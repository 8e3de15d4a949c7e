// What a capsule holds, file by file: the app's files and the documents that it carries.
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { getBlob } from "../../adapters/blobs/blob-store.ts";
import { readStoredManifest } from "../../adapters/build/compile-stored.ts";
import { digestSchema, projectRefSchema } from "../../schemas/api/common.ts";
import { createApi, invalidFields } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { attachmentHeaders } from "./attachment.ts";
import { resolveCapsule } from "./capsules.ts";
import { NEEDS_TOKEN, problems } from "./responses.ts";

const query = z.object({ projectId: projectRefSchema.optional() });
const params = z.object({
  digest: digestSchema,
  path: z
    .string()
    .max(4_096)
    .meta({ param: { name: "path", in: "path" } }),
});

const fileRoute = createRoute({
  method: "get",
  path: "/api/capsules/{digest}/files/{path}",
  operationId: "getCapsuleFile",
  tags: ["Capsules"],
  summary: "One file of a capsule, or a document that it carries, as an attachment",
  security: NEEDS_TOKEN,
  request: { params, query },
  responses: {
    200: {
      description: "The file's bytes",
      content: { "application/octet-stream": { schema: z.string().meta({ format: "binary" }) } },
    },
    ...problems(),
  },
});

export const capsuleFiles = createApi();

// The path of a file holds slashes, which a template parameter does not match, and may hold what `.` does not (U+2028).
capsuleFiles.openAPIRegistry.registerPath(fileRoute);
capsuleFiles.get("/api/capsules/:digest/files/:path{[^]+}", async (context) => {
  const asked = params.safeParse(context.req.param());
  if (!asked.success) throw invalidFields(asked.error);
  const where = query.safeParse(context.req.query());
  if (!where.success) throw invalidFields(where.error);
  const { digest, path } = asked.data;
  const facts = await resolveCapsule(context, digest, where.data.projectId);
  const { files, attestations } = await readStoredManifest(context.env.BLOBS, facts.digest);
  const line = [...files, ...attestations].find((candidate) => candidate.path === path);
  if (line === undefined) throw new AppError("not-found", `The capsule ${digest} holds no file ${path}.`);
  const blob = await getBlob(context.env.BLOBS, line.sha256);
  if (blob === null) throw new Error(`the stored file ${line.sha256} is missing`);
  return new Response(blob.body, {
    headers: {
      ...attachmentHeaders(path.split("/").at(-1) ?? "file"),
      "content-type": "application/octet-stream",
      "content-length": String(blob.size),
      etag: `"${line.sha256}"`,
    },
  });
});
