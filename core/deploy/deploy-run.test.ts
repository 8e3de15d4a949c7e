import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  beginPhase,
  completePhase,
  createDeployRun,
  DEPLOY_PHASES,
  type DeployRun,
  failRun,
  isEnded,
  MAX_PHASE_ATTEMPTS,
  requestCancel,
} from "./deploy-run.ts";

const START = createDeployRun({
  deployId: "dep_1",
  capsuleDigest: `sha256:${"a".repeat(64)}`,
  environment: "dev",
  actor: { kind: "token", id: "tok_1" },
  startedAt: 1_000,
  confirmation: null,
});
const FAILURE = { code: "app-invalid", message: "src/index.js:2:1 does not parse" };

/** The run after its first phases are done. */
function afterPhases(phaseCount: number): DeployRun {
  let run = START;
  for (let done = 0; done < phaseCount; done += 1) run = completePhase(beginPhase(run, 2_000), {}, 2_000);
  return run;
}

describe("a deploy run", () => {
  test("is queued, then runs through every phase in order, then is done", () => {
    expect(START).toMatchObject({ status: "queued", phase: "verifying", attempt: 0, finishedAt: null });
    let run = START;
    const seen: string[] = [];
    while (!isEnded(run)) {
      run = beginPhase(run, 2_000);
      expect(run).toMatchObject({ status: "running", attempt: 1 });
      seen.push(run.phase);
      run = completePhase(run, {}, 3_000);
    }
    expect(seen).toEqual(DEPLOY_PHASES);
    expect(run).toMatchObject({ status: "done", phase: "activating", finishedAt: 3_000, failure: null });
  });

  test("keeps what a phase found", () => {
    const built = completePhase(
      afterPhases(2),
      { artifactDigest: "sha256:b", configurationDigest: "sha256:c" },
      2_000,
    );
    expect(built).toMatchObject({ phase: "publishing", attempt: 0, artifactDigest: "sha256:b" });
    expect(completePhase(beginPhase(built, 3_000), {}, 3_000)).toMatchObject({
      configurationDigest: "sha256:c",
    });
  });

  test("that was cut off once begins its phase again; cut off twice it ends and says where", () => {
    for (const [index, phase] of DEPLOY_PHASES.entries()) {
      const once = beginPhase(afterPhases(index), 2_000);
      const twice = beginPhase(once, 3_000);
      expect(twice).toMatchObject({ status: "running", phase, attempt: MAX_PHASE_ATTEMPTS });
      const ended = beginPhase(twice, 4_000);
      expect(ended).toMatchObject({
        status: "error",
        phase,
        finishedAt: 4_000,
        failure: { code: "interrupted" },
      });
      expect(ended.failure?.message).toContain(`2 times while ${phase}`);
    }
  });

  test("that was cut off once in every phase still gets done", () => {
    let run = START;
    for (const _phase of DEPLOY_PHASES) run = completePhase(beginPhase(beginPhase(run, 1), 2), {}, 3);
    expect(run.status).toBe("done");
  });

  test("fails with the reason, in the phase where it was", () => {
    const failed = failRun(beginPhase(afterPhases(2), 2_000), FAILURE, 3_000);
    expect(failed).toMatchObject({ status: "error", phase: "building", failure: FAILURE, finishedAt: 3_000 });
  });

  test("that is asked to cancel stops before its next phase, not inside one", () => {
    const asked = requestCancel(beginPhase(afterPhases(1), 2_000));
    expect(asked).toMatchObject({ status: "running", isCancelRequested: true });
    const cancelled = beginPhase(completePhase(asked, {}, 3_000), 4_000);
    expect(cancelled).toMatchObject({
      status: "cancelled",
      phase: "building",
      failure: null,
      finishedAt: 4_000,
    });
    expect(beginPhase(requestCancel(START), 2_000).status).toBe("cancelled");
  });

  test("whose last phase is under way is done, even if someone asks to cancel", () => {
    const asked = requestCancel(beginPhase(afterPhases(5), 2_000));
    expect(completePhase(asked, {}, 3_000).status).toBe("done");
  });
});

type Step = (run: DeployRun, now: number) => DeployRun;
const STEPS: readonly Step[] = [
  beginPhase,
  (run, now) => completePhase(run, {}, now),
  (run, now) => failRun(run, FAILURE, now),
  (run) => requestCancel(run),
];

describe("whatever happens to a run", () => {
  test("an end is for ever", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...STEPS), { maxLength: 40 }), (steps) => {
        let run = START;
        for (const [index, step] of steps.entries()) {
          const next = step(run, index);
          if (isEnded(run)) expect(next).toBe(run);
          run = next;
        }
      }),
    );
  });

  test("it never goes back a phase, and has a time of ending exactly when it has ended", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...STEPS), { maxLength: 40 }), (steps) => {
        let run = START;
        for (const [index, step] of steps.entries()) {
          const next = step(run, index + 1);
          expect(DEPLOY_PHASES.indexOf(next.phase)).toBeGreaterThanOrEqual(DEPLOY_PHASES.indexOf(run.phase));
          expect(next.attempt).toBeLessThanOrEqual(MAX_PHASE_ATTEMPTS);
          expect(next.finishedAt !== null).toBe(isEnded(next));
          expect(next.failure !== null).toBe(next.status === "error");
          run = next;
        }
      }),
    );
  });

  test("being cut off for ever ends it within two attempts a phase", () => {
    let run = START;
    for (let attempt = 0; attempt <= MAX_PHASE_ATTEMPTS; attempt += 1) run = beginPhase(run, attempt);
    expect(isEnded(run)).toBe(true);
  });
});
