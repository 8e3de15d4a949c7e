// Writes core/mesh/{normal,pareto}-table.ts: quantiles in fixed point, from exact integer arithmetic, so that every
// machine writes the same numbers. Run: node scripts/make-mesh-tables.ts
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { TABLE_INTERVALS, TABLE_ONE } from "../core/mesh/draw-latency.ts";
import { ROOT } from "./platform/state-folder.ts";

/** Fixed point with 120 bits behind the point. */
const ONE = 1n << 120n;
const INTERVALS = BigInt(TABLE_INTERVALS);
const TABLE_UNIT = BigInt(TABLE_ONE);
const NORMAL_SIGMAS = 3n;
const SERIES_TERMS = 120n;
/** The bounded Pareto on [1, 16] with shape 3/2: 16^(−3/2) is 1/64, so that all of it is rational but for one root. */
const PARETO_HIGHEST = 16n;
const PARETO_TAIL = 64n;

/** Quantile i of the normal distribution cut at ±3 standard deviations, from 0 to TABLE_ONE. */
export function normalQuantile(index: number): number {
  const target = ((2n * BigInt(index) - INTERVALS) * areaToZero(NORMAL_SIGMAS * ONE)) / INTERVALS;
  let [low, high] = [-NORMAL_SIGMAS * ONE, NORMAL_SIGMAS * ONE];
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (areaToZero(middle) < target) low = middle;
    else high = middle;
  }
  return toTable(high + NORMAL_SIGMAS * ONE, 2n * NORMAL_SIGMAS * ONE);
}

/** Quantile i of the bounded Pareto distribution, its excess over 1 from 0 to TABLE_ONE. */
export function paretoQuantile(index: number): number {
  // (1 − u·63/64)^(−2/3): the cube root of the square's inverse.
  const left = ONE - (BigInt(index) * ONE * (PARETO_TAIL - 1n)) / (INTERVALS * PARETO_TAIL);
  const inverseSquare = (ONE * ONE * ONE) / (left * left);
  const root = cubeRoot(inverseSquare * ONE * ONE);
  return toTable(root - ONE, (PARETO_HIGHEST - 1n) * ONE);
}

/** The area under exp(−t²/2) from 0 to x, by its Taylor series; the factor 1/√(2π) falls out of every ratio. */
function areaToZero(x: bigint): bigint {
  const square = (x * x) / ONE;
  let power = x;
  let area = x;
  for (let term = 1n; term < SERIES_TERMS; term++) {
    power = (-power * square) / (ONE * 2n * term);
    area += power / (2n * term + 1n);
  }
  return area;
}

function cubeRoot(value: bigint): bigint {
  let [low, high] = [0n, PARETO_HIGHEST * 2n * ONE];
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle * middle * middle <= value) low = middle;
    else high = middle;
  }
  return low;
}

function toTable(part: bigint, whole: bigint): number {
  return Number((2n * part * TABLE_UNIT + whole) / (2n * whole));
}

function writeTable(
  file: string,
  name: string,
  description: string,
  quantile: (index: number) => number,
): void {
  const values = Array.from({ length: TABLE_INTERVALS + 1 }, (_, index) => quantile(index));
  const path = join(ROOT, "core", "mesh", file);
  writeFileSync(
    path,
    `// ${description}\n// Written by scripts/make-mesh-tables.ts.\n\nexport const ${name}: readonly number[] = [${values.join(", ")}];\n`,
  );
  spawnSync(process.execPath, [
    join(ROOT, "node_modules/@biomejs/biome/bin/biome"),
    "format",
    "--write",
    path,
  ]);
}

if (import.meta.main) {
  const normal =
    "Quantiles of the normal distribution cut at ±3 standard deviations, 1,024 steps, in units of 2^−20.";
  writeTable("normal-table.ts", "NORMAL_TABLE", normal, normalQuantile);
  const pareto =
    "Quantiles of the Pareto distribution of shape 3/2 on [1, 16], 1,024 steps, excess in units of 2^−20.";
  writeTable("pareto-table.ts", "PARETO_TABLE", pareto, paretoQuantile);
}
