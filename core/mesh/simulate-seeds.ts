// All seeds of a simulation, one after another, and what they give together (MESH.md M11, M13).
import type { MeshParameters } from "../../schemas/mesh-parameters.ts";
import type { MeshCounts, MeshMeasured, MeshObservation, MeshSimResult } from "../../schemas/mesh-result.ts";
import { toHex } from "../capsule/bytes.ts";
import { canonicalBytes } from "../capsule/canonical-json.ts";
import type { Hashing } from "../hashing.ts";
import type { MeshCapsule } from "./mesh-capsule.ts";
import { SIMULATOR_VERSION } from "./mesh-limits.ts";
import type { RunReport } from "./run-report.ts";
import { computeServiceLevels, judgeServiceLevels } from "./service-levels.ts";
import { type RunOptions, simulateRun } from "./simulate-run.ts";

/** What only the caller knows of a result. */
export type ResultFrame = Pick<
  MeshSimResult,
  "simId" | "kind" | "artifactDigest" | "toolchainVersion" | "observedBy" | "startedAt" | "signedBy"
> & { readonly measured: MeshMeasured | null };

export type SeedsInput = {
  readonly capsule: MeshCapsule;
  /** As `completeParameters` gives them. */
  readonly parameters: MeshParameters;
  readonly observations: readonly MeshObservation[];
  readonly frame: ResultFrame;
};

export type SeedsOptions = Pick<RunOptions, "decisions"> & {
  readonly hashing: Pick<Hashing, "createSha256" | "sha256">;
  /** After each seed. */
  onProgress?(progress: { readonly done: number; readonly total: number; readonly run: RunReport }): void;
  /** The trace of each seed as it grows; see `RunOptions.onTrace`. */
  onTrace?(seed: number, lines: Uint8Array): void | Promise<void>;
};

const MAX_REASONS = 100;
const MAX_REASONS_OF_RUN = 20;
/** Of all runs together, but one for each: 10,000 runs that fail must still fit into an envelope (CAPSULE.md C6). */
const MAX_REASONS_OF_RUNS = 4_000;

/** The whole result but for its signatures. The same input gives the same result, byte for byte. */
export async function simulateSeeds(input: SeedsInput, options: SeedsOptions): Promise<MeshSimResult> {
  const { capsule, parameters, observations } = input;
  const runs: RunReport[] = [];
  for (const seed of parameters.seeds) {
    const run = await simulateRun(
      { capsule, parameters, seed, observations },
      runOptions(input, options, seed),
    );
    runs.push(keepWhatIsShown(run, runs));
    options.onProgress?.({ done: runs.length, total: parameters.seeds.length, run });
  }
  return await assembleResult(input, runs, options.hashing);
}

/** The result of all seeds' runs, in the order of the seeds; for who cannot run them in one go. */
export async function assembleResult(
  { capsule, parameters, observations, frame }: SeedsInput,
  runs: readonly RunReport[],
  hashing: Pick<Hashing, "sha256">,
): Promise<MeshSimResult> {
  const shown = runs.find(({ outcome }) => outcome === "fail") ?? runs[0];
  if (shown === undefined) throw new RangeError("a simulation has at least one seed");
  const sli = levelsOf(runs);
  const reasonsEach = Math.max(
    1,
    Math.min(MAX_REASONS_OF_RUN, Math.floor(MAX_REASONS_OF_RUNS / runs.length)),
  );
  return {
    ...frame,
    capsuleHash: capsule.digest,
    params: parameters,
    simulatorVersion: SIMULATOR_VERSION,
    runs: runs.map(({ seed, traceHash, traceLength, outcome, reasons }) => {
      return { seed, traceHash, traceLength, outcome, reasons: reasons.slice(0, reasonsEach) };
    }),
    observations: [...observations],
    nodeReports: [...shown.nodeReports],
    latencyMatrix: shown.latencyMatrix.map((row) => [...row]),
    counts: shown.counts,
    sli,
    slo: judgeServiceLevels(parameters.slo, sli),
    traceHash: await combineHashes(runs, hashing),
    outcome: shown.outcome,
    reasons: collectReasons(runs),
    expectationsMet: combineExpectations(runs),
    endedAt: new Date(Date.parse(frame.startedAt) + Math.floor(shown.endMs)).toISOString(),
  };
}

function runOptions({ frame }: SeedsInput, options: SeedsOptions, seed: number): RunOptions {
  const { hashing, decisions, onTrace } = options;
  return {
    hashing,
    startedAtMs: Date.parse(frame.startedAt),
    ...(decisions === undefined ? {} : { decisions }),
    ...(onTrace === undefined ? {} : { onTrace: (lines) => onTrace(seed, lines) }),
  };
}

/** Only the first run and the first that fails are shown; thousands of others need not be kept whole. */
export function keepWhatIsShown(run: RunReport, before: readonly RunReport[]): RunReport {
  const isShown = before.length === 0 || before.every(({ outcome }) => outcome === "pass");
  return isShown && (run.outcome === "fail" || before.length === 0)
    ? run
    : { ...run, nodeReports: [], latencyMatrix: [] };
}

function levelsOf(runs: readonly RunReport[]): MeshSimResult["sli"] {
  const sum = (pick: (counts: MeshCounts) => number): number =>
    runs.reduce((total, { counts }) => total + pick(counts), 0);
  const counts = {
    sent: sum(({ sent }) => sent),
    duplicated: sum(({ duplicated }) => duplicated),
    delivered: sum(({ delivered }) => delivered),
  };
  const times = runs.flatMap(({ timesToHealthyMs }) => timesToHealthyMs);
  return computeServiceLevels(
    times,
    counts,
    runs.reduce((total, { reSyncs }) => total + reSyncs, 0),
  );
}

/** Of one run its own; of several the SHA-256 of the JCS of their hashes (M13). */
async function combineHashes(runs: readonly RunReport[], hashing: Pick<Hashing, "sha256">): Promise<string> {
  const hashes = runs.map(({ traceHash }) => traceHash);
  const [only] = hashes;
  if (hashes.length === 1 && only !== undefined) return only;
  return toHex(await hashing.sha256(canonicalBytes(hashes)));
}

/** What kept each seed from passing; with several seeds each reason says of which. */
function collectReasons(runs: readonly RunReport[]): string[] {
  if (runs.length === 1) return [...(runs[0]?.reasons ?? [])];
  const all = runs.flatMap(({ seed, reasons }) => reasons.map((reason) => `${reason} (seed ${seed})`));
  return all.slice(0, MAX_REASONS);
}

function combineExpectations(runs: readonly RunReport[]): boolean | null {
  if (runs.every(({ expectationsMet }) => expectationsMet === null)) return null;
  return runs.every(({ expectationsMet }) => expectationsMet === true);
}
