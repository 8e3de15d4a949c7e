import { expect, test } from "vitest";
import type { CapsuleSummary } from "../../../../schemas/api/capsules.ts";
import type { Deploy } from "../../../../schemas/api/deploys.ts";
import type { EnvironmentState } from "../../../../schemas/api/projects.ts";
import type { TimelineEvent } from "../../../../schemas/event.ts";
import type { GateDecision } from "../../../../schemas/gate.ts";
import { findNextStep, findProdCandidate, type ProjectFacts } from "./next-step.ts";

const NOW = 1_000_000_000;

function environments(live: Partial<Record<EnvironmentState["name"], string>>): EnvironmentState[] {
  return (["dev", "staging", "prod"] as const).map((name) => {
    const capsuleDigest = live[name];
    const state = { name, url: "", revision: capsuleDigest === undefined ? 0 : 1 };
    return capsuleDigest === undefined
      ? { ...state, live: null }
      : { ...state, live: { capsuleDigest, artifactDigest: "", deployId: "", activatedAt: 0 } };
  });
}

function facts(given: Partial<ProjectFacts> & { readonly newest?: string }): ProjectFacts {
  const { newest, ...rest } = given;
  const capsules = newest === undefined ? [] : [{ capsuleDigest: newest } as CapsuleSummary];
  return { environments: environments({}), capsules, deploys: [], events: [], gate: null, now: NOW, ...rest };
}

const deploy = (status: Deploy["status"], capsuleDigest: string) => ({ status, capsuleDigest }) as Deploy;
const gate = (isAllowed: boolean) =>
  ({ isAllowed, basis: isAllowed ? "evidence" : "evidence-missing" }) as GateDecision;

test("without a capsule, one is pushed", () => {
  expect(findNextStep(facts({}))).toEqual({ kind: "push" });
});

test("a capsule that runs nowhere is deployed to dev", () => {
  const step = findNextStep(facts({ newest: "b", environments: environments({ dev: "a" }) }));
  expect(step).toEqual({ kind: "deploy", capsuleDigest: "b", env: "dev" });
});

test("a deploy under way is waited for, and one of the same capsule that failed is looked at", () => {
  expect(findNextStep(facts({ newest: "b", deploys: [deploy("running", "b")] })).kind).toBe("wait");
  expect(findNextStep(facts({ newest: "b", deploys: [deploy("error", "b")] })).kind).toBe("look-why");
  expect(findNextStep(facts({ newest: "b", deploys: [deploy("error", "a")] })).kind).toBe("deploy");
});

test("what dev runs goes to staging", () => {
  const step = findNextStep(facts({ newest: "b", environments: environments({ dev: "b", staging: "a" }) }));
  expect(step).toEqual({ kind: "promote", capsuleDigest: "b", from: "dev", to: "staging" });
});

test("what staging runs is rehearsed for prod, and shipped once the gate lets it", () => {
  const live = environments({ dev: "b", staging: "b", prod: "a" });
  expect(findProdCandidate(live)).toBe("b");
  const ask = (decision: GateDecision) =>
    findNextStep(facts({ newest: "b", environments: live, gate: decision }));
  expect(ask(gate(false))).toEqual({
    kind: "rehearse",
    capsuleDigest: "b",
    env: "prod",
    basis: "evidence-missing",
  });
  expect(ask(gate(true))).toEqual({ kind: "ship", capsuleDigest: "b", env: "prod", basis: "evidence" });
});

test("the same everywhere is done, and prod's gate is not asked", () => {
  const live = environments({ dev: "b", staging: "b", prod: "b" });
  expect(findProdCandidate(live)).toBeNull();
  expect(findNextStep(facts({ newest: "b", environments: live }))).toEqual({ kind: "done" });
});

test("a confirmation that waits comes before all else, until it is answered or too old", () => {
  const event = (type: string, ts: number) =>
    ({
      type,
      ts,
      data: { confirmationId: "cnf_1", sentence: "Deploy b to prod." },
    }) as unknown as TimelineEvent;
  const asked = event("confirmation.asked", NOW - 1_000);
  expect(findNextStep(facts({ newest: "b", events: [asked] }))).toEqual({
    kind: "answer",
    confirmationId: "cnf_1",
    sentence: "Deploy b to prod.",
  });
  const answered = [asked, event("confirmation.refused", NOW)];
  expect(findNextStep(facts({ newest: "b", events: answered })).kind).toBe("deploy");
  const old = [event("confirmation.asked", NOW - 11 * 60_000)];
  expect(findNextStep(facts({ newest: "b", events: old })).kind).toBe("deploy");
});
