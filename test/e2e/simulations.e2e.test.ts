// Rehearsals over HTTP: real nodes observe, the simulation follows, the result is sealed (MESH.md).
import { beforeAll, describe, expect, test } from "vitest";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import { ownerClient } from "./support/api-client.ts";
import { type MadeCapsule, makeGreeter, makeWorkerApp } from "./support/capsule-maker.ts";
import { startSimulation, waitForResult, watchSimulation } from "./support/rehearse.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

let project: TestProject;
let greeter: MadeCapsule;

beforeAll(async () => {
  project = await makeProject(ownerClient());
  greeter = await makeGreeter(project.key, "hello");
  await project.push(greeter);
});

describe("a rehearsal", () => {
  test("[M1][M2][M13] passes", async () => {
    const startedAt = Date.now();
    const { simId, nodeIds } = await startSimulation(project, greeter.capsuleDigest, {
      params: { nodes: 3, seed: 7 },
    });
    expect(nodeIds).toEqual(["node-1", "node-2", "node-3"]);
    const events = await watchSimulation(project.api, simId);
    console.log(Date.now() - startedAt, events.length);
    console.log(events.filter(({ event }) => event.phase !== "packet").map(({ id, event }) => `${id} ${JSON.stringify(event)}`).join("\n"));
    const result = await waitForResult(project.api, simId);
    console.log(JSON.stringify(result, null, 1).slice(0, 6000));
    expect(result.outcome).toBe("pass");
  });
});
