// Observes a capsule without a platform (MESH.md M1): the real verifier over its real bytes, the real compiler, and for each
// node and life a start in a workerd of this process.
import { type CompiledApp, compileApp } from "../../adapters/build/compile-app.ts";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { SIGNATURE_STEPS } from "../../core/capsule/verification-steps.ts";
import { verifyContainer } from "../../core/capsule/verify-capsule.ts";
import { chaosOf } from "../../core/mesh/chaos.ts";
import type { MeshCapsule } from "../../core/mesh/mesh-capsule.ts";
import { nodeName } from "../../core/mesh/mesh-node.ts";
import type { MeshParameters } from "../../schemas/mesh-parameters.ts";
import type { MeshMeasured, MeshObservation } from "../../schemas/mesh-result.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import type { VerificationReport, VerificationStepId } from "../../schemas/verification.ts";
import type { Environment } from "../http/connection.ts";
import { CliError, EXIT_USAGE, systemCodeOf } from "../output/cli-error.ts";
import type { OpenCapsule } from "../push/open-capsule.ts";
import { readBlob } from "../push/read-blob.ts";
import { readFileChunks } from "../push/read-capsule-file.ts";
import { askInWorkerd, type HealthAnswers } from "./app-in-workerd.ts";

export type LocalCapsule = {
  readonly path: string;
  readonly open: OpenCapsule;
  readonly mesh: MeshCapsule;
  readonly trust: TrustRecord | null;
};

export type Observed = {
  readonly app: CompiledApp;
  readonly observations: readonly MeshObservation[];
  readonly measured: MeshMeasured;
};

type Tell = (node: string, phase: string, status: string) => void;

const MAX_LISTED_FAILURES = 5;

export async function observeLocally(
  capsule: LocalCapsule,
  parameters: MeshParameters,
  environment: Environment,
  tell: Tell,
): Promise<Observed> {
  const startedAt = performance.now();
  const app = await compileLocally(capsule.open);
  const secrets = readSecrets(app, environment);
  const restarted = findRestarted(parameters);
  const observations: MeshObservation[] = [];
  const asked: HealthAnswers[] = [];
  for (let index = 0; index < parameters.nodes; index += 1) {
    const node = nodeName(index);
    tell(node, "verify", "running");
    const report = await verifyContainer(readFileChunks(capsule.path), {
      trust: capsule.trust,
      hashing: nodeHashing,
      expectedDigest: capsule.mesh.digest,
    });
    const checks = checkServices(node, capsule.mesh, parameters, report);
    const stops = checks.some(
      ({ digestOk, signatureOk }) => !digestOk || (parameters.verifySignatures && !signatureOk),
    );
    const lives: Pick<HealthAnswers, "healthy" | "reason">[] = [];
    const lifeCount = restarted.has(node) ? 2 : 1;
    for (let life = 0; !stops && life < lifeCount; life += 1) {
      tell(node, "start", "running");
      const answers = await askInWorkerd(app, secrets);
      asked.push(answers);
      lives.push(answers);
    }
    if (stops) lives.push({ healthy: false, reason: null });
    tell(node, lives.every(({ healthy }) => healthy) ? "healthy" : "halted", "done");
    lives.forEach(({ healthy, reason }, life) => {
      for (const check of checks)
        observations.push({ ...check, incarnation: life + 1, healthy, reason: check.reason ?? reason });
    });
  }
  return { app, observations, measured: measure(asked, performance.now() - startedAt) };
}

/** Each service as this node was told of it: drift overrides some digests (M8). */
function checkServices(
  node: string,
  { services }: MeshCapsule,
  { drift }: MeshParameters,
  { steps }: VerificationReport,
) {
  const unmet = (isWanted: (id: VerificationStepId) => boolean) =>
    steps.find(
      ({ id, status }) => isWanted(id) && (status === "fail" || (status === "skip" && id !== "parents")),
    );
  const content = unmet((id) => !SIGNATURE_STEPS.includes(id) && id !== "attestations");
  const signature = unmet((id) => SIGNATURE_STEPS.includes(id));
  return services.map(({ name, digest }) => {
    const told = drift.find((one) => one.node === node && one.service === name)?.digest ?? digest;
    const mismatch =
      told === digest ? (content?.message ?? null) : `was told ${told}, and what was received is ${digest}`;
    const digestOk = content === undefined && told === digest;
    const signatureReason =
      signature === undefined ? null : `signature-mismatch: ${signature.message ?? signature.title}`;
    const reason = digestOk ? signatureReason : `digest-mismatch: ${mismatch ?? "its bytes are others"}`;
    return { node, service: name, digestOk, signatureOk: signature === undefined, reason };
  });
}

async function compileLocally({ manifest, blobs }: OpenCapsule): Promise<CompiledApp> {
  const compiled = await compileWithVendor({
    manifest,
    hashing: nodeHashing,
    readFile: async (sha256) => {
      const blob = blobs.get(sha256);
      if (blob === undefined) throw new Error(`the file ${sha256} is missing`);
      return readBlob(blob);
    },
  });
  if (compiled.ok) return compiled.value;
  const fields = compiled.reason.slice(0, MAX_LISTED_FAILURES).map((failure) => ({
    path: [failure.path, failure.line, failure.column].filter((part) => part !== undefined).join(":"),
    message: failure.message,
  }));
  throw new CliError("The app cannot be built, so it cannot be rehearsed.", {
    code: "app-invalid",
    exitCode: EXIT_USAGE,
    fields,
  });
}

/** The packages that the platform gives to apps are made by the build. */
async function compileWithVendor(input: Parameters<typeof compileApp>[0]): ReturnType<typeof compileApp> {
  try {
    return await compileApp(input);
  } catch (error) {
    if (systemCodeOf(error) !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new CliError("The packages that apps may import are not built yet.", {
      code: "not-built",
      exitCode: EXIT_USAGE,
      hint: "Run npm run build once in the checkout.",
      cause: error,
    });
  }
}

/** By their names from this process's environment; a missing one is named (M3). */
function readSecrets({ configuration }: CompiledApp, environment: Environment): Record<string, string> {
  const missing = configuration.secrets.filter((name) => environment[name] === undefined);
  if (missing.length === 0)
    return Object.fromEntries(configuration.secrets.map((name) => [name, environment[name] ?? ""]));
  throw new CliError(`The app declares secrets that are not set here: ${missing.join(", ")}.`, {
    code: "secrets-missing",
    exitCode: EXIT_USAGE,
    hint: "Set each as an environment variable of the same name; a rehearsal needs no real ones.",
  });
}

/** Nodes that some seed restarts: their second life is observed as well. */
function findRestarted(parameters: MeshParameters): ReadonlySet<string> {
  const { chaosMode, seeds, chaos } = parameters;
  const faults = chaosMode ? seeds.flatMap((seed) => chaosOf(parameters, seed)) : chaos;
  return new Set(faults.filter(({ action }) => action !== "pause").map(({ node }) => node));
}

function measure(asked: readonly HealthAnswers[], observeMs: number): MeshMeasured {
  const sorted = asked.flatMap(({ latenciesMs }) => latenciesMs).sort((one, other) => one - other);
  const rank = (percent: number) => sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0;
  return {
    observeMs: Math.round(observeMs),
    healthCheckMs: { p50: rank(50), p95: rank(95), p99: rank(99) },
    healthCheckErrors: asked.reduce((sum, { errorCount }) => sum + errorCount, 0),
  };
}
