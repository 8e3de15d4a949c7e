// Every line of a trace is the JCS form of what it says (MESH.md M2), also those that are put together by hand.
import { sha256 } from "@noble/hashes/sha2.js";
import { describe, expect, it } from "vitest";
import { toHex } from "../capsule/bytes.ts";
import { canonicalJson } from "../capsule/canonical-json.ts";
import { webHashing } from "../capsule/web-hashing.ts";
import { drawScenario, makeMeshCapsule, observeAllWell } from "./mesh-fixture.ts";
import { simulateRun } from "./simulate-run.ts";
import { TraceWriter } from "./trace-writer.ts";

const decoder = new TextDecoder();

describe("[M2] the trace", () => {
  it("consists of JCS lines, numbered through, whose SHA-256 is the trace's hash", async () => {
    const events = new Set<unknown>();
    for (let seed = 0; seed < 40; seed++) {
      const parameters = drawScenario(seed);
      const capsule = makeMeshCapsule(5, 60_000);
      const observations = observeAllWell(parameters.nodes, capsule);
      const chunks: Uint8Array[] = [];
      const report = await simulateRun(
        { capsule, parameters, seed, observations },
        { hashing: webHashing, startedAtMs: 0, onTrace: (lines) => void chunks.push(lines.slice()) },
      );
      const text = chunks.map((chunk) => decoder.decode(chunk)).join("");
      expect(chunks.every((chunk) => chunk.at(-1) === 10)).toBe(true);
      expect(toHex(sha256(new TextEncoder().encode(text)))).toBe(report.traceHash);
      const lines = text.trimEnd().split("\n");
      expect(lines).toHaveLength(report.traceLength);
      let before = 0;
      lines.forEach((line, index) => {
        const value = JSON.parse(line);
        if (canonicalJson(value) !== line || value.sequence !== index + 1 || value.at < before)
          throw new Error(`seed ${seed}, line ${index + 1}: ${line}`);
        before = value.at;
        events.add(value.event);
      });
    }
    // Whatever can happen has happened somewhere in these.
    for (const event of ["begin", "phase", "chaos", "cut", "heal", "end"]) expect(events).toContain(event);
    for (const event of ["sent", "copied", "lost", "arrived", "refused", "broken"])
      expect(events).toContain(event);
    for (const event of ["checked", "forged", "hashed", "stored", "timeout", "gave-up"])
      expect(events).toContain(event);
  });

  it("writes numbers of any length", async () => {
    const writer = new TraceWriter(webHashing.createSha256());
    const numbers = [0, 9, 10, 99, 1_073_741_823, 1_073_741_824, 9_007_199_254_740_991];
    for (const at of numbers) writer.item(at, "stored", 9, at);
    let text = "";
    await writer.flush((lines) => {
      text += decoder.decode(lines);
    });
    expect(text.trimEnd().split("\n")).toEqual(
      numbers.map((at, index) =>
        canonicalJson({ at, event: "stored", item: at, node: "node-10", sequence: index + 1 }),
      ),
    );
  });
});
