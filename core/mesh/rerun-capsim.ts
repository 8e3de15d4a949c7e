// Simulates again what an evidence file tells of (MESH.md M17): digest and signature verdicts are had anew, health verdicts
// taken as they were attested, and every trace and the whole result must come out the same.
import type { CapsimStep } from "../../schemas/capsim.ts";
import type { MeshSimResult } from "../../schemas/mesh-result.ts";
import { canonicalJson } from "../capsule/canonical-json.ts";
import type { Hashing } from "../hashing.ts";
import { checkObservations } from "./check-observations.ts";
import { completeParameters } from "./check-parameters.ts";
import { meshCapsuleOf } from "./mesh-capsule-of.ts";
import { SIMULATOR_VERSION } from "./mesh-limits.ts";
import { simulateSeeds } from "./simulate-seeds.ts";
import type { RerunInput } from "./verify-capsim.ts";

type Outcome = Omit<CapsimStep, "id" | "title">;

export type RerunOptions = {
  /** More seeds than this are not run again; all of them when left out. */
  readonly seedCountMax?: number;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  /** Is called as traces grow; a promise is waited for, so that others have their turn. */
  readonly takeTurn?: () => void | Promise<void>;
};

/** A `rerun` for `verifyCapsim`. */
export function createRerun(options: RerunOptions = {}) {
  return (input: RerunInput, hashing: Hashing): Promise<Outcome> => rerun(input, hashing, options);
}

async function rerun(input: RerunInput, hashing: Hashing, options: RerunOptions): Promise<Outcome> {
  const { result, manifest } = input;
  const { simulatorVersion, params } = result;
  if (simulatorVersion !== SIMULATOR_VERSION) {
    const message = "another version of the simulator gives other traces";
    return skip("other-simulator", message, { expected: simulatorVersion, actual: SIMULATOR_VERSION });
  }
  if (params.seeds.length > (options.seedCountMax ?? Number.POSITIVE_INFINITY)) {
    const message = `it has ${params.seeds.length} seeds; at most ${options.seedCountMax} are run again here`;
    return skip("too-many-seeds", message, {});
  }
  const capsule = await meshCapsuleOf(manifest, result.capsuleHash, hashing);
  const parameters = completeParameters(params, { services: capsule.services, drawSeed: () => 0 });
  if (!parameters.ok) {
    const [error] = parameters.reason;
    return failed("invalid-parameters", `params.${error?.path}: ${error?.message}`);
  }
  const observed = checkObservations(result.observations, params.nodes, capsule.services);
  if (!observed.ok) {
    const [error] = observed.reason;
    return failed("invalid-observations", `observations.${error?.path}: ${error?.message}`);
  }
  const doubtful = findDoubtfulVerdict(result);
  if (doubtful !== null) return failed("verdict-mismatch", doubtful);
  const { simId, kind, artifactDigest, toolchainVersion, observedBy, startedAt, signedBy, measured } = result;
  const frame = { simId, kind, artifactDigest, toolchainVersion, observedBy, startedAt, signedBy, measured };
  const { onProgress, takeTurn } = options;
  const again = await simulateSeeds(
    { capsule, parameters: parameters.value, observations: observed.value, frame },
    {
      hashing,
      ...(onProgress === undefined ? {} : { onProgress }),
      ...(takeTurn === undefined ? {} : { onTrace: takeTurn }),
    },
  );
  return compare(result, again, input.isCapsuleTrusted);
}

/**
 * A node cannot have found a digest good that was overridden. That it found something worse than can be seen here (a blob
 * that its store had lost, a signer whom its project did not trust) is its word.
 */
function findDoubtfulVerdict({ params, observations }: MeshSimResult): string | null {
  const drifted = new Set(params.drift.map(({ node, service }) => `${node} ${service}`));
  const doubtful = observations.find(
    ({ node, service, digestOk }) => digestOk && drifted.has(`${node} ${service}`),
  );
  if (doubtful === undefined) return null;
  return `${doubtful.service} on ${doubtful.node} was given another digest, and is said to have matched`;
}

function compare(result: MeshSimResult, again: MeshSimResult, isCapsuleTrusted: boolean): Outcome {
  for (const [index, run] of result.runs.entries()) {
    const other = again.runs[index];
    if (other?.seed === run.seed && other.traceHash === run.traceHash) continue;
    const hashes = { expected: run.traceHash, actual: other?.traceHash ?? "none" };
    return failed("trace-mismatch", `seed ${run.seed} gives another trace`, hashes);
  }
  if (again.runs.length !== result.runs.length || again.traceHash !== result.traceHash) {
    const hashes = { expected: result.traceHash, actual: again.traceHash };
    return failed("trace-mismatch", "the runs together give another trace", hashes);
  }
  if (canonicalJson(again) !== canonicalJson(result))
    return failed("result-mismatch", "the traces are the same, and what is told of them is not");
  const count = result.runs.length;
  return {
    status: "pass",
    message: `${count} ${count === 1 ? "seed" : "seeds"} again, every trace the same; digest verdicts agree with the manifest, ${
      isCapsuleTrusted
        ? "signature verdicts with the capsule's signatures"
        : "signature verdicts were not had again"
    }`,
    actual: again.traceHash,
  };
}

function skip(code: string, message: string, details: Pick<Outcome, "expected" | "actual">): Outcome {
  return { status: "skip", code, message, ...details };
}

function failed(code: string, message: string, details: Pick<Outcome, "expected" | "actual"> = {}): Outcome {
  return { status: "fail", code, message, ...details };
}
