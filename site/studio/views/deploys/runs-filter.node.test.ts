import { expect, test } from "vitest";
import type { Deploy } from "../../../../schemas/api/deploys.ts";
import { joinRuns } from "./join-runs.ts";
import { filterRuns } from "./runs-filter.ts";

function run(deployId: string, env: string, status: string): Deploy {
  return { deployId, env, status } as unknown as Deploy;
}

const RUNS = [
  run("d", "prod", "queued"),
  run("c", "dev", "running"),
  run("b", "dev", "error"),
  run("a", "staging", "done"),
];
const idsOf = (runs: readonly Deploy[]): string => runs.map(({ deployId }) => deployId).join("");

test("runs are chosen by environment and state; what is under way is queued or running", () => {
  expect(idsOf(filterRuns(RUNS, { env: "", status: "" }))).toBe("dcba");
  expect(idsOf(filterRuns(RUNS, { env: "dev", status: "" }))).toBe("cb");
  expect(idsOf(filterRuns(RUNS, { env: "", status: "active" }))).toBe("dc");
  expect(idsOf(filterRuns(RUNS, { env: "dev", status: "error" }))).toBe("b");
});

test("older runs follow the newest, each once, while the newest page moves on", () => {
  expect(idsOf(joinRuns(RUNS.slice(0, 3), RUNS.slice(2)))).toBe("dcba");
});
