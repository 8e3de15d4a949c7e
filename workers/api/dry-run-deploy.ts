// A deploy that changes nothing: the capsule is verified and compiled for real, and the gate asked.
import type { Context } from "hono";
import { compileStored, readStoredManifest } from "../../adapters/build/compile-stored.ts";
import { findReceiptsIn } from "../../adapters/capsules/find-receipts.ts";
import { verifyStoredCapsule } from "../../adapters/capsules/verify-stored.ts";
import { findCapsule } from "../../adapters/database/capsules.ts";
import { findDecidingStep } from "../../core/capsule/deciding-step.ts";
import { neededSecrets } from "../../core/deploy/runnable.ts";
import type { Environment } from "../../schemas/environment.ts";
import type { ApiEnv } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { requireQuota } from "./rate-limits.ts";
import type { ResolvedProject } from "./resolve-project.ts";

/** What a deploy would meet, phase by phase, without changing anything. */
export async function dryRunDeploy(
  context: Context<ApiEnv>,
  project: ResolvedProject,
  capsuleDigest: string,
  env: Environment,
) {
  await requireQuota(context, "deploys");
  const facts = await findCapsule(context.env.DB, project.owner, capsuleDigest);
  if (facts === null)
    throw new AppError("not-found", `This project has no capsule ${capsuleDigest}; push it first.`);
  const trust = await project.object.trustRecord();
  const findReceipts = findReceiptsIn(context.env.BLOBS, project.object);
  const report = await verifyStoredCapsule(context.env, {
    ...project.owner,
    capsuleDigest,
    trust,
    findReceipts,
  });
  const because = findDecidingStep(report)?.message;
  // Compiled for real: what that stores is named by its content, and nothing points at it.
  const built = await compileStored(context.env.BLOBS, capsuleDigest);
  const asked = await project.object.askGate(env, capsuleDigest);
  const needsPerson = await project.object.asksPerson("deploy", env);
  const { app } = await readStoredManifest(context.env.BLOBS, capsuleDigest);
  const set = new Set((await project.object.listSecrets(env)).map(({ name }) => name));
  const missing = neededSecrets(app).filter((name) => !set.has(name));
  const lacks = `the environment ${env} lacks secrets that the app declares: ${missing.join(", ")}`;
  const phases = [
    {
      phase: "verifying",
      isMet: report.verdict === "pass",
      message: `the capsule's verdict is ${report.verdict}${because === undefined ? "" : `: ${because}`}`,
    },
    {
      phase: "gating",
      isMet: asked.ok && asked.value.decision.isAllowed && missing.length === 0,
      message: missing.length > 0 ? lacks : describeGate(asked, needsPerson),
    },
    {
      phase: "building",
      isMet: built.ok,
      message: built.ok ? `it compiles to ${built.value.artifactDigest}` : built.reason.message,
    },
  ];
  return {
    dryRun: true as const,
    wouldDeploy: phases.every((phase) => phase.isMet),
    phases: phases.map(({ phase, isMet, message }) => ({
      phase,
      status: isMet ? ("pass" as const) : ("fail" as const),
      message,
    })),
  };
}

type AskedGate = Awaited<ReturnType<ResolvedProject["object"]["askGate"]>>;

function describeGate(asked: AskedGate, needsPerson: boolean): string {
  const said = asked.ok ? asked.value.decision.message : asked.reason.message;
  return needsPerson ? `${said} A person must confirm it besides.` : said;
}
