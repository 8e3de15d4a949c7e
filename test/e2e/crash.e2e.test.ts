// Killed in the middle: a platform of its own is taken down while runs are under way. Each resumes to an end or ends
// with the reason, never "running" for ever, and the timeline is whole.
import { afterAll, beforeAll, expect, test } from "vitest";
import { timelineVerificationSchema } from "../../schemas/api/history.ts";
import { startTemporaryPlatform, type TemporaryPlatform } from "../../scripts/platform/temporary-platform.ts";
import { ApiClient } from "./support/api-client.ts";
import { makeGreeter, makeWorkerApp } from "./support/capsule-maker.ts";

import { makeProject, type TestProject } from "./support/test-project.ts";

let platform: TemporaryPlatform;
let project: TestProject;

beforeAll(async () => {
  platform = await startTemporaryPlatform();
  project = await makeProject(new ApiClient(platform.url, platform.token));
});

afterAll(() => platform.stop());

/** Waits until a run is in this phase, as it tells itself. */
async function reachPhase(deployId: string, phase: string): Promise<void> {
  await expect.poll(async () => (await project.deploy(deployId)).phase, { timeout: 20_000 }).toBe(phase);
}

test("a run that was cut off resumes by itself, and one that is cut off twice in one phase ends as interrupted", async () => {
  const steady = await makeGreeter(project.key, "steady");
  await project.ship(steady, "dev");
  const slow = await makeWorkerApp(
    project.key,
    `export default { fetch: () => scheduler.wait(4_000).then(() => new Response("slow but sure")) };\n`,
    "2.0.0",
  );
  const never = await makeWorkerApp(
    project.key,
    "export default { fetch: () => scheduler.wait(3_600_000) };\n",
    "3.0.0",
  );
  await project.push(slow);
  await project.push(never);
  const slowRun = await project.startDeploy(slow.capsuleDigest, "dev");
  const behindIt = await project.startDeploy(steady.capsuleDigest, "dev");
  const neverRun = await project.startDeploy(never.capsuleDigest, "staging");
  await Promise.all([reachPhase(slowRun, "checking"), reachPhase(neverRun, "checking")]);
  await platform.crash();

  // Whoever asks first wakes the project; that is enough for all its runs.
  expect((await project.facts()).label).toBe(project.label);
  expect((await project.deploy(neverRun)).status).toBe("running");
  const resumed = await project.waitForDeploy(slowRun);
  expect(resumed).toMatchObject({ status: "done", failure: null });

  await reachPhase(neverRun, "checking");
  await platform.crash();
  const interrupted = await project.waitForDeploy(neverRun);
  expect(interrupted).toMatchObject({ status: "error", phase: "checking", failure: { code: "interrupted" } });
  expect(interrupted.failure?.message).toMatch(/stopped 2 times while checking/);
  expect((await project.environment("staging")).live).toBeNull();

  // The one that waited behind the slow one has had its turn too, once.
  expect((await project.waitForDeploy(behindIt)).status).toBe("done");
  const { revision, live } = await project.environment("dev");
  expect({ revision, deployId: live?.deployId }).toEqual({ revision: 3, deployId: behindIt });
  const activated = await project.events("&type=environment.activated");
  expect(activated.map((event) => event.data?.deployId)).toHaveLength(3);
  expect(new Set(activated.map((event) => event.data?.deployId)).size).toBe(3);
  await expect.poll(async () => (await project.visit("dev")).text, { timeout: 15_000 }).toBe("steady");
});

test("the timeline is whole after it, and each run began and ended once", async () => {
  const verified = await project.api.get(project.path("/timeline/verify"));
  expect(verified.expect(200, timelineVerificationSchema).isIntact).toBe(true);
  const events = await project.events("&source=deploy");
  for (const { deployId, status } of await project.deploys()) {
    const types = events.filter((event) => event.runId === deployId).map((event) => event.type);
    const ended = status === "done" ? "capsule.deploy.completed" : "capsule.deploy.failed";
    expect(types.filter((type) => type === "capsule.deploy.started")).toHaveLength(1);
    expect(types.filter((type) => type === ended)).toHaveLength(1);
    expect(types.at(-1)).toBe(ended);
  }
});
