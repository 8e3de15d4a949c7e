// Starts a deploy run for a caller: within their quota, of what can run here, and by a person's word where one is needed.
import type { Context } from "hono";
import { readStoredManifest } from "../../adapters/build/compile-stored.ts";
import { findCapsule } from "../../adapters/database/capsules.ts";
import type { DeployRun } from "../../core/deploy/deploy-run.ts";
import { checkRunnable } from "../../core/deploy/runnable.ts";
import type { Environment } from "../../schemas/environment.ts";
import type { GateOverride } from "../../schemas/gate.ts";
import type { ApiEnv } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { confirmIfProd } from "./prod-confirmation.ts";
import { requireQuota } from "./rate-limits.ts";
import { orThrow, type ResolvedProject } from "./resolve-project.ts";

/** Throws the problem of the API when it may not begin; where a person must confirm, it is stored and asked for instead. */
export async function startDeploy(
  context: Context<ApiEnv>,
  project: ResolvedProject,
  wanted: {
    readonly capsuleDigest: string;
    readonly env: Environment;
    readonly override: GateOverride | null;
  },
): Promise<DeployRun> {
  await requireQuota(context, "deploys");
  const { capsuleDigest, env } = wanted;
  await requireRunnable(context, project, capsuleDigest);
  await confirmIfProd(context, context.get("actor"), project, "deploy", { kind: "deploy", ...wanted });
  const actor = context.get("actor").ref;
  const input = { capsuleDigest, environment: env, actor, confirmation: null };
  return orThrow(await project.object.startDeploy(input));
}

/** Refused early and by name, before a run begins: what no runner exists for. */
async function requireRunnable(
  context: Context<ApiEnv>,
  project: ResolvedProject,
  capsuleDigest: string,
): Promise<void> {
  const facts = await findCapsule(context.env.DB, project.owner, capsuleDigest);
  if (facts === null) {
    throw new AppError(
      "not-found",
      `The project ${project.row.label} has no capsule ${capsuleDigest}; push it first.`,
    );
  }
  const runnable = checkRunnable(await readStoredManifest(context.env.BLOBS, capsuleDigest));
  if (!runnable.ok) {
    const { code, message } = runnable.reason;
    throw new AppError("app-invalid", `The app cannot run here: ${message}.`, { members: { reason: code } });
  }
}
