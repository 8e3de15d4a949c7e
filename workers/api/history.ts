// Branches, commits and moments of a project.
import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import { getBlob } from "../../adapters/blobs/blob-store.ts";
import { readStoredManifest } from "../../adapters/build/compile-stored.ts";
import { acceptCapsule, readReport } from "../../adapters/capsules/accept-capsule.ts";
import { type PackFailure, packMoment } from "../../adapters/capsules/pack-moment.ts";
import { readSnapshot, type SnapshotContent, storeSnapshot } from "../../adapters/capsules/snapshots.ts";
import { leasePossessed } from "../../adapters/database/blobs.ts";
import { findCapsule } from "../../adapters/database/capsules.ts";
import { findSealedKey } from "../../adapters/database/project-keys.ts";
import { checkAuthoredManifest, completeManifest } from "../../core/capsule/authored-manifest.ts";
import { settingsOf } from "../../core/capsule/digest.ts";
import {
  checkManifest,
  formatCapsuleId,
  type ManifestIssue,
  parseCapsuleId,
} from "../../core/capsule/manifest.ts";
import { redactVariables } from "../../core/capsule/redact-variables.ts";
import { applyFileChanges, type FileChange } from "../../core/editing/apply-file-changes.ts";
import type { BranchHead } from "../../durable-objects/project/branch-storage.ts";
import { findMovedHead } from "../../durable-objects/project/project-failure.ts";
import { acceptedSchema, packMomentSchema } from "../../schemas/api/capsules.ts";
import { branchNameSchema, DEFAULT_BRANCH, projectRefSchema } from "../../schemas/api/common.ts";
import {
  commitSchema,
  committedSchema,
  createBranchSchema,
  restoreSchema,
  treeSchema,
} from "../../schemas/api/history.ts";
import type { TimelineEvent } from "../../schemas/event.ts";
import { requirePermission } from "../identity/authenticate.ts";
import { type ApiEnv, createApi, invalidFields } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { attachmentHeaders } from "./attachment.ts";
import { acceptedOrThrow, summarizeCapsule } from "./capsule-answers.ts";
import { requireQuota } from "./rate-limits.ts";
import { holdsSecrets } from "./refuse-secrets.ts";
import { orThrow, type ResolvedProject, resolveProject, toProblem } from "./resolve-project.ts";
import { CREATING, idempotencyHeaders, json, jsonBody, NEEDS_TOKEN, problems } from "./responses.ts";

const tags = ["History"];
const params = z.object({ id: projectRefSchema });
const momentQuery = z.object({
  branch: branchNameSchema.default(DEFAULT_BRANCH),
  at: z.coerce.number().int().min(1).optional(),
});

const commitRoute = createRoute({
  method: "post",
  path: "/api/projects/{id}/commits",
  operationId: "commit",
  tags,
  summary: "Move a branch to a new snapshot, if it still stands where you saw it",
  security: NEEDS_TOKEN,
  request: { headers: idempotencyHeaders, params, body: jsonBody(commitSchema) },
  responses: {
    201: json(committedSchema, "Committed"),
    ...problems("head-moved", "blobs-missing", "too-large", ...CREATING),
  },
});

const treeRoute = createRoute({
  method: "get",
  path: "/api/projects/{id}/tree",
  operationId: "getTree",
  tags,
  summary: "The files and settings of a branch, now or after an event",
  security: NEEDS_TOKEN,
  request: { params, query: momentQuery },
  responses: { 200: json(treeSchema, "The moment"), ...problems() },
});

const fileRoute = createRoute({
  method: "get",
  path: "/api/projects/{id}/files/{path}",
  operationId: "getFile",
  tags,
  summary: "One file of a moment, as an attachment",
  security: NEEDS_TOKEN,
  request: {
    params: params.extend({
      path: z
        .string()
        .max(4_096)
        .meta({ param: { name: "path", in: "path" } }),
    }),
    query: momentQuery,
  },
  responses: {
    200: {
      description: "The file's bytes",
      content: { "application/octet-stream": { schema: z.string().meta({ format: "binary" }) } },
    },
    ...problems(),
  },
});

const branchRoute = createRoute({
  method: "post",
  path: "/api/projects/{id}/branches",
  operationId: "createBranch",
  tags,
  summary: "Begin a branch at a moment",
  security: NEEDS_TOKEN,
  request: { headers: idempotencyHeaders, params, body: jsonBody(createBranchSchema) },
  responses: { 201: json(committedSchema, "Begun"), ...problems("conflict", ...CREATING) },
});

const restoreRoute = createRoute({
  method: "post",
  path: "/api/projects/{id}/restore",
  operationId: "restore",
  tags,
  summary: "Bring back the files and settings of an earlier moment, as a new event",
  security: NEEDS_TOKEN,
  request: { headers: idempotencyHeaders, params, body: jsonBody(restoreSchema) },
  responses: { 201: json(committedSchema, "Restored"), ...problems("head-moved", ...CREATING) },
});

const packRoute = createRoute({
  method: "post",
  path: "/api/projects/{id}/capsules",
  operationId: "packMoment",
  tags,
  summary: "Pack and sign a capsule from a moment, with the project's own key or another in the vault",
  security: NEEDS_TOKEN,
  request: { headers: idempotencyHeaders, params, body: jsonBody(packMomentSchema) },
  responses: {
    201: json(acceptedSchema, "Packed"),
    ...problems("capsule-invalid", "secret", "conflict", ...CREATING),
  },
});

export const history = createApi()
  .openapi(commitRoute, async (context) => {
    const project = await resolveProject(context, context.req.valid("param").id, "capsules:write");
    const { branch, expectedHead, capsuleDigest, files, settings, message } = context.req.valid("json");
    const head = await project.object.moment(branch, null);
    const base = head.ok ? head.value : null;
    // The tree is changed from this base: a head that only moves there afterwards must not take it.
    const moved = findMovedHead(branch, base?.headSeq ?? 0, expectedHead);
    if (moved !== null) throw toProblem(moved);
    const content =
      capsuleDigest === undefined
        ? await changeMoment(context, project, base, files ?? [], settings)
        : await capsuleContent(context, project, capsuleDigest);
    const event: TimelineEvent = orThrow(
      await project.object.commit({
        branch,
        expectedHead,
        snapshot: await storeSnapshot(context.env.BLOBS, content),
        capsuleDigest: capsuleDigest ?? null,
        message,
        actor: context.get("actor").ref,
      }),
    );
    return context.json({ event }, 201);
  })
  .openapi(treeRoute, async (context) => {
    const project = await resolveProject(context, context.req.valid("param").id, "capsules:read");
    const { branch, at } = context.req.valid("query");
    const head = orThrow(await project.object.moment(branch, at ?? null));
    const { files, settings } = await readSnapshot(context.env.BLOBS, head.snapshot);
    const { headSeq, capsuleDigest, snapshot } = head;
    return context.json(
      { branch, headSeq, snapshot: { ...snapshot }, capsuleDigest, files: [...files], settings },
      200,
    );
  })
  .openapi(branchRoute, async (context) => {
    const { object } = await resolveProject(context, context.req.valid("param").id, "capsules:write");
    const { name, from, at } = context.req.valid("json");
    const branch = { name, from: from ?? DEFAULT_BRANCH, at: at ?? null };
    const event: TimelineEvent = orThrow(await object.createBranch(branch, context.get("actor").ref));
    return context.json({ event }, 201);
  })
  .openapi(restoreRoute, async (context) => {
    const { object } = await resolveProject(context, context.req.valid("param").id, "capsules:write");
    const { branch = DEFAULT_BRANCH, at, expectedHead } = context.req.valid("json");
    // Both digests are checked before the branch moves.
    const moment = orThrow(await object.moment(branch, at));
    await readSnapshot(context.env.BLOBS, moment.snapshot);
    const event: TimelineEvent = orThrow(
      await object.restore({ branch, at, expectedHead: expectedHead ?? null }, context.get("actor").ref),
    );
    return context.json({ event }, 201);
  })
  .openapi(packRoute, async (context) => {
    const project = await resolveProject(context, context.req.valid("param").id, "capsules:write");
    await requireQuota(context, "packs");
    const { branch = DEFAULT_BRANCH, at, version, reason, allow, keyId } = context.req.valid("json");
    const actor = context.get("actor");
    const head = orThrow(await project.object.moment(branch, at ?? null));
    const event = (await project.object.findEvent(head.headSeq)) as TimelineEvent | null;
    if (event === null) throw new Error(`the event ${head.headSeq} is missing`);
    const owner = { ...project.owner, platformKeyId: await findSigningKeyId(context, project, keyId) };
    const content = await readSnapshot(context.env.BLOBS, head.snapshot);
    const moment = { content, branch, seq: head.headSeq, ts: event.ts, capsuleDigest: head.capsuleDigest };
    const packed = await packMoment(context.env, owner, moment, { version, reason, allow, now: Date.now() });
    if (!packed.ok) throw cannotPack(packed.reason);
    const { capsuleDigest } = packed.value;
    const known = await findCapsule(context.env.DB, project.owner, capsuleDigest);
    const report = await readReport(context.env.BLOBS, project.row.id, capsuleDigest);
    // The same moment is the same capsule: the platform has nothing to say about it a second time.
    if (known !== null && report !== null && keyId === undefined)
      return context.json({ ...summarizeCapsule(known), report }, 201);
    const accepted = acceptedOrThrow(
      await acceptCapsule(context.env, project.object, {
        ...project.owner,
        userId: actor.userId,
        actor: actor.ref,
        manifestBytes: packed.value.manifestBytes,
        envelopes: [packed.value.envelope],
        branch: null,
        message: reason ?? "",
      }),
    );
    return context.json({ ...summarizeCapsule(accepted.facts), report: accepted.report }, 201);
  });

// The path of a file holds slashes, which a template parameter does not match, and may hold what `.` does not (U+2028).
history.openAPIRegistry.registerPath(fileRoute);
history.get("/api/projects/:id/files/:path{[^]+}", async (context) => {
  const project = await resolveProject(context, context.req.param("id"), "capsules:read");
  const query = momentQuery.safeParse(context.req.query());
  if (!query.success) throw invalidFields(query.error);
  const { branch, at } = query.data;
  const head = orThrow(await project.object.moment(branch, at ?? null));
  const { files } = await readSnapshot(context.env.BLOBS, head.snapshot);
  const path = context.req.param("path");
  const file = files.find((candidate) => candidate.path === path);
  const blob = file === undefined ? null : await getBlob(context.env.BLOBS, file.sha256);
  if (file === undefined || blob === null) {
    throw new AppError("not-found", `There is no file ${path} on ${branch} at that moment; see /tree.`);
  }
  return new Response(blob.body, {
    headers: {
      ...attachmentHeaders(path.split("/").at(-1) ?? "file"),
      "content-type": "application/octet-stream",
      "content-length": String(file.sizeBytes),
      etag: `"${file.sha256}"`,
    },
  });
});

/** The key that a moment is packed with: one that the vault holds for the project or its organization. */
async function findSigningKeyId(
  context: Context<ApiEnv>,
  project: ResolvedProject,
  keyId: string | undefined,
): Promise<string> {
  if (keyId === undefined) return (await project.object.facts()).platformKeyId;
  requirePermission(context.get("actor"), "keys:write");
  if ((await findSealedKey(context.env.DB, project.owner, keyId)) !== null) return keyId;
  const detail = `The vault holds no key ${keyId} for this project; oursynth keys make makes one.`;
  throw new AppError("not-found", detail);
}

/** The moment after a commit's changes; files must have been put by this organization. */
async function changeMoment(
  context: Context<ApiEnv>,
  project: ResolvedProject,
  base: BranchHead | null,
  changes: NonNullable<z.infer<typeof commitSchema>["files"]>,
  settings: Record<string, unknown> | undefined,
): Promise<SnapshotContent> {
  const before =
    base === null ? { files: [], settings: null } : await readSnapshot(context.env.BLOBS, base.snapshot);
  const wanted = changes.flatMap((change) => (change.sha256 === undefined ? [] : [change.sha256]));
  const possessed = await leasePossessed(context.env.DB, project.owner, wanted, Date.now());
  const missing = wanted.filter((sha256) => !possessed.has(sha256));
  if (missing.length > 0) {
    throw new AppError("blobs-missing", `Put these files first: ${missing.length} are missing.`, {
      members: { missing },
    });
  }
  const fileChanges = changes.map((change, index): FileChange => {
    const { path, sha256, mode } = change;
    const blob = sha256 === undefined ? undefined : possessed.get(sha256);
    if ((blob === undefined) === (change.delete === undefined)) {
      throw new AppError("validation", `The change of ${path} needs either sha256 or delete.`, {
        errors: [{ path: `files.${index}`, message: "give either sha256 or delete" }],
      });
    }
    if (blob === undefined) return { path, delete: true };
    return { path, sha256: blob.sha256, sizeBytes: blob.sizeBytes, ...(mode === undefined ? {} : { mode }) };
  });
  const applied = applyFileChanges(before.files, fileChanges);
  if (!applied.ok) {
    throw new AppError(
      "validation",
      `The files cannot be changed so: ${applied.reason[0]?.path} ${applied.reason[0]?.message}.`,
      {
        errors: applied.reason.map((failure) => ({
          path: `files.${failure.path}`,
          message: failure.message,
        })),
      },
    );
  }
  return {
    files: applied.value,
    settings: await changeSettings(project, before.settings, settings, applied.value),
  };
}

async function changeSettings(
  project: ResolvedProject,
  before: SnapshotContent["settings"] | null,
  changes: Record<string, unknown> | undefined,
  files: SnapshotContent["files"],
): Promise<SnapshotContent["settings"]> {
  if (before !== null && changes === undefined) return before;
  // The id carries the version: one that is not given anew follows it.
  const { id, ...rest } = before ?? { id: undefined };
  const slug = id === undefined ? undefined : parseCapsuleId(id)?.slug;
  const version = changes?.version ?? before?.version;
  const followed =
    slug !== undefined && typeof version === "string" ? { id: formatCapsuleId({ slug, version }) } : {};
  const authored = checkAuthoredManifest({ ...rest, ...followed, ...changes });
  if (!authored.ok) throw invalidManifest(authored.reason.issues);
  // Settings are kept and shown: what looks secret leaves them before they are stored (CAPSULE.md C8).
  const { app } = authored.value;
  const { env, secrets } = redactVariables(app.env, app.secrets);
  const kept = { ...authored.value, app: { ...app, env: { ...env }, secrets: [...secrets] } };
  const complete = completeManifest(kept, {
    files,
    folderName: project.row.label,
    createdAt: project.row.createdAt,
  });
  if (!complete.ok) throw invalidManifest(complete.reason.issues);
  const checked = checkManifest(complete.value);
  if (!checked.ok) throw invalidManifest(checked.reason.issues);
  return settingsOf(checked.value);
}

async function capsuleContent(
  context: Context<ApiEnv>,
  project: ResolvedProject,
  capsuleDigest: string,
): Promise<SnapshotContent> {
  const facts = await findCapsule(context.env.DB, project.owner, capsuleDigest);
  if (facts === null) throw new AppError("not-found", `This project has no capsule ${capsuleDigest}.`);
  const manifest = await readStoredManifest(context.env.BLOBS, capsuleDigest);
  return { files: manifest.files, settings: settingsOf(manifest) };
}

function cannotPack(failure: PackFailure): AppError {
  if (failure.code === "validation") return invalidManifest(failure.issues);
  return holdsSecrets("The moment", failure.fields, ", or let a file in on purpose with `allow`");
}

function invalidManifest(issues: readonly ManifestIssue[]): AppError {
  const [first] = issues;
  return new AppError("validation", `The settings are not valid: ${first?.path} ${first?.message}.`, {
    errors: issues.map(({ path, message }) => ({ path, message })),
  });
}
