import { describe, expect, test } from "vitest";
import {
  beginRehearsalPhase,
  completeRehearsalPhase,
  countSeed,
  createRehearsal,
  endIfDue,
  failRehearsal,
  isRehearsalEnded,
  MAX_REHEARSAL_MS,
  type Rehearsal,
} from "./rehearsal.ts";

const NOW = 1_800_000_000_000;
const fresh = createRehearsal(NOW, false);

/** Cut off: the phase was begun, and nothing more came of it. */
function cutOff(rehearsal: Rehearsal, times: number): Rehearsal {
  let cut = rehearsal;
  for (let time = 0; time < times; time += 1) cut = beginRehearsalPhase(cut, NOW);
  return cut;
}

describe("[M1, M14] the course of a rehearsal", () => {
  test("goes through observing, simulating and sealing, once each", () => {
    let rehearsal = fresh;
    const phases: string[] = [];
    while (!isRehearsalEnded(rehearsal)) {
      rehearsal = beginRehearsalPhase(rehearsal, NOW);
      phases.push(rehearsal.phase);
      rehearsal = completeRehearsalPhase(rehearsal, NOW + 5);
    }
    expect(phases).toEqual(["observing", "simulating", "sealing"]);
    expect(rehearsal).toMatchObject({ status: "done", finishedAt: NOW + 5, failure: null });
  });

  test("a replay is observed already", () => {
    expect(createRehearsal(NOW, true).phase).toBe("simulating");
  });

  test("a phase that was cut off once is begun again; cut off twice it ends as interrupted", () => {
    expect(cutOff(fresh, 2)).toMatchObject({ status: "running", attempt: 2 });
    const ended = cutOff(fresh, 3);
    expect(ended).toMatchObject({ status: "error", failure: { code: "interrupted" } });
    expect(ended.failure?.message).toContain("2 times while observing");
  });

  test("a seed that has run counts: what was cut off before it is forgotten", () => {
    const simulating = cutOff(createRehearsal(NOW, true), 2);
    const counted = countSeed(simulating);
    expect(counted.doneCount).toBe(1);
    expect(beginRehearsalPhase(counted, NOW)).toMatchObject({ status: "running", attempt: 2 });
  });

  test("who asks to stop stops it before its next step, and only while it lasts", () => {
    const asked = { ...cutOff(fresh, 1), isCancelRequested: true };
    expect(endIfDue(asked, NOW + 1)).toMatchObject({ status: "cancelled", finishedAt: NOW + 1 });
    const done = { ...fresh, status: "done" as const, isCancelRequested: true };
    expect(endIfDue(done, NOW)).toBe(done);
  });

  test("ends when it has taken too long, and not a moment before", () => {
    expect(endIfDue(fresh, NOW + MAX_REHEARSAL_MS)).toBe(fresh);
    expect(endIfDue(fresh, NOW + MAX_REHEARSAL_MS + 1)).toMatchObject({
      status: "error",
      failure: { code: "took-too-long" },
    });
  });

  test("what has ended stays as it is", () => {
    const failed = failRehearsal(fresh, { code: "internal", message: "x" }, NOW);
    expect(failRehearsal(failed, { code: "other", message: "y" }, NOW + 1)).toBe(failed);
    expect(completeRehearsalPhase(failed, NOW + 1)).toBe(failed);
    expect(beginRehearsalPhase(failed, NOW + 1)).toBe(failed);
  });
});
