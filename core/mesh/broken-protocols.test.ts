// The checks bite: protocols that are broken in one place each are caught within 1,000 seeds, by the invariant that is
// meant for it, and their schedules shrink to a few faults. They live here and nowhere else.
import { describe, expect, it } from "vitest";
import type { MeshParameters } from "../../schemas/mesh-parameters.ts";
import { webHashing } from "../capsule/web-hashing.ts";
import { drawScenario, makeMeshCapsule, makeParameters, observeAllWell } from "./mesh-fixture.ts";
import { BLOB, type ProtocolDecisions, SOUND_DECISIONS, VERSION } from "./protocol-decisions.ts";
import type { RunReport, Violation } from "./run-report.ts";
import { shrinkRun } from "./shrink-run.ts";
import { countFaults } from "./shrink-schedule.ts";
import { simulateRun } from "./simulate-run.ts";
import type { SimulationInput } from "./simulation.ts";

type Broken = {
  readonly name: string;
  readonly decisions: Partial<ProtocolDecisions>;
  readonly caughtBy: Violation["kind"];
};

const SEEDS_MOST = 1_000;
const FAULTS_MOST = 2;
const RUN_TIMEOUT_MS = 120_000;
const OPTIONS = { hashing: webHashing, startedAtMs: 0 };
const CAPSULE = makeMeshCapsule(8, 60_000);

const BROKEN: readonly Broken[] = [
  {
    name: "[M6] forwards without verifying",
    decisions: { offersBlob: (state) => state >= BLOB.partial },
    caughtBy: "forwarded-unverified",
  },
  {
    name: "[M6] stores before verifying, and so forwards corrupt data",
    decisions: { keepsBlob: () => true },
    caughtBy: "stored-corrupt",
  },
  {
    name: "[M6] accepts what is not signed",
    decisions: { keepsManifest: () => true },
    caughtBy: "accepted-forged",
  },
  {
    name: "[M6] takes broken frames and stores what was in them",
    decisions: { takesFrame: () => true, keepsBlob: () => true },
    caughtBy: "stored-corrupt",
  },
  {
    name: "[M6] retries for ever",
    decisions: { asksAgain: () => true },
    caughtBy: "retry-unbounded",
  },
  {
    name: "[M6] retries without back-off",
    decisions: { nextTimeout: (timeout) => timeout },
    caughtBy: "no-back-off",
  },
  {
    name: "[M6] knows no window",
    decisions: { windowOf: () => 1_000 },
    caughtBy: "window-exceeded",
  },
  {
    name: "[M9] announces once and never again",
    decisions: { announcesAgain: () => false },
    caughtBy: "not-healthy",
  },
  {
    name: "[M7] forgets to re-sync after a restart",
    decisions: { resumesAsking: (incarnation) => incarnation === 1 },
    caughtBy: "not-healthy",
  },
  {
    name: "[M7] believes after a crash that it has what it had not stored",
    decisions: { afterCrash: (state) => (state >= BLOB.partial ? BLOB.stored : BLOB.wanted) },
    caughtBy: "unverified-start",
  },
  {
    name: "[M10] starts before verifying",
    decisions: { startsServices: (storedCount, blobCount) => storedCount === blobCount },
    caughtBy: "unverified-start",
  },
  {
    name: "[M10] starts with a file missing",
    decisions: { startsServices: (storedCount, blobCount) => storedCount >= blobCount - 1 },
    caughtBy: "unverified-start",
  },
  {
    name: "[M8] ignores drift",
    decisions: { refusal: () => null },
    caughtBy: "unverified-start",
  },
  {
    name: "[M10] accepts an older version",
    decisions: { chooseVersion: (announced, held) => announced || held },
    caughtBy: "version-went-back",
  },
  {
    name: "[M10] runs another digest than the others",
    decisions: { runningVersion: (accepted, hasPrevious) => (hasPrevious ? VERSION.previous : accepted) },
    caughtBy: "two-digests",
  },
  {
    name: "[M10] answers when halted",
    decisions: { answersWhenHalted: () => true },
    caughtBy: "served-halted",
  },
];

describe("a broken protocol", () => {
  it.each(BROKEN)(
    "$name: caught within 1,000 seeds and shrunk",
    async ({ name, decisions, caughtBy }) => {
      const broken = { ...SOUND_DECISIONS, ...decisions };
      const failing = await firstFailing(broken, caughtBy);
      expect(failing, `${name} was not caught`).not.toBeNull();
      if (failing === null) return;
      const shrunk = await shrinkRun(inputOf(failing), { ...OPTIONS, decisions: broken });
      if (shrunk === null) throw new Error("it failed before");
      const { parameters, faultCount, violation, reasons, command } = shrunk;
      console.log(`${name}: seed ${failing.seeds[0]}, ${countFaults(failing)} → ${faultCount} faults`);
      expect(faultCount).toBeLessThanOrEqual(FAULTS_MOST);
      expect(faultCount).toBe(countFaults(parameters));
      expect(violation?.kind).toBe(caughtBy);
      expect(reasons.join()).toContain(`event ${violation?.event}`);
      expect(command).toContain(`oursynth mesh-sim --capsule ${CAPSULE.digest}`);
      // The sound protocol has no trouble of this kind with the same schedule.
      expect((await run(parameters, SOUND_DECISIONS)).violation?.kind).not.toBe(caughtBy);
    },
    RUN_TIMEOUT_MS,
  );

  it("[M5] that is ready without its health check is caught at once", async () => {
    const parameters = makeParameters({ nodes: 2 });
    const observations = observeAllWell(2, CAPSULE).map((one) => ({
      ...one,
      healthy: one.node !== "node-2",
    }));
    const input = { capsule: CAPSULE, parameters, seed: 1, observations };
    const decisions = { ...SOUND_DECISIONS, isReady: () => true };
    expect((await simulateRun(input, { ...OPTIONS, decisions })).violation).toMatchObject({
      kind: "ready-unhealthy",
      node: "node-2",
    });
    const sound = await simulateRun(input, OPTIONS);
    expect(sound.finalStates[1]).toMatchObject({ phase: "halted", haltReason: "health-check-failed" });
    expect(sound.violation?.kind).toBe("not-healthy");
  });
});

describe("the sound protocol", () => {
  it(
    "[M9, M10] breaks nothing in 1,000 drawn scenarios",
    async () => {
      const failed: string[] = [];
      for (let seed = 0; seed < SEEDS_MOST; seed++) {
        const { violation, reasons } = await run(drawScenario(seed), SOUND_DECISIONS);
        if (violation !== null && violation.kind !== "drift") failed.push(`${seed}: ${reasons.join("; ")}`);
      }
      expect(failed).toEqual([]);
    },
    RUN_TIMEOUT_MS,
  );
});

async function firstFailing(
  decisions: ProtocolDecisions,
  caughtBy: Violation["kind"],
): Promise<MeshParameters | null> {
  for (let seed = 0; seed < SEEDS_MOST; seed++) {
    const parameters = drawScenario(seed);
    if ((await run(parameters, decisions)).violation?.kind === caughtBy) return parameters;
  }
  return null;
}

function run(parameters: MeshParameters, decisions: ProtocolDecisions): Promise<RunReport> {
  return simulateRun(inputOf(parameters), { ...OPTIONS, decisions });
}

function inputOf(parameters: MeshParameters): SimulationInput {
  const [seed = 0] = parameters.seeds;
  return { capsule: CAPSULE, parameters, seed, observations: observeAllWell(parameters.nodes, CAPSULE) };
}
