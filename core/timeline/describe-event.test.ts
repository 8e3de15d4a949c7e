import { describe, expect, test } from "vitest";
import type { TimelineEvent } from "../../schemas/event.ts";
import { EVENT_TYPES } from "../../schemas/event-types.ts";
import { describeEvent } from "./describe-event.ts";

const DIGEST = `sha256:${"ab".repeat(32)}`;

function eventOf(type: string, data: TimelineEvent["data"]): TimelineEvent {
  return {
    seq: 1,
    id: "evt_1",
    ts: 0,
    source: "deploy",
    type,
    data,
    salt: null,
    dataHash: "",
    actor: { kind: "token", id: "tok_1" },
    runId: null,
    snapshot: null,
    prevHash: "",
    hash: "",
  };
}

describe("an event in one line", () => {
  test("says what became of a deploy", () => {
    const failure = { code: "throws-at-start", message: "src/index.ts:3 throws" };
    const failed = eventOf("capsule.deploy.failed", { env: "dev", phase: "checking", failure });
    expect(describeEvent(failed)).toBe("dev, while checking: src/index.ts:3 throws");
    const activated = eventOf("environment.activated", { env: "dev", artifactDigest: DIGEST, revision: 2 });
    expect(describeEvent(activated)).toBe("dev points at sha256:abababababab, revision 2");
  });

  test("a type of a newer platform is shown as it is, an erased one as erased", () => {
    expect(describeEvent(eventOf("later.thing", { a: 1 }))).toBe('{"a":1}');
    expect(describeEvent(eventOf("commit.created", null))).toBe("(erased)");
  });

  test("every type that is written today has words of its own, and a long text is cut", () => {
    const data = { message: "x".repeat(500), sentence: "x".repeat(500), changes: "", failure: null };
    for (const type of Object.keys(EVENT_TYPES)) {
      const line = describeEvent(eventOf(type, data));
      expect(line, type).not.toContain("{");
      expect(line.length).toBeLessThanOrEqual(120);
    }
  });
});
