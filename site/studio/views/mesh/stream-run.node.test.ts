// What the platform streams: phases whole, packets as a sample.
import { expect, it } from "vitest";
import { webHashing } from "../../../../core/capsule/web-hashing.ts";
import { makeRun } from "../../../../core/mesh/mesh-fixture.ts";
import { simulateRun } from "../../../../core/mesh/simulate-run.ts";
import { WatchedTrace } from "../../../../core/mesh/watched-trace.ts";
import type { MeshEvent } from "../../../../schemas/mesh-event.ts";
import { nodesAt } from "./run-moment.ts";
import { readStream } from "./stream-run.ts";
import { TraceReader } from "./trace-reader.ts";

it("gives the same phases as the trace, and says of how many a packet is one", async () => {
  const input = makeRun({ nodes: 3, packetLoss: 5, chaos: [{ node: "node-2", at: 300, action: "crash" }] });
  const watched = new WatchedTrace(40);
  const reader = new TraceReader(3);
  const onTrace = (lines: Uint8Array): void => {
    watched.add(lines);
    reader.add(lines);
  };
  await simulateRun(input, { hashing: webHashing, startedAtMs: 0, onTrace });
  const events = watched
    .finish()
    .map((step): MeshEvent => ({ ...step, details: { ts: 0, ...step.details } }));
  const run = readStream(events);
  const whole = reader.finish();
  expect(run?.phases).toEqual(whole.phases);
  expect(run?.each).toBeGreaterThan(1);
  expect(run?.packets.sentMs.length).toBeLessThanOrEqual(40);
  expect(nodesAt(run ?? whole, 400)).toEqual(nodesAt(whole, 400));
});

it("what real nodes do has no place on the virtual clock", () => {
  const event: MeshEvent = { nodeId: "node-1", phase: "boot", status: "ok", details: { ts: 1 } };
  expect(readStream([event])).toBeNull();
});
