// Finds a smaller fault schedule that still fails in the same way (MESH.md M12), by delta debugging (Zeller and
// Hildebrandt): leave out halves, then quarters, down to single faults, and keep what still fails.
import type { MeshChaos, MeshParameters } from "../../schemas/mesh-parameters.ts";
import { chaosOf } from "./chaos.ts";
import { nodeIndex } from "./mesh-node.ts";

export type ShrinkInput = {
  /** Of a run that fails. */
  readonly parameters: MeshParameters;
  readonly seed: number;
  /** Whether these parameters, which have one seed, still fail in the same way. */
  readonly stillFails: (parameters: MeshParameters) => Promise<boolean>;
};

export type Shrunk = {
  readonly parameters: MeshParameters;
  /** Partitions, chaos, drift and every share or distribution that is not at rest. */
  readonly faultCount: number;
  readonly runCount: number;
};

type Fault =
  | { readonly kind: "partition"; readonly partition: MeshParameters["partitions"][number] }
  | { readonly kind: "chaos"; readonly chaos: MeshChaos }
  | { readonly kind: "drift"; readonly drift: MeshParameters["drift"][number] }
  | { readonly kind: "calm"; readonly calm: Partial<MeshParameters> };

const MAX_RUNS = 1_000;
const SEEDS_TRIED = 12;
const SEED_COUNT = 4_294_967_296;
const MIN_NODES = 2;
/** What each condition of the links is without it. */
const CALM: readonly Partial<MeshParameters>[] = [
  { packetLoss: 0, loss: "random" },
  { duplicate: 0 },
  { reorder: 0 },
  { corrupt: 0 },
  { jitterMs: 0 },
  { rateKbps: null },
  { distribution: "uniform" },
  { previous: null },
];
const SHARES = ["packetLoss", "duplicate", "reorder", "corrupt"] as const;
const SMALLEST_SHARE = 1;

/**
 * Leaving one fault out moves the time of everything behind it, so a candidate may fail under another seed: a few are
 * tried. Bounded: after 1,000 runs it gives the smallest that was found by then.
 */
export async function shrinkSchedule({ parameters, seed, stillFails }: ShrinkInput): Promise<Shrunk> {
  let runCount = 0;
  let failingSeed = seed;
  const fails = async (candidate: MeshParameters): Promise<boolean> => {
    for (let step = 0; step < SEEDS_TRIED && runCount < MAX_RUNS; step++) {
      const tried = (failingSeed + step) % SEED_COUNT;
      runCount += 1;
      if (!(await stillFails({ ...candidate, seeds: [tried] }))) continue;
      failingSeed = tried;
      return true;
    }
    return false;
  };
  const explicit = { ...parameters, chaosMode: false, chaos: [...chaosOf(parameters, seed)] };
  const faults = await leaveOut(faultsOf(explicit), (kept) => fails(withFaults(explicit, kept)));
  const lowered = await lowerShares(withFaults(explicit, faults), fails);
  const smallest = { ...(await lowerNodes(lowered, fails)), seeds: [failingSeed] };
  return { parameters: smallest, faultCount: faultsOf(smallest).length, runCount };
}

/** How many faults the parameters hold. */
export function countFaults(parameters: MeshParameters): number {
  return faultsOf(parameters).length + (parameters.chaosMode ? 1 : 0);
}

function faultsOf(parameters: MeshParameters): readonly Fault[] {
  return [
    ...parameters.partitions.map((partition) => ({ kind: "partition", partition }) as const),
    ...parameters.chaos.map((chaos) => ({ kind: "chaos", chaos }) as const),
    ...parameters.drift.map((drift) => ({ kind: "drift", drift }) as const),
    ...CALM.filter((calm) => !isCalm(parameters, calm)).map((calm) => ({ kind: "calm", calm }) as const),
  ];
}

/** The parameters with these faults and no others. */
function withFaults(parameters: MeshParameters, kept: readonly Fault[]): MeshParameters {
  const stirred = kept.flatMap((fault) => (fault.kind === "calm" ? Object.keys(fault.calm) : []));
  const calmed = Object.fromEntries(
    CALM.flatMap((calm) => Object.entries(calm)).filter(([name]) => !stirred.includes(name)),
  );
  return {
    ...parameters,
    ...calmed,
    partitions: kept.flatMap((fault) => (fault.kind === "partition" ? [fault.partition] : [])),
    chaos: kept.flatMap((fault) => (fault.kind === "chaos" ? [fault.chaos] : [])),
    drift: kept.flatMap((fault) => (fault.kind === "drift" ? [fault.drift] : [])),
  };
}

/** ddmin: none can be left out of what it gives, but for the bound on runs. */
async function leaveOut(
  all: readonly Fault[],
  fails: (kept: readonly Fault[]) => Promise<boolean>,
): Promise<readonly Fault[]> {
  if (await fails([])) return [];
  let kept = all;
  let parts = 2;
  while (kept.length >= 2) {
    const size = Math.ceil(kept.length / parts);
    const smaller = await firstThatFails(kept, size, fails);
    if (smaller !== null) {
      kept = smaller;
      parts = Math.max(2, parts - 1);
    } else if (size === 1) break;
    else parts = Math.min(kept.length, parts * 2);
  }
  return kept;
}

async function firstThatFails(
  kept: readonly Fault[],
  size: number,
  fails: (kept: readonly Fault[]) => Promise<boolean>,
): Promise<readonly Fault[] | null> {
  for (let start = 0; start < kept.length; start += size) {
    const without = kept.filter((_, index) => index < start || index >= start + size);
    if (without.length < kept.length && without.length > 0 && (await fails(without))) return without;
  }
  return null;
}

/** Halves each share while it still fails. */
async function lowerShares(
  parameters: MeshParameters,
  fails: (candidate: MeshParameters) => Promise<boolean>,
): Promise<MeshParameters> {
  let smallest = parameters;
  for (const share of SHARES) {
    for (let half = Math.floor(smallest[share] / 2); half >= SMALLEST_SHARE; half = Math.floor(half / 2)) {
      const candidate = { ...smallest, [share]: half };
      if (!(await fails(candidate))) break;
      smallest = candidate;
    }
  }
  return smallest;
}

/** As few nodes as the faults name and the failure needs. */
async function lowerNodes(
  parameters: MeshParameters,
  fails: (candidate: MeshParameters) => Promise<boolean>,
): Promise<MeshParameters> {
  const named = [
    ...parameters.partitions.flatMap(({ groups }) => groups.flat()),
    ...parameters.chaos.map(({ node }) => node),
    ...parameters.drift.map(({ node }) => node),
  ];
  const fewest = Math.max(MIN_NODES, ...named.map((node) => nodeIndex(node) + 1));
  for (let nodes = fewest; nodes < parameters.nodes; nodes++) {
    const candidate = { ...parameters, nodes };
    if (await fails(candidate)) return candidate;
  }
  return parameters;
}

function isCalm(parameters: MeshParameters, calm: Partial<MeshParameters>): boolean {
  return (Object.keys(calm) as (keyof MeshParameters)[]).every((name) => parameters[name] === calm[name]);
}
