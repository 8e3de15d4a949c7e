// Which indicator regressed against a baseline, and by how much (issue 5, section 2: service levels).
import { describe, expect, it } from "vitest";
import { compareWithBaseline } from "./compare-baseline.ts";

const baseline = {
  sli: { timeToHealthyMs: { p50: 1_000, p95: 2_000, p99: 4_000 }, deliveryRatio: 0.9, reSyncs: 0 },
  measured: null,
};

describe("[M13] a comparison with a baseline", () => {
  it("of a result with itself finds nothing", () => {
    const changes = compareWithBaseline(baseline, baseline, {});
    expect(changes).toHaveLength(5);
    expect(changes.every(({ worseByPercent, isRegressed }) => worseByPercent === 0 && !isRegressed)).toBe(
      true,
    );
  });

  it("names what is worse than tolerated, and by how much; what is tolerated exactly is not", () => {
    const sli = { timeToHealthyMs: { p50: 1_100, p95: 2_201, p99: 3_000 }, deliveryRatio: 0.81, reSyncs: 3 };
    const tolerances = { timeToHealthyP50Ms: 10, timeToHealthyP95Ms: 10, deliveryRatio: 9 };
    const changes = compareWithBaseline(baseline, { sli, measured: null }, tolerances);
    expect(
      changes.map(({ indicator, worseByPercent, isRegressed }) => [indicator, worseByPercent, isRegressed]),
    ).toEqual([
      ["timeToHealthyP50Ms", 10, false],
      ["timeToHealthyP95Ms", 10.05, true],
      ["timeToHealthyP99Ms", -25, false],
      ["deliveryRatio", 10, true],
      ["reSyncs", 100, true],
    ]);
  });

  it("compares the health checks only where both were measured", () => {
    const measured = { observeMs: 1, healthCheckMs: { p50: 1, p95: 10, p99: 20 }, healthCheckErrors: 0 };
    expect(compareWithBaseline({ ...baseline, measured }, baseline, {})).toHaveLength(5);
    const slower = { ...measured, healthCheckMs: { ...measured.healthCheckMs, p95: 15 } };
    const changes = compareWithBaseline({ ...baseline, measured }, { ...baseline, measured: slower }, {});
    expect(changes.at(-1)).toMatchObject({
      indicator: "healthCheckP95Ms",
      worseByPercent: 50,
      isRegressed: true,
    });
  });
});
