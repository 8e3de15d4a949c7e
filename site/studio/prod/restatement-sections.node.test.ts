import { describe, expect, test } from "vitest";
import { gatePolicySchema } from "../../../schemas/gate.ts";
import type { Restatement } from "../../../schemas/restatement.ts";
import { restatementSections, sayTimeLeft } from "./restatement-sections.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;
const BASE: Restatement = {
  sentence: "Deploy 1.0.0 of fair-share in prod, where nothing is live yet.",
  requestedBy: { actor: { kind: "user", id: "usr_a" }, login: "session" },
  projectId: "prj_a",
  label: "fair-share",
  env: "prod",
  revisions: { environment: 3, policy: 1, trust: 2, evidence: 4, secrets: 5 },
  release: null,
  policy: null,
};
const RELEASE: NonNullable<Restatement["release"]> = {
  capsuleDigest: DIGEST,
  capsuleId: "urn:oursynth:capsule:fair-share",
  branch: "main",
  commitSeq: 12,
  artifactDigest: DIGEST,
  live: null,
  changes: {
    files: { addedCount: 2, modifiedCount: 1, removedCount: 0, lines: ["+ a.ts", "+ b.ts", "~ c.ts"] },
    settings: [],
    variables: ["GREETING"],
    secrets: ["API_KEY"],
  },
  recipe: { framework: "worker", compatibilityDate: "2026-10-01", steps: [], lockfile: null },
  hostnames: ["fair-share--prod.apps.localhost"],
  gate: {
    isAllowed: true,
    basis: "evidence",
    message: "The newest gate run passed.",
    policyRevision: 1,
    capsuleDigest: DIGEST,
    artifactDigest: DIGEST,
    simId: "sim_1",
    evidenceSha256: "f".repeat(64),
  },
  override: null,
};

function textOf(restatement: Restatement): string {
  return restatementSections(restatement, "Ada")
    .map(({ title, sentences }) => [title, ...sentences].join("\n"))
    .join("\n\n");
}

describe("a restatement as sentences", () => {
  test("says who asks, what goes there, what differs, what speaks for it, and what it covers", () => {
    const text = textOf({ ...BASE, release: RELEASE });
    expect(text).toContain("Asked by Ada, in a browser.");
    expect(text).toContain("Committed to main, by event 12 of the timeline.");
    expect(text).toContain("Nothing is live there yet.");
    expect(text).toContain("Files: 2 added, 1 changed, 0 removed.");
    expect(text).toContain("Settings: none.");
    expect(text).toContain("Secrets that it needs: API_KEY.");
    expect(text).toContain("What speaks for it\nThe gate: The newest gate run passed.");
    expect(text).toContain("prod at revision 3, its policy at 1, its secrets at 5");
  });

  test("names what is replaced, and the reason of an override", () => {
    const live = { capsuleDigest: DIGEST, artifactDigest: DIGEST, revision: 3 };
    const override = { reason: "The mesh is down and prod burns." };
    const text = textOf({ ...BASE, release: { ...RELEASE, live, override } });
    expect(text).toContain(`It takes the place of ${DIGEST.slice(0, 19)}…, live as revision 3.`);
    expect(text).toContain("What differs from what is live");
    expect(text).toContain("Settings: the same.");
    expect(text).toContain("because: The mesh is down and prod burns.");
  });

  test("says that the gate speaks against it", () => {
    const gate = { ...RELEASE.gate, isAllowed: false, basis: "evidence-missing" as const, simId: null };
    expect(textOf({ ...BASE, release: { ...RELEASE, gate } })).toContain("What speaks against it");
  });

  test("of a policy tells each field that changes, and nothing else", () => {
    const before = gatePolicySchema.parse({ isGuarded: true });
    const text = textOf({ ...BASE, policy: { before, after: { ...before, nodes: 7 } } });
    expect(text).toContain("nodes: 5 becomes 7.");
    expect(text).not.toContain("seeds");
  });
});

test("the time that is left is said in minutes and seconds, and then there is none", () => {
  expect(sayTimeLeft(600_000, 54_500)).toBe("9 min 5 s");
  expect(sayTimeLeft(600_000, 558_000)).toBe("42 s");
  expect(sayTimeLeft(600_000, 600_000)).toBeNull();
});
