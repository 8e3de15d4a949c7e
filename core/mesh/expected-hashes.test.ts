// The same seed gives the same trace in Node and in workerd: this file runs in both, against what Node gave once.
// Chromium: test/mesh/browser.node.test.ts.
import { describe, expect, it } from "vitest";
import { webHashing } from "../capsule/web-hashing.ts";
import expected from "./expected-hashes.json" with { type: "json" };
import { SIMULATOR_VERSION } from "./mesh-limits.ts";
import { hashScenarios, SCENARIO_COUNT } from "./scenario-hashes.ts";

describe("[M2] the traces of 240 drawn scenarios", () => {
  it("are those that are written down, in this runtime too", async () => {
    expect(expected.simulatorVersion).toBe(SIMULATOR_VERSION);
    expect(new Set(expected.hashes).size).toBe(SCENARIO_COUNT);
    expect(await hashScenarios(webHashing)).toEqual(expected.hashes);
  });
});
