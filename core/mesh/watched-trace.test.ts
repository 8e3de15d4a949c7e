import { expect, test } from "vitest";
import { webHashing } from "../capsule/web-hashing.ts";
import { completeParameters } from "./check-parameters.ts";
import { nodeName } from "./mesh-node.ts";
import { simulateRun } from "./simulate-run.ts";
import { WatchedTrace } from "./watched-trace.ts";

const services = [{ name: "app", digest: `sha256:${"a".repeat(64)}` }];
const capsule = {
  digest: `sha256:${"c".repeat(64)}`,
  files: Array.from({ length: 40 }, (_, index) => ({
    sha256: index.toString(16).padStart(64, "0"),
    sizeBytes: 5_000,
  })),
  services,
};

async function run(watched: WatchedTrace | null) {
  const parameters = completeParameters(
    { nodes: 4, packetLoss: 10, seed: 5 },
    { services, drawSeed: () => 0 },
  );
  if (!parameters.ok) throw new Error(JSON.stringify(parameters.reason));
  const observations = Array.from({ length: 4 }, (_, index) => ({
    node: nodeName(index),
    service: "app",
    incarnation: 1,
    digestOk: true,
    signatureOk: true,
    healthy: true,
    reason: null,
  }));
  return await simulateRun(
    { capsule, parameters: parameters.value, seed: 5, observations },
    { hashing: webHashing, startedAtMs: 0, onTrace: (lines) => watched?.add(lines) },
  );
}

test("[M2] watching changes nothing in the trace, and shows every phase of every node", async () => {
  const watched = new WatchedTrace(100);
  const report = await run(watched);
  expect((await run(null)).traceHash).toBe(report.traceHash);
  const steps = watched.finish();
  for (const { nodeId, phases } of report.nodeReports) {
    const shown = steps.filter((step) => step.nodeId === nodeId && step.phase !== "packet");
    expect(shown.map(({ phase }) => phase)).toEqual(phases.map(({ name }) => name));
  }
  const sequences = steps.map(({ details }) => details.sequence);
  expect(sequences).toEqual([...sequences].sort((one, other) => one - other));
});

test("[M2] of the packets it keeps no more than it may, evenly, and says of how many each is one", async () => {
  const all = new WatchedTrace(1_000_000);
  const few = new WatchedTrace(100);
  const report = await run(all);
  await run(few);
  const packetsOf = (watched: WatchedTrace) => watched.finish().filter(({ phase }) => phase === "packet");
  const everything = packetsOf(all);
  const kept = packetsOf(few);
  const fates = (fate: string) => everything.filter(({ status }) => status === fate).length;
  // A copy is one more packet under way; what did not set out was dropped at once.
  expect(fates("sent") + fates("lost")).toBe(report.counts.sent);
  expect(everything[0]?.details.each).toBe(1);
  expect(kept.length).toBeLessThanOrEqual(100);
  expect(kept.length).toBeGreaterThan(40);
  const each = Number(kept[0]?.details.each);
  expect(kept.length).toBe(Math.floor(everything.length / each));
  const places = kept.map((step) =>
    everything.findIndex((one) => one.details.sequence === step.details.sequence),
  );
  expect(places).toEqual(places.map((_, index) => (index + 1) * each - 1));
});
