// A result that was made elsewhere (MESH.md M14, issue: `oursynth mesh-sim --local` in CI). It is taken only when a key with
// the role `simulator` signed it, and when running it again from what it says gives the very same result.
import type { Context } from "hono";
import { compileStored, readStoredManifest } from "../../adapters/build/compile-stored.ts";
import { findReceiptsIn } from "../../adapters/capsules/find-receipts.ts";
import { findCapsule } from "../../adapters/database/capsules.ts";
import { findSimulation, insertRecordedSimulation } from "../../adapters/database/simulations.ts";
import { workerdHashing } from "../../adapters/hashing/workerd-hashing.ts";
import { judgeEnvelope } from "../../adapters/mesh/judge-evidence.ts";
import { canonicalJson } from "../../core/capsule/canonical-json.ts";
import { checkObservations } from "../../core/mesh/check-observations.ts";
import { completeParameters } from "../../core/mesh/check-parameters.ts";
import { meshCapsuleOf } from "../../core/mesh/mesh-capsule-of.ts";
import { SIMULATOR_VERSION } from "../../core/mesh/mesh-limits.ts";
import { simulateSeeds } from "../../core/mesh/simulate-seeds.ts";
import { envelopeBytes, parseEnvelope, readStatement } from "../../core/signing/dsse.ts";
import type { SealedSimulation } from "../../durable-objects/mesh-simulation/simulation-plan.ts";
import { type MeshSimResult, meshSimResultSchema } from "../../schemas/mesh-result.ts";
import type { FieldError } from "../../schemas/problem.ts";
import { type Envelope, PREDICATE_MESH_SIM, type Statement } from "../../schemas/statement.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import { type ApiEnv, invalidFields } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { orThrow, type ResolvedProject } from "./resolve-project.ts";

/** All of them are run again while the caller waits. */
const MAX_RECORDED_SEEDS = 200;
const MAX_ATTEMPTS = 3;

export async function recordSimulation(
  context: Context<ApiEnv>,
  project: ResolvedProject,
  envelope: Envelope,
): Promise<{ readonly result: MeshSimResult; readonly sealed: SealedSimulation }> {
  const bytes = envelopeBytes(envelope);
  const statement = readStatementOf(bytes);
  const subject = `sha256:${statement.subject[0].digest.sha256}`;
  for (let attempt = 1; ; attempt += 1) {
    const { trust } = await project.object.simulationBasis([]);
    await requireCapsule(context, project, subject);
    await requireSigned(context, project, subject, bytes, trust);
    const result = readResult(statement, envelope, trust);
    await requireFree(context, project, result.simId);
    await requireSame(context, result);
    const recorded = await project.object.recordSimulation({
      result,
      envelope: bytes,
      keyIds: envelope.signatures.map(({ keyid }) => keyid),
      actor: context.get("actor").ref,
      trustRevision: trust.revision,
    });
    if (!recorded.ok && recorded.reason.code === "trust-moved" && attempt < MAX_ATTEMPTS) continue;
    const sealed = orThrow(recorded);
    await list(context, project, result, sealed);
    return { result, sealed };
  }
}

/** What it says, whoever signed it. */
function readStatementOf(bytes: Uint8Array): Statement {
  const parsed = parseEnvelope(bytes);
  const statement = parsed.ok ? readStatement(parsed.value) : parsed;
  if (!statement.ok) throw refuse(statement.reason.message);
  if (statement.value.predicateType === PREDICATE_MESH_SIM) return statement.value;
  throw refuse(`its predicate is ${statement.value.predicateType}, not ${PREDICATE_MESH_SIM}`);
}

async function requireCapsule(
  { env }: Context<ApiEnv>,
  { owner, row }: ResolvedProject,
  capsuleDigest: string,
): Promise<void> {
  if ((await findCapsule(env.DB, owner, capsuleDigest)) !== null) return;
  throw new AppError("not-found", `The project ${row.label} has no capsule ${capsuleDigest}; push it first.`);
}

async function requireSigned(
  { env }: Context<ApiEnv>,
  { object }: ResolvedProject,
  capsuleDigest: string,
  bytes: Uint8Array,
  trust: TrustRecord,
): Promise<void> {
  const findReceipts = findReceiptsIn(env.BLOBS, object);
  const judged = await judgeEnvelope(env.BLOBS, capsuleDigest, bytes, { trust, findReceipts });
  if (judged === "trusted") return;
  throw new AppError(
    "unprocessable",
    "The result is not validly signed by a key that this project trusts as a simulator. Trust the runner's key with the role simulator first.",
    { members: { reason: "evidence-untrusted" } },
  );
}

function readResult(
  { predicate, subject }: Statement,
  envelope: Envelope,
  trust: TrustRecord,
): MeshSimResult {
  const parsed = meshSimResultSchema.safeParse(predicate);
  if (!parsed.success) throw invalidFields(parsed.error);
  const result = parsed.data;
  const errors: FieldError[] = [];
  const signers = envelope.signatures.map(({ keyid }) => keyid);
  const publicKeys = trust.keys
    .filter(({ keyId }) => signers.includes(keyId))
    .map(({ publicKey }) => publicKey);
  if (result.observedBy !== "external") {
    errors.push({ path: "observedBy", message: "must be external: the platform seals its own results" });
  }
  if (result.kind === "replay") errors.push({ path: "kind", message: "must be explore or gate" });
  if (`sha256:${subject[0].digest.sha256}` !== result.capsuleHash) {
    errors.push({ path: "capsuleHash", message: "must be the capsule that the statement is about" });
  }
  if (canonicalJson([...result.signedBy].sort()) !== canonicalJson(publicKeys.sort())) {
    errors.push({ path: "signedBy", message: "must be the public keys that signed the envelope" });
  }
  if (result.params.seeds.length > MAX_RECORDED_SEEDS) {
    errors.push({ path: "params.seeds", message: `must hold at most ${MAX_RECORDED_SEEDS} seeds here` });
  }
  const [first] = errors;
  if (first === undefined) return result;
  throw new AppError("validation", `The field ${first.path} is not valid: ${first.message}.`, { errors });
}

/** Its id names no other simulation of the organization, whether or not the caller may see that one. */
async function requireFree(context: Context<ApiEnv>, project: ResolvedProject, simId: string): Promise<void> {
  const anyProject = { ...context.get("actor"), projectId: null };
  const known = await findSimulation(context.env.DB, anyProject, simId);
  if (known === null || (known.projectId === project.row.id && known.observedBy === "external")) return;
  throw new AppError("conflict", `There is another simulation ${simId} already; give this one a new id.`);
}

/** The same parameters and observations have to give the same result, field by field. */
async function requireSame({ env }: Context<ApiEnv>, result: MeshSimResult): Promise<void> {
  const { capsuleHash, params, simId, kind, artifactDigest, toolchainVersion, measured, startedAt } = result;
  if (result.simulatorVersion !== SIMULATOR_VERSION) {
    throw refuse(
      `it was made by the simulator ${result.simulatorVersion}, and this platform runs ${SIMULATOR_VERSION}`,
    );
  }
  const built = await compileStored(env.BLOBS, capsuleHash);
  if (!built.ok || built.value.artifactDigest !== artifactDigest) {
    throw refuse("its artifact is not what the capsule compiles to here");
  }
  const manifest = await readStoredManifest(env.BLOBS, capsuleHash);
  const capsule = await meshCapsuleOf(manifest, capsuleHash, workerdHashing);
  const parameters = completeParameters(params, { services: capsule.services, drawSeed: () => 0 });
  if (!parameters.ok) throw refuse(`its parameters contradict themselves (${parameters.reason[0]?.path})`);
  const observed = checkObservations(result.observations, params.nodes, capsule.services);
  if (!observed.ok) throw refuse(`its observations are not complete (${observed.reason[0]?.message})`);
  const frame = {
    simId,
    kind,
    artifactDigest,
    toolchainVersion,
    observedBy: "external",
    startedAt,
    measured,
  } as const;
  const again = await simulateSeeds(
    {
      capsule,
      parameters: parameters.value,
      observations: observed.value,
      frame: { ...frame, signedBy: result.signedBy },
    },
    { hashing: workerdHashing, onTrace: takeTurns() },
  );
  if (again.traceHash !== result.traceHash) throw refuse("running it again gives another trace");
  if (canonicalJson(again) !== canonicalJson(result)) {
    throw refuse("running it again gives the same trace and another result");
  }
}

/** Others have their turn while it runs: after half a megabyte of trace. */
function takeTurns(): () => Promise<void> {
  let pieces = 0;
  return async () => {
    pieces += 1;
    if (pieces % 8 === 0) await scheduler.wait(0);
  };
}

async function list(
  context: Context<ApiEnv>,
  project: ResolvedProject,
  result: MeshSimResult,
  { envelopeSha256, seq }: SealedSimulation,
): Promise<void> {
  const now = Date.now();
  await insertRecordedSimulation(context.env.DB, context.get("actor"), {
    projectId: project.row.id,
    simId: result.simId,
    capsuleDigest: result.capsuleHash,
    kind: result.kind,
    environment: null,
    replayOf: null,
    observedBy: "external",
    status: "done",
    outcome: result.outcome,
    failure: null,
    nodeCount: result.params.nodes,
    seedCount: result.params.seeds.length,
    startedAt: Date.parse(result.startedAt),
    endedAt: now,
    activeUntil: now,
    envelopeSha256,
    eventSeq: seq,
  });
}

function refuse(why: string): AppError {
  return new AppError("unprocessable", `The result cannot be taken in: ${why}.`, {
    members: { reason: "evidence-mismatch" },
  });
}
