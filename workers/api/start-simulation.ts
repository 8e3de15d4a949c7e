// From what a caller asks to a running simulation (MESH.md §2, M3): everything that can be refused is refused here, before
// anything has begun.
import type { Context } from "hono";
import { compileStored, readStoredManifest } from "../../adapters/build/compile-stored.ts";
import { findReceiptsIn } from "../../adapters/capsules/find-receipts.ts";
import { listEnvelopes, verifyStoredCapsule } from "../../adapters/capsules/verify-stored.ts";
import { findCapsule } from "../../adapters/database/capsules.ts";
import { releaseSimulation, reserveSimulation } from "../../adapters/database/simulations.ts";
import { workerdHashing } from "../../adapters/hashing/workerd-hashing.ts";
import { readArtifact } from "../../adapters/loader/build-store.ts";
import { checkRunnable, neededSecrets } from "../../core/deploy/runnable.ts";
import { completeParameters } from "../../core/mesh/check-parameters.ts";
import type { MeshCapsule } from "../../core/mesh/mesh-capsule.ts";
import { meshCapsuleOf } from "../../core/mesh/mesh-capsule-of.ts";
import { nodeName } from "../../core/mesh/mesh-node.ts";
import { MAX_REHEARSAL_MS } from "../../core/mesh/rehearsal.ts";
import type { ObservedTable, SimulationPlan } from "../../durable-objects/mesh-simulation/simulation-plan.ts";
import type { Environment } from "../../schemas/environment.ts";
import type { Manifest } from "../../schemas/manifest.ts";
import { type MeshParameters, meshParametersSchema } from "../../schemas/mesh-parameters.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import type { ApiEnv } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { orThrow, type ResolvedProject, toProblem } from "./resolve-project.ts";

/** Simulations of one organization under way at once. */
const MAX_AT_ONCE = 6;
const RETRY_AFTER_SECONDS = 5;
/** A place that nobody gave back counts no longer than this. */
const PLACE_MS = 2 * MAX_REHEARSAL_MS;

export type StartRequest = { readonly capsuleHash: string } & (
  | { readonly kind: "explore"; readonly params: unknown }
  | { readonly kind: "gate"; readonly env: Environment }
  | {
      readonly kind: "replay";
      readonly replayOf: string;
      readonly params: MeshParameters;
      readonly observed: ObservedTable;
    }
);

export type StartedSimulation = { readonly simId: string; readonly nodeIds: string[] };

export async function startSimulation(
  context: Context<ApiEnv>,
  project: ResolvedProject,
  request: StartRequest,
): Promise<StartedSimulation> {
  const { env } = context;
  const capsuleDigest = request.capsuleHash;
  const manifest = await requireSimulable(context, project, capsuleDigest);
  const capsule = await meshCapsuleOf(manifest, capsuleDigest, workerdHashing);
  // What needs no build is refused before one.
  const asked =
    request.kind === "explore" ? await requireParameters(context, project, request.params, capsule) : null;
  const basis = await project.object.simulationBasis(neededSecrets(manifest.app));
  requireSecrets(basis.missingSecrets, project.row.label);
  const { trust, secretsRevision } = basis;
  await requireVerified(context, project, capsuleDigest, trust);
  const statements = await listEnvelopes(env.DB, { ...project.owner, capsuleDigest });
  const plan: SimulationPlan = {
    simId: crypto.randomUUID(),
    ...project.owner,
    kind: request.kind,
    environment: request.kind === "gate" ? request.env : null,
    replayOf: request.kind === "replay" ? request.replayOf : null,
    capsule,
    secretsRevision,
    envelopes: statements,
    receipts: await findReceiptNames(project, capsuleDigest, trust),
    trust,
    ...(await buildAndAsk(context, project, request, asked)),
    observed: request.kind === "replay" ? request.observed : null,
    actor: context.get("actor").ref,
    startedAt: Date.now(),
  };
  await begin(context, plan);
  const nodeIds = Array.from({ length: plan.params.nodes }, (_, index) => nodeName(index));
  return { simId: plan.simId, nodeIds };
}

/** M3: every service has a runner here, or the simulation is refused, naming what has none. */
async function requireSimulable(
  context: Context<ApiEnv>,
  project: ResolvedProject,
  capsuleDigest: string,
): Promise<Manifest> {
  if ((await findCapsule(context.env.DB, project.owner, capsuleDigest)) === null) {
    throw new AppError(
      "not-found",
      `The project ${project.row.label} has no capsule ${capsuleDigest}; push it first.`,
    );
  }
  const manifest = await readStoredManifest(context.env.BLOBS, capsuleDigest);
  const runnable = checkRunnable(manifest);
  if (runnable.ok) return manifest;
  const { code, message } = runnable.reason;
  throw new AppError("not-simulable", `Its nodes could not run it: ${message}.`, {
    members: { reason: code },
  });
}

async function requireParameters(
  context: Context<ApiEnv>,
  project: ResolvedProject,
  params: unknown,
  { services }: MeshCapsule,
): Promise<MeshParameters> {
  const checked = completeParameters(params, { services, drawSeed });
  if (!checked.ok) {
    const errors = checked.reason.map(({ path, message }) => ({ path: joinPath(path), message }));
    const [first] = errors;
    throw new AppError("validation", `The field ${first?.path} is not valid: ${first?.message}.`, { errors });
  }
  const { previous } = checked.value;
  if (previous !== null && (await findCapsule(context.env.DB, project.owner, previous)) === null) {
    const message = "must be a capsule of this project";
    throw new AppError("validation", `The field params.previous is not valid: ${message}.`, {
      errors: [{ path: "params.previous", message }],
    });
  }
  return checked.value;
}

function joinPath(path: string): string {
  return path === "" ? "params" : `params.${path}`;
}

function requireSecrets(missing: readonly string[], label: string): void {
  const [first] = missing;
  if (first === undefined) return;
  throw new AppError(
    "secrets-missing",
    `The environment simulation lacks secrets that the app declares: ${missing.join(", ")}. Set each: oursynth secrets set ${first} --env simulation --project ${label}.`,
  );
}

async function requireVerified(
  { env }: Context<ApiEnv>,
  { owner, object }: ResolvedProject,
  capsuleDigest: string,
  trust: TrustRecord,
): Promise<void> {
  const findReceipts = findReceiptsIn(env.BLOBS, object);
  const report = await verifyStoredCapsule(env, { ...owner, capsuleDigest, trust, findReceipts });
  if (report.verdict === "pass") return;
  const step =
    report.steps.find(({ status }) => status === "fail") ??
    report.steps.find(({ status }) => status === "skip");
  throw new AppError(
    "capsule-invalid",
    `The capsule does not verify: ${step?.message ?? step?.title ?? report.verdict}.`,
    { members: { report } },
  );
}

/** Receipts are asked only about what retired keys have signed (CAPSULE.md S9). */
async function findReceiptNames(
  { object }: ResolvedProject,
  capsuleDigest: string,
  { keys }: TrustRecord,
): Promise<string[]> {
  if (keys.every(({ state }) => state === undefined)) return [];
  return await object.ensureReceipts(capsuleDigest, null);
}

/** What is simulated: a run for a gate takes what the gate builds and gives, all others what the capsule compiles to. */
async function buildAndAsk(
  context: Context<ApiEnv>,
  { object }: ResolvedProject,
  request: StartRequest,
  asked: MeshParameters | null,
): Promise<Pick<SimulationPlan, "artifactDigest" | "configurationDigest" | "toolchainVersion" | "params">> {
  const { BLOBS } = context.env;
  if (request.kind === "gate") {
    const given = orThrow(await object.askRehearsal(request.env, request.capsuleHash));
    const { artifactDigest, configurationDigest } = given.build;
    const { toolchain } = await readArtifact(BLOBS, artifactDigest);
    const params = meshParametersSchema.parse(given.params);
    return { artifactDigest, configurationDigest, toolchainVersion: toolchain, params };
  }
  const built = await compileStored(BLOBS, request.capsuleHash);
  if (!built.ok) throw toProblem(built.reason);
  const { artifactDigest, configurationDigest } = built.value;
  const { toolchain } = await readArtifact(BLOBS, artifactDigest);
  const params = request.kind === "replay" ? request.params : asked;
  if (params === null) throw new Error("an exploration brings its own parameters");
  return { artifactDigest, configurationDigest, toolchainVersion: toolchain, params };
}

/** Takes a place, then starts; a start that fails gives it back. */
async function begin(context: Context<ApiEnv>, plan: SimulationPlan): Promise<void> {
  const { env } = context;
  const actor = context.get("actor");
  const { simId, projectId, kind, environment, replayOf, capsule, params, startedAt } = plan;
  const row = {
    projectId,
    simId,
    capsuleDigest: capsule.digest,
    kind,
    environment,
    replayOf,
    nodeCount: params.nodes,
    seedCount: params.seeds.length,
    startedAt,
    activeUntil: startedAt + PLACE_MS,
  };
  if (!(await reserveSimulation(env.DB, actor, row, MAX_AT_ONCE))) {
    throw new AppError(
      "too-many-simulations",
      `This organization has ${MAX_AT_ONCE} simulations under way, which is the most; wait for one to end, or cancel one.`,
      { headers: { "retry-after": String(RETRY_AFTER_SECONDS) } },
    );
  }
  try {
    await env.MESH_SIMULATIONS.getByName(simId).start(plan);
  } catch (error) {
    await releaseSimulation(env.DB, actor, simId);
    throw error;
  }
}

function drawSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
