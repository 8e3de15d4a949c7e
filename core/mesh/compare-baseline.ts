// A result against a baseline: which indicator regressed, and by how much against what is tolerated.
import type { MeshSimResult } from "../../schemas/mesh-result.ts";
import { canonicalJson } from "../capsule/canonical-json.ts";

/** By how many percent an indicator may be worse; one that is not named may not be worse at all. */
export type Tolerances = Partial<Record<Indicator, number>>;

export type Indicator =
  | "timeToHealthyP50Ms"
  | "timeToHealthyP95Ms"
  | "timeToHealthyP99Ms"
  | "deliveryRatio"
  | "reSyncs"
  | "healthCheckP95Ms";

export type IndicatorChange = {
  readonly indicator: Indicator;
  readonly baseline: number;
  readonly current: number;
  /** How much worse, in percent of the baseline; negative where it is better. From 0 to more, 100. */
  readonly worseByPercent: number;
  readonly tolerancePercent: number;
  readonly isRegressed: boolean;
};

/** What the platform tolerates: what the wall clock measures moves more. */
export const USUAL_TOLERANCES: Tolerances = {
  timeToHealthyP50Ms: 10,
  timeToHealthyP95Ms: 10,
  timeToHealthyP99Ms: 10,
  deliveryRatio: 1,
  reSyncs: 10,
  healthCheckP95Ms: 100,
};

type Compared = Pick<MeshSimResult, "sli" | "measured">;

const HUNDREDTHS = 100;
const FROM_NOTHING_PERCENT = 100;

/** Every indicator that both have. Only results of the same parameters say something about each other. */
export function compareWithBaseline(
  baseline: Compared,
  current: Compared,
  tolerances: Tolerances,
): readonly IndicatorChange[] {
  const before = indicatorsOf(baseline);
  const now = indicatorsOf(current);
  return [...before].flatMap(([indicator, value]) => {
    const other = now.get(indicator);
    return other === undefined ? [] : [compare(indicator, value, other, tolerances[indicator] ?? 0)];
  });
}

/** Whether both were asked for the same. Seeds apart: of another capsule the gate draws others. */
export function isSameQuestion(
  baseline: Pick<MeshSimResult, "params">,
  current: Pick<MeshSimResult, "params">,
): boolean {
  const withoutSeeds = ({ params }: Pick<MeshSimResult, "params">) =>
    canonicalJson({ ...params, seeds: params.seeds.length });
  return withoutSeeds(baseline) === withoutSeeds(current);
}

function indicatorsOf({ sli, measured }: Compared): ReadonlyMap<Indicator, number> {
  const { p50, p95, p99 } = sli.timeToHealthyMs;
  const indicators = new Map<Indicator, number>([
    ["timeToHealthyP50Ms", p50],
    ["timeToHealthyP95Ms", p95],
    ["timeToHealthyP99Ms", p99],
    ["deliveryRatio", sli.deliveryRatio],
    ["reSyncs", sli.reSyncs],
  ]);
  if (measured !== null) indicators.set("healthCheckP95Ms", measured.healthCheckMs.p95);
  return indicators;
}

/** A higher delivery ratio is better; of all others, less is. */
function compare(
  indicator: Indicator,
  baseline: number,
  current: number,
  tolerancePercent: number,
): IndicatorChange {
  const worseBy = indicator === "deliveryRatio" ? baseline - current : current - baseline;
  const worseByPercent = toPercent(worseBy, baseline);
  return {
    indicator,
    baseline,
    current,
    worseByPercent,
    tolerancePercent,
    isRegressed: worseByPercent > tolerancePercent,
  };
}

function toPercent(difference: number, baseline: number): number {
  if (difference === 0) return 0;
  if (baseline === 0) return difference > 0 ? FROM_NOTHING_PERCENT : -FROM_NOTHING_PERCENT;
  return Math.round((difference * 100 * HUNDREDTHS) / baseline) / HUNDREDTHS;
}
