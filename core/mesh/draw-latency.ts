// How long a packet takes, by distribution (MESH.md M2): a draw of 32 bits becomes a latency between minimum and maximum
// by integers and a table of quantiles. scripts/make-mesh-tables.ts wrote the tables.
import type { MeshParameters } from "../../schemas/mesh-parameters.ts";
import { NORMAL_TABLE } from "./normal-table.ts";
import { PARETO_TABLE } from "./pareto-table.ts";
import { scale } from "./random-stream.ts";

export type Distribution = MeshParameters["distribution"];

/** A table has one value more than intervals, from 0 to TABLE_ONE. */
export const TABLE_INTERVALS = 1_024;
export const TABLE_ONE = 1_048_576;
const FRACTION_BITS = 22;
const FRACTION_MASK = 0x3fffff;
const FRACTION_ONE = 4_194_304;

/** A latency from `lowest` to `highest`, in the unit of both; `drawn` is 32 random bits. */
export function drawLatency(
  distribution: Distribution,
  lowest: number,
  highest: number,
  drawn: number,
): number {
  if (distribution === "uniform") return lowest + scale(drawn, highest - lowest + 1);
  const quantile = readTable(distribution === "normal" ? NORMAL_TABLE : PARETO_TABLE, drawn);
  return lowest + Math.floor(((highest - lowest) * quantile) / TABLE_ONE);
}

/** The quantile of a 32-bit draw, between two table values by a straight line. */
function readTable(table: readonly number[], drawn: number): number {
  const index = drawn >>> FRACTION_BITS;
  const from = table[index] ?? 0;
  const to = table[index + 1] ?? 0;
  return from + Math.floor(((to - from) * (drawn & FRACTION_MASK)) / FRACTION_ONE);
}
