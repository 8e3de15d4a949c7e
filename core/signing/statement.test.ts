import { describe, expect, it } from "vitest";
import {
  deployPredicateSchema,
  PREDICATE_DEPLOY,
  PREDICATE_PROVENANCE,
  roleOfPredicate,
} from "../../schemas/statement.ts";
import { fixtureKey, trustIn } from "../capsule/capsule-fixture.ts";
import { createDeployPredicate, createProvenance, createStatement } from "./statement.ts";
import { evaluateThresholds } from "./trust.ts";

const digest = `sha256:${"a".repeat(64)}`;

describe("statements", () => {
  it("[S1] the one subject is the capsule, by bare hex", () => {
    const statement = createStatement("urn:oursynth:app:a@1.0.0", digest, PREDICATE_DEPLOY, {});
    expect(statement.subject).toEqual([
      { name: "urn:oursynth:app:a@1.0.0", digest: { sha256: "a".repeat(64) } },
    ]);
    expect(() => createStatement("x", "a".repeat(64), PREDICATE_DEPLOY, {})).toThrow(TypeError);
  });

  it("[S6] provenance says who, when, from what and why", () => {
    const times = { startedAtMs: 0, finishedAtMs: 1_500 };
    const resolvedDependencies = [
      { uri: "git+https://example.com/a", digest: { gitCommit: "0".repeat(40) } },
    ];
    const provenance = createProvenance({
      builderId: "urn:b",
      invocationId: "i",
      ...times,
      reason: "hotfix",
      resolvedDependencies,
    });
    expect(provenance).toEqual({
      buildDefinition: {
        buildType: "urn:oursynth:build:pack:v1",
        externalParameters: { reason: "hotfix" },
        resolvedDependencies,
      },
      runDetails: {
        builder: { id: "urn:b" },
        metadata: {
          invocationId: "i",
          startedOn: "1970-01-01T00:00:00.000Z",
          finishedOn: "1970-01-01T00:00:01.500Z",
        },
        byproducts: [],
      },
    });
    expect(
      createProvenance({ builderId: "b", invocationId: "i", ...times }).buildDefinition.externalParameters,
    ).toEqual({});
    expect(() =>
      createProvenance({ builderId: "b", invocationId: "i", ...times, byproducts: [{}] }),
    ).toThrow();
  });

  it("[S6] a deploy statement has exactly its fields", () => {
    const predicate = {
      projectId: "prj_1",
      env: "prod",
      deployId: "dep_1",
      artifactDigest: digest,
      revision: 3,
      previous: null,
    } as const;
    expect(createDeployPredicate(predicate)).toEqual(predicate);
    expect(deployPredicateSchema.safeParse({ ...predicate, extra: 1 }).success).toBe(false);
    expect(deployPredicateSchema.safeParse({ ...predicate, revision: 1.5 }).success).toBe(false);
  });
});

describe("evaluateThresholds", () => {
  it("[S5] counts distinct authorised keys for the role of the predicate", async () => {
    const keys = await Promise.all([1, 2].map(fixtureKey));
    const trust = await trustIn(keys, 2);
    const [a = "", b = ""] = trust.keys.map((key) => key.keyId);
    const signed = (keyId: string, predicateType = PREDICATE_PROVENANCE) => ({
      keyId,
      predicateType,
      envelopeSha256: "0".repeat(64),
    });
    const isMet = (...signatures: ReturnType<typeof signed>[]) =>
      evaluateThresholds(signatures, [], trust, "builder").outcome === "met";
    expect(isMet()).toBe(false);
    expect(isMet(signed(a), signed(a))).toBe(false);
    expect(isMet(signed(a), signed(b, PREDICATE_DEPLOY))).toBe(false);
    expect(isMet(signed(a), signed("sha256:other"))).toBe(false);
    expect(isMet(signed(a), signed(b))).toBe(true);
    expect(evaluateThresholds([signed(a, PREDICATE_DEPLOY)], [], trust, "deployer")).toMatchObject({
      outcome: "missed",
      requiredCount: 1,
    });
  });

  it("[S6] other predicate types never count for a role", () =>
    expect(roleOfPredicate("https://example.com/x")).toBeNull());
});
