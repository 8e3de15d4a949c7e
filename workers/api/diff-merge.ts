// What differs between two capsules or two moments, and merging capsules (CAPSULE.md §6).
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { fileReader } from "../../adapters/blobs/file-reader.ts";
import { readStoredManifest } from "../../adapters/build/compile-stored.ts";
import { acceptCapsule } from "../../adapters/capsules/accept-capsule.ts";
import { mergeStored } from "../../adapters/capsules/merge-stored.ts";
import { readSnapshot } from "../../adapters/capsules/snapshots.ts";
import { diffCapsules } from "../../core/capsule/diff-capsules.ts";
import type { MergeFailure } from "../../core/capsule/merge-capsules.ts";
import {
  acceptedSchema,
  capsuleDiffAnswerSchema,
  mergeConflictsSchema,
  mergeRequestSchema,
} from "../../schemas/api/capsules.ts";
import {
  branchNameSchema,
  DEFAULT_BRANCH,
  digestSchema,
  projectRefSchema,
} from "../../schemas/api/common.ts";
import { momentDiffSchema } from "../../schemas/api/history.ts";
import { createApi } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { acceptedOrThrow, summarizeCapsule } from "./capsule-answers.ts";
import { resolveCapsule } from "./capsules.ts";
import { requireQuota } from "./rate-limits.ts";
import { orThrow, resolveProject } from "./resolve-project.ts";
import { CREATING, idempotencyHeaders, json, jsonBody, NEEDS_TOKEN, problems } from "./responses.ts";

const seqSchema = z.coerce.number().int().min(1);

const diffRoute = createRoute({
  method: "get",
  path: "/api/capsules/{a}/diff/{b}",
  operationId: "diffCapsules",
  tags: ["Capsules"],
  summary: "What became of capsule a in capsule b: files, lines and fields",
  description:
    "The patches, one behind the other, are what `git apply` reads. Content that is not text, or beyond a limit, is told by digest.",
  security: NEEDS_TOKEN,
  request: {
    params: z.object({ a: digestSchema, b: digestSchema }),
    query: z.object({ projectId: projectRefSchema.optional() }),
  },
  responses: { 200: json(capsuleDiffAnswerSchema, "The difference"), ...problems() },
});

const momentsRoute = createRoute({
  method: "get",
  path: "/api/projects/{id}/diff",
  operationId: "diffMoments",
  tags: ["History"],
  summary: "What became of the files and settings of a branch from one event to another",
  security: NEEDS_TOKEN,
  request: {
    params: z.object({ id: projectRefSchema }),
    query: z.object({
      branch: branchNameSchema.default(DEFAULT_BRANCH),
      from: seqSchema,
      to: seqSchema.optional().meta({ description: "The branch's head when left out" }),
    }),
  },
  responses: { 200: json(momentDiffSchema, "The difference"), ...problems() },
});

const mergeRoute = createRoute({
  method: "post",
  path: "/api/capsules/merge",
  operationId: "mergeCapsules",
  tags: ["Capsules"],
  summary: "Merge two capsules that come from one",
  description:
    "While a conflict is undecided, 200 with all of them, and nothing is stored. Then 201: the capsule has both as parents and is signed with the project's own key. The same merge again gives the same capsule.",
  security: NEEDS_TOKEN,
  request: { headers: idempotencyHeaders, body: jsonBody(mergeRequestSchema) },
  responses: {
    200: json(mergeConflictsSchema, "What has to be decided"),
    201: json(acceptedSchema, "Merged and accepted"),
    ...problems("capsule-invalid", "conflict", "too-large", ...CREATING),
  },
});

export const diffMerge = createApi()
  .openapi(diffRoute, async (context) => {
    const { a, b } = context.req.valid("param");
    const { projectId } = context.req.valid("query");
    const [from, to] = [
      await resolveCapsule(context, a, projectId),
      await resolveCapsule(context, b, projectId),
    ];
    const diff = await diffCapsules(
      await readStoredManifest(context.env.BLOBS, from.digest),
      await readStoredManifest(context.env.BLOBS, to.digest),
      fileReader(context.env.BLOBS),
    );
    return context.json({ from: from.digest, to: to.digest, ...diff }, 200);
  })
  .openapi(momentsRoute, async (context) => {
    const { object } = await resolveProject(context, context.req.valid("param").id, "capsules:read");
    const { branch, from, to } = context.req.valid("query");
    const before = orThrow(await object.moment(branch, from));
    const after = orThrow(await object.moment(branch, to ?? null));
    const [a, b] = await Promise.all([
      readSnapshot(context.env.BLOBS, before.snapshot),
      readSnapshot(context.env.BLOBS, after.snapshot),
    ]);
    const diff = await diffCapsules(
      { ...a.settings, files: a.files },
      { ...b.settings, files: b.files },
      fileReader(context.env.BLOBS),
    );
    return context.json({ branch, from: before.headSeq, to: after.headSeq, ...diff }, 200);
  })
  .openapi(mergeRoute, async (context) => {
    const { projectId, base, ours, theirs, version, decisions, branch, reason } = context.req.valid("json");
    const project = await resolveProject(context, projectId, "capsules:write");
    await requireQuota(context, "merges");
    for (const digest of [base, ours, theirs]) await resolveCapsule(context, digest, undefined);
    const { platformKeyId } = await project.object.facts();
    const merged = await mergeStored(
      context.env,
      { ...project.owner, platformKeyId },
      {
        base,
        ours,
        theirs,
        version,
        decisions: new Map(Object.entries(decisions ?? {})),
        reason,
        now: Date.now(),
      },
    );
    if (!merged.ok) throw refusedMerge(merged.reason);
    if (merged.value.status === "conflicts") {
      return context.json({ conflicts: [...merged.value.conflicts] }, 200);
    }
    const actor = context.get("actor");
    const accepted = acceptedOrThrow(
      await acceptCapsule(context.env, project.object, {
        ...project.owner,
        userId: actor.userId,
        actor: actor.ref,
        manifestBytes: merged.value.manifestBytes,
        envelopes: [merged.value.envelope],
        branch: branch ?? null,
        message: reason ?? "",
      }),
    );
    return context.json({ ...summarizeCapsule(accepted.facts), report: accepted.report }, 201);
  });

function refusedMerge(reason: MergeFailure): AppError {
  switch (reason.code) {
    case "invalid-manifest": {
      const [first] = reason.issues;
      return new AppError(
        "validation",
        `The merged capsule is not valid: ${first?.path} ${first?.message}.`,
        {
          errors: reason.issues.map(({ path, message }) => ({ path, message })),
        },
      );
    }
    case "unused-decisions":
      return new AppError(
        "validation",
        `There is nothing to decide so about ${reason.paths[0]}; merge without decisions to see the conflicts.`,
        {
          errors: reason.paths.map((path) => ({
            path: `decisions.${path}`,
            message: "is about no conflict, or not in a form that decides it",
          })),
        },
      );
  }
}
