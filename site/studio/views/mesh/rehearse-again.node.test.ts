// A sealed run is had again in the browser with the same trace, and what cannot be had is said.
import { expect, it } from "vitest";
import { webHashing } from "../../../../core/capsule/web-hashing.ts";
import { makeCapsim } from "../../../../core/mesh/capsim-fixture.ts";
import { rehearseAgain } from "./rehearse-again.ts";
import { nodesAt } from "./run-moment.ts";

it("each seed gives the trace that was sealed, and ends as it ended", async () => {
  const { result, capsule } = await makeCapsim({ nodes: 3, seeds: [7, 8], packetLoss: 5 });
  for (const seed of [7, 8]) {
    const again = await rehearseAgain({ result, manifest: capsule.manifest, seed }, webHashing);
    if (!again.ok) throw new Error(again.reason);
    const { run, report, sealedTraceHash } = again.value;
    expect(report.traceHash).toBe(sealedTraceHash);
    expect(nodesAt(run, run.endMs).map(({ phase }) => phase)).toEqual(["healthy", "healthy", "healthy"]);
  }
});

it("a result that was changed gives another trace than it says", async () => {
  const { result, capsule } = await makeCapsim({ packetLoss: 5 });
  const changed = { ...result, params: { ...result.params, packetLoss: 60 } };
  const again = await rehearseAgain({ result: changed, manifest: capsule.manifest, seed: 7 }, webHashing);
  expect(again.ok && again.value.report.traceHash !== again.value.sealedTraceHash).toBe(true);
});

it("another simulator, another seed or observations that do not fit: said in a sentence", async () => {
  const { result, capsule } = await makeCapsim();
  const { manifest } = capsule;
  const other = { ...result, simulatorVersion: "0.0.1" };
  expect(await rehearseAgain({ result: other, manifest, seed: 7 }, webHashing)).toMatchObject({
    ok: false,
    reason: expect.stringContaining("0.0.1"),
  });
  expect(await rehearseAgain({ result, manifest, seed: 1 }, webHashing)).toMatchObject({ ok: false });
  const unseen = { ...result, observations: [] };
  expect(await rehearseAgain({ result: unseen, manifest, seed: 7 }, webHashing)).toMatchObject({ ok: false });
});
