// Service levels (MESH.md M11, M13): time to healthy, delivery ratio, re-syncs, and whether an objective is met.
import type { MeshSlo } from "../../schemas/mesh-parameters.ts";
import type { MeshCounts, MeshSli, MeshSloVerdict } from "../../schemas/mesh-result.ts";

const RATIO_DIGITS = 10_000;

/** Indicators over any number of runs: their times, their packets and their re-syncs together. */
export function computeServiceLevels(
  timesToHealthyMs: readonly number[],
  counts: Pick<MeshCounts, "sent" | "duplicated" | "delivered">,
  reSyncs: number,
): MeshSli {
  const sorted = timesToHealthyMs.toSorted((one, other) => one - other);
  const underWay = counts.sent + counts.duplicated;
  return {
    timeToHealthyMs: { p50: rank(sorted, 50), p95: rank(sorted, 95), p99: rank(sorted, 99) },
    deliveryRatio:
      underWay === 0 ? 0 : Math.floor((counts.delivered * RATIO_DIGITS) / underWay) / RATIO_DIGITS,
    reSyncs,
  };
}

/** Every objective that was stated, with what was reached. */
export function judgeServiceLevels(slo: MeshSlo, sli: MeshSli): MeshSloVerdict {
  const { p50, p95, p99 } = sli.timeToHealthyMs;
  const ratioPercent = Math.round(sli.deliveryRatio * RATIO_DIGITS) / 100;
  return [
    ...judge(
      "timeToHealthyP50MsMax",
      slo.timeToHealthyP50MsMax,
      p50,
      p50 <= (slo.timeToHealthyP50MsMax ?? 0),
    ),
    ...judge(
      "timeToHealthyP95MsMax",
      slo.timeToHealthyP95MsMax,
      p95,
      p95 <= (slo.timeToHealthyP95MsMax ?? 0),
    ),
    ...judge(
      "timeToHealthyP99MsMax",
      slo.timeToHealthyP99MsMax,
      p99,
      p99 <= (slo.timeToHealthyP99MsMax ?? 0),
    ),
    ...judge(
      "deliveryRatioPercentMin",
      slo.deliveryRatioPercentMin,
      ratioPercent,
      ratioPercent >= (slo.deliveryRatioPercentMin ?? 0),
    ),
    ...judge("reSyncCountMax", slo.reSyncCountMax, sli.reSyncs, sli.reSyncs <= (slo.reSyncCountMax ?? 0)),
  ];
}

function judge(objective: string, limit: number | undefined, actual: number, isMet: boolean): MeshSloVerdict {
  return limit === undefined ? [] : [{ objective, limit, actual, isMet }];
}

/** The nearest rank: the smallest value that at least `percent` of all do not exceed. */
function rank(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0;
}
