// Killed in the middle: a platform of its own is taken down while simulations are under way. Each resumes to a result or
// ends with the reason, never "running" for ever (MESH.md M1, M14).
import { afterAll, beforeAll, expect, test } from "vitest";
import { timelineVerificationSchema } from "../../schemas/api/history.ts";
import { startTemporaryPlatform, type TemporaryPlatform } from "../../scripts/platform/temporary-platform.ts";
import { ApiClient } from "./support/api-client.ts";
import { makeGreeter, makeWorkerApp } from "./support/capsule-maker.ts";
import {
  readProgress,
  startSimulation,
  waitForEnd,
  waitForResult,
  watchSimulation,
} from "./support/rehearse.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

let platform: TemporaryPlatform;
let project: TestProject;

beforeAll(async () => {
  platform = await startTemporaryPlatform();
  project = await makeProject(new ApiClient(platform.url, platform.token));
});

afterAll(() => platform.stop());

async function reachPhase(simId: string, phase: string): Promise<void> {
  await expect
    .poll(async () => (await readProgress(project.api, simId)).phase, { timeout: 20_000 })
    .toBe(phase);
}

test("[M14] one that was cut off while it simulated goes on where it was, to the result it would have had", async () => {
  const greeter = await makeGreeter(project.key, "steady");
  await project.push(greeter);
  const params = { nodes: 10, packetLoss: 10, seeds: Array.from({ length: 120 }, (_, index) => index) };
  const { simId } = await startSimulation(project, greeter.capsuleDigest, { params });
  await expect
    .poll(async () => (await readProgress(project.api, simId)).doneCount, { timeout: 30_000, interval: 20 })
    .toBeGreaterThan(3);
  await platform.crash();
  const result = await waitForResult(project.api, simId);
  expect(result.runs.map(({ seed }) => seed)).toEqual(params.seeds);
  const again = await startSimulation(project, greeter.capsuleDigest, { params });
  expect((await waitForResult(project.api, again.simId)).traceHash).toBe(result.traceHash);
  const seen = await watchSimulation(project.api, simId);
  expect(seen.map(({ id }) => id)).toEqual(seen.map((_, index) => index + 1));
  expect(seen.filter(({ event }) => event.phase === "sealed")).toHaveLength(1);
});

test("[M1] one that is cut off twice in one phase ends as interrupted, and says so everywhere", async () => {
  const never = await makeWorkerApp(
    project.key,
    "export default { fetch: () => scheduler.wait(3_600_000) };\n",
    "3.0.0",
  );
  await project.push(never);
  const { simId } = await startSimulation(project, never.capsuleDigest, { params: { nodes: 2, seed: 1 } });
  const isStarting = (count: number) => async () => {
    const seen = await watchSimulation(project.api, simId, {
      isEnough: (events) => events.filter(({ event }) => event.phase === "start").length >= count,
    });
    return seen.length > 0;
  };
  await reachPhase(simId, "observing");
  await isStarting(2)();
  await platform.crash();
  // Nobody has to ask for it: its alarm takes it up.
  await isStarting(4)();
  await platform.crash();
  const ended = await waitForEnd(project.api, simId);
  expect(ended).toMatchObject({
    status: "error",
    phase: "observing",
    result: null,
    failure: { code: "interrupted" },
  });
  const events = await project.events("&source=mesh");
  const mine = events.filter(({ runId }) => runId === simId);
  expect(mine.map(({ type }) => type)).toEqual(["mesh.started", "mesh.failed"]);
  const seen = await watchSimulation(project.api, simId);
  expect(seen.at(-1)?.event).toMatchObject({ phase: "failed", details: { status: "error" } });
});

test("the timeline is whole after it", async () => {
  const verified = await project.api.get(project.path("/timeline/verify"));
  expect(verified.expect(200, timelineVerificationSchema).isIntact).toBe(true);
});
