// The tables in the repository are those that the script writes.
import { describe, expect, it } from "vitest";
import { NORMAL_TABLE } from "../core/mesh/normal-table.ts";
import { PARETO_TABLE } from "../core/mesh/pareto-table.ts";
import { normalQuantile, paretoQuantile } from "./make-mesh-tables.ts";

describe("[M2] the script of the tables", () => {
  it("writes what stands in the repository", () => {
    expect(NORMAL_TABLE).toEqual(NORMAL_TABLE.map((_, index) => normalQuantile(index)));
    expect(PARETO_TABLE).toEqual(PARETO_TABLE.map((_, index) => paretoQuantile(index)));
  });
});
