import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decideGate, type GateEvidence, type GateQuestion } from "./gate-decision.ts";
import { defaultPolicy, drawGateSeeds, gateParameters, withThresholds } from "./gate-policy.ts";

const CAPSULE = `sha256:${"a".repeat(64)}`;
const ARTIFACT = `sha256:${"b".repeat(64)}`;
const OTHER = `sha256:${"c".repeat(64)}`;
const DAY_MS = 86_400_000;
const NOW = 1_800_000_000_000;
const policy = defaultPolicy("prod");
const expectedParams = gateParameters(
  policy,
  Array.from({ length: 20 }, (_, index) => index),
);

const passed: GateEvidence = {
  simId: "1f4f6b0a-0000-4000-8000-000000000001",
  kind: "gate",
  capsuleDigest: CAPSULE,
  artifactDigest: ARTIFACT,
  params: expectedParams,
  outcome: "pass",
  reasons: [],
  observedBy: "platform",
  receivedAt: NOW - DAY_MS,
  seq: 7,
  envelopeSha256: "d".repeat(64),
  trust: "trusted",
};

const question: GateQuestion = {
  environment: "prod",
  policy,
  policyRevision: 3,
  capsuleDigest: CAPSULE,
  artifactDigest: ARTIFACT,
  expectedParams,
  evidence: [passed],
  wasLiveOnEvidence: false,
  override: null,
  now: NOW,
};

function decideWith(evidence: Partial<GateEvidence>, more: Partial<GateQuestion> = {}) {
  return decideGate({ ...question, evidence: [{ ...passed, ...evidence }], ...more });
}

describe("[M18] the gate", () => {
  test("takes a capsule whose newest rehearsal is as it asks, passed, fresh and trusted", () => {
    expect(decideGate(question)).toMatchObject({
      isAllowed: true,
      basis: "evidence",
      simId: passed.simId,
      evidenceSha256: passed.envelopeSha256,
      policyRevision: 3,
    });
  });

  test("takes anything verified where the environment is not guarded", () => {
    const open = { ...question, policy: defaultPolicy("staging"), evidence: [] };
    expect(decideGate(open)).toMatchObject({ isAllowed: true, basis: "open" });
  });

  test.each<[string, Partial<GateEvidence>, string]>([
    ["an exploration", { kind: "explore" }, "evidence-missing"],
    ["a replay", { kind: "replay" }, "evidence-missing"],
    ["another capsule with the same name and version", { capsuleDigest: OTHER }, "evidence-missing"],
    ["another artifact of the same capsule", { artifactDigest: OTHER }, "evidence-missing"],
    ["seeds of one's own choice", { params: { ...expectedParams, seeds: [1, 2, 3] } }, "evidence-missing"],
    ["a milder loss", { params: { ...expectedParams, packetLoss: 0 } }, "evidence-missing"],
    ["an external observation", { observedBy: "external" }, "evidence-missing"],
    ["a failed run", { outcome: "fail", reasons: ["drift"] }, "evidence-failed"],
    ["no signature by a simulator of the project", { trust: "untrusted" }, "evidence-untrusted"],
    ["a revoked key without a receipt", { trust: "undecidable" }, "evidence-untrusted"],
    ["a result older by a millisecond than allowed", { receivedAt: NOW - 7 * DAY_MS - 1 }, "evidence-stale"],
  ])("refuses %s", (_what, evidence, basis) => {
    const decision = decideWith(evidence);
    expect(decision).toMatchObject({ isAllowed: false, basis });
    expect(decision.message).toMatch(/^[A-Z].{20,}\.$/);
  });

  test("takes a result at exactly the greatest age", () => {
    expect(decideWith({ receivedAt: NOW - 7 * DAY_MS }).isAllowed).toBe(true);
  });

  test("absent means no", () => {
    expect(decideGate({ ...question, evidence: [] })).toMatchObject({
      isAllowed: false,
      basis: "evidence-missing",
      simId: null,
    });
  });

  test("of two the newest wins, whichever way, in any order", () => {
    const failed: GateEvidence = { ...passed, simId: "2", seq: 8, outcome: "fail", reasons: ["drift"] };
    for (const evidence of [
      [passed, failed],
      [failed, passed],
    ]) {
      expect(decideGate({ ...question, evidence }).basis).toBe("evidence-failed");
    }
    const again: GateEvidence = { ...passed, simId: "3", seq: 9 };
    expect(decideGate({ ...question, evidence: [again, failed, passed] }).simId).toBe("3");
  });

  test("an exploration or a replay that failed later counts as little against as for", () => {
    for (const kind of ["explore", "replay"] as const) {
      const later: GateEvidence = { ...passed, kind, seq: 99, outcome: "fail", reasons: ["drift"] };
      expect(decideGate({ ...question, evidence: [passed, later] }).isAllowed).toBe(true);
    }
  });

  test("takes an external result only where the policy says so, and only trusted", () => {
    const external = { ...policy, acceptsExternalEvidence: true };
    expect(decideWith({ observedBy: "external" }, { policy: external }).isAllowed).toBe(true);
    const untrusted = decideWith({ observedBy: "external", trust: "untrusted" }, { policy: external });
    expect(untrusted.basis).toBe("evidence-untrusted");
  });

  test("a capsule that was live here on good evidence may come back, unless the policy forbids it", () => {
    const back = { ...question, evidence: [], wasLiveOnEvidence: true };
    expect(decideGate(back)).toMatchObject({ isAllowed: true, basis: "rollback" });
    expect(decideGate({ ...back, policy: { ...policy, allowsRollback: false } }).basis).toBe(
      "evidence-missing",
    );
  });

  test("evidence for a policy that has moved since is evidence for another question", () => {
    const stricter = { ...expectedParams, packetLoss: 20 };
    expect(decideGate({ ...question, expectedParams: stricter }).basis).toBe("evidence-missing");
  });
});

test("[M19] an owner's written override goes through, and says what it went past", () => {
  const override = { reason: "the shop is down, and this is the mend" };
  const decision = decideGate({ ...question, evidence: [], override });
  expect(decision).toMatchObject({ isAllowed: true, basis: "override" });
  expect(decision.message).toContain("evidence-missing");
  expect(decision.message).toContain(override.reason);
});

test("[M18] nothing is allowed in a guarded environment without evidence, rollback or override", () => {
  const seed = 20_261_120;
  const arbitrary = fc.record({
    kind: fc.constantFrom("explore", "gate", "replay" as const),
    capsuleDigest: fc.constantFrom(CAPSULE, OTHER),
    artifactDigest: fc.constantFrom(ARTIFACT, OTHER),
    outcome: fc.constantFrom("pass", "fail" as const),
    observedBy: fc.constantFrom("platform", "external" as const),
    trust: fc.constantFrom("trusted", "untrusted", "undecidable" as const),
    receivedAt: fc.constantFrom(NOW, NOW - 8 * DAY_MS),
    seq: fc.nat(50),
  });
  fc.assert(
    fc.property(fc.array(arbitrary, { maxLength: 8 }), (results) => {
      const evidence = results.map((result) => ({ ...passed, ...result }));
      const decision = decideGate({ ...question, evidence });
      const isProof = (result: GateEvidence) =>
        result.kind === "gate" &&
        result.capsuleDigest === CAPSULE &&
        result.artifactDigest === ARTIFACT &&
        result.outcome === "pass" &&
        result.observedBy === "platform" &&
        result.trust === "trusted" &&
        result.receivedAt === NOW;
      if (decision.isAllowed) expect(evidence.some(isProof)).toBe(true);
    }),
    { seed, numRuns: 500 },
  );
});

describe("[M18] the gate's seeds", () => {
  const subject = { capsuleDigest: CAPSULE, artifactDigest: ARTIFACT, policyRevision: 3 };

  async function hmacUnder(keyByte: number) {
    const raw = new Uint8Array(32).fill(keyByte);
    const key = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    return async (message: Uint8Array) =>
      new Uint8Array(await crypto.subtle.sign("HMAC", key, message as Uint8Array<ArrayBuffer>));
  }

  test("are the same whenever one asks, and others for another subject or key", async () => {
    const hmac = await hmacUnder(1);
    const seeds = await drawGateSeeds(hmac, subject, 20);
    expect(await drawGateSeeds(hmac, subject, 20)).toEqual(seeds);
    expect(new Set(seeds).size).toBe(20);
    for (const seed of seeds) expect(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32).toBe(true);
    for (const other of [
      { ...subject, capsuleDigest: OTHER },
      { ...subject, artifactDigest: OTHER },
      { ...subject, policyRevision: 4 },
    ]) {
      expect(await drawGateSeeds(hmac, other, 20)).not.toEqual(seeds);
    }
    expect(await drawGateSeeds(await hmacUnder(2), subject, 20)).not.toEqual(seeds);
  });

  test("are the first 32 bits of HMAC-SHA-256 over JCS [capsuleDigest, artifactDigest, policyRevision, i]", async () => {
    const messages: string[] = [];
    const seeds = await drawGateSeeds(
      async (message) => {
        messages.push(new TextDecoder().decode(message));
        return Uint8Array.from([0x80, 0, 0, messages.length, 9, 9, 9, 9]);
      },
      subject,
      2,
    );
    expect(messages).toEqual([`["${CAPSULE}","${ARTIFACT}",3,0]`, `["${CAPSULE}","${ARTIFACT}",3,1]`]);
    expect(seeds).toEqual([0x80000001, 0x80000002]);
  });
});

test("[M18] a policy's thresholds raise those of the project's trust, and never lower them", () => {
  const record = { revision: 1, keys: [], thresholds: { builder: 2, log: 1 } };
  expect(withThresholds(record, { builder: 3, simulator: 2, log: 1 }).thresholds).toEqual({
    builder: 3,
    simulator: 2,
    log: 1,
  });
  expect(withThresholds(record, { builder: 1 }).thresholds).toEqual(record.thresholds);
  expect(withThresholds(record, {})).toEqual(record);
});
