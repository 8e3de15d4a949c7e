import { describe, expect, test } from "vitest";
import type { TimelineEvent } from "../../../../schemas/event.ts";
import { elapsedOf, stepsOf } from "./run-steps.ts";

const RUN = { deployId: "dep_a", status: "running", phase: "building", finishedAt: null } as const;

function updated(runId: string, phase: string, ts: number): TimelineEvent {
  return { type: "run.updated", runId, data: { phase }, ts } as unknown as TimelineEvent;
}

function statesOf(run: Parameters<typeof stepsOf>[0]): string {
  return stepsOf(run, [])
    .map(({ state }) => state[0])
    .join("");
}

describe("the steps of a run", () => {
  test("before its phase are done, after it wait", () => {
    expect(statesOf(RUN)).toBe("ddwwww");
    expect(stepsOf(RUN, [])[2]?.state).toBe("working");
  });

  test("a queued run has begun nothing, a finished one has done all", () => {
    expect(statesOf({ ...RUN, status: "queued", phase: "verifying" })).toBe("wwwwww");
    expect(statesOf({ ...RUN, status: "done", phase: "activating", finishedAt: 9 })).toBe("dddddd");
  });

  test("a run fails, or is cancelled, in its phase", () => {
    expect(statesOf({ ...RUN, status: "error" })).toBe("ddfwww");
    expect(statesOf({ ...RUN, status: "cancelled" })).toBe("ddcwww");
  });

  test("a phase took as long as until the next began; the last until the end", () => {
    const events = [
      updated("dep_a", "verifying", 100),
      updated("dep_b", "gating", 150),
      updated("dep_a", "gating", 180),
      updated("dep_a", "building", 200),
    ];
    const steps = stepsOf({ ...RUN, status: "error", finishedAt: 260 }, events);
    expect(steps.map(({ elapsedMs }) => elapsedMs)).toEqual([80, 20, 60, null, null, null]);
  });

  test("a phase that still works has no duration yet", () => {
    expect(stepsOf(RUN, [updated("dep_a", "building", 200)])[2]?.elapsedMs).toBeNull();
  });

  test("a run's time goes on until it has finished", () => {
    expect(elapsedOf({ startedAt: 100, finishedAt: null }, 150)).toBe(50);
    expect(elapsedOf({ startedAt: 100, finishedAt: 120 }, 150)).toBe(20);
  });
});
