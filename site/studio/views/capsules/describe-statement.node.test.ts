import { expect, test } from "vitest";
import { toBase64 } from "../../../../core/capsule/bytes.ts";
import { createProvenance } from "../../../../core/signing/statement.ts";
import {
  PREDICATE_DEPLOY,
  PREDICATE_PROVENANCE,
  PREDICATE_RECEIPT,
  PREDICATE_VSA,
} from "../../../../schemas/statement.ts";
import { describeStatement } from "./describe-statement.ts";

function describePredicate(predicateType: string, predicate: unknown) {
  const payload = toBase64(new TextEncoder().encode(JSON.stringify({ predicateType, predicate })));
  return describeStatement(predicateType, payload);
}

test("provenance says by whom, when and why", () => {
  const predicate = createProvenance({
    builderId: "urn:oursynth:builder:test",
    invocationId: "7",
    startedAtMs: 0,
    finishedAtMs: 1_000,
    reason: "a first try",
  });
  const { title, facts, payload } = describePredicate(PREDICATE_PROVENANCE, predicate);
  expect(title).toBe("How it was built");
  expect(facts).toContainEqual(["Builder", "urn:oursynth:builder:test"]);
  expect(facts).toContainEqual(["Reason", "a first try"]);
  expect(facts).toContainEqual(["Finished", "1970-01-01T00:00:01.000Z"]);
  expect(JSON.parse(payload ?? "")).toMatchObject({ predicate });
});

test("a refusal of the gate is never told as consent", () => {
  expect(describePredicate(PREDICATE_VSA, { verificationResult: "PASSED" }).title).toBe(
    "The gate let it pass",
  );
  expect(describePredicate(PREDICATE_VSA, { verificationResult: "FAILED" }).title).toBe(
    "The gate refused it",
  );
  expect(describePredicate(PREDICATE_VSA, {}).title).toBe("The gate refused it");
});

test("a deploy and a receipt say what they are about; what is absent is left out", () => {
  const deploy = describePredicate(PREDICATE_DEPLOY, { env: "prod", revision: 3, previous: null });
  expect([deploy.title, deploy.facts]).toEqual(["Activated in prod", [["Revision", "3"]]]);
  const receipt = describePredicate(PREDICATE_RECEIPT, { envelopeSha256: "ab", loggedAt: 1_000 });
  expect(receipt.facts).toEqual([
    ["Logged", "1970-01-01T00:00:01.000Z"],
    ["Vouches for", "ab"],
  ]);
});

test("what cannot be read or is not known is said to be so, and throws nothing", () => {
  expect(describeStatement(PREDICATE_PROVENANCE, "%%")).toEqual({
    title: "How it was built",
    facts: [],
    payload: null,
  });
  expect(describeStatement("urn:else", toBase64(new TextEncoder().encode("[1]")))).toMatchObject({
    payload: null,
  });
  expect(describePredicate("urn:else", { a: 1 })).toMatchObject({
    title: "A statement of another kind",
    facts: [],
  });
});
