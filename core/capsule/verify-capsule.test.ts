import { beforeAll, describe, expect, it } from "vitest";
import { PREDICATE_DEPLOY, PREDICATE_PROVENANCE } from "../../schemas/statement.ts";
import { type VerificationReport, verificationReportSchema } from "../../schemas/verification.ts";
import { envelopeBytes, signEnvelope } from "../signing/dsse.ts";
import { createStatement } from "../signing/statement.ts";
import { canonicalBytes } from "./canonical-json.ts";
import {
  type CapsuleFixture,
  fixtureKey,
  inChunks,
  makeCapsule,
  provenanceEnvelope,
  trustIn,
} from "./capsule-fixture.ts";
import { type CapsuleSource, type VerifyOptions, verifyCapsule, verifyContainer } from "./verify-capsule.ts";
import { webHashing } from "./web-hashing.ts";

const encoder = new TextEncoder();
let capsule: CapsuleFixture;
let options: VerifyOptions;
beforeAll(async () => {
  capsule = await makeCapsule();
  options = { trust: capsule.trust, hashing: webHashing, expectedDigest: capsule.capsuleDigest };
});

function sourceOf(fixture: CapsuleFixture, over: Partial<CapsuleSource> = {}): CapsuleSource {
  return {
    manifestBytes: canonicalBytes(fixture.manifest),
    envelopes: fixture.envelopes,
    attestations: [...fixture.attestations].map(([path, bytes]) => ({ path, bytes })),
    files: [...fixture.files].map(([path, content]) => ({ path, content })),
    ...over,
  };
}

function statusOf(report: VerificationReport, id: string): string | undefined {
  return report.steps.find((step) => step.id === id)?.status;
}

function stepOf(report: VerificationReport, id: string) {
  return report.steps.find((step) => step.id === id);
}

describe("verifyCapsule", () => {
  it("[§5] a good capsule passes every step, loose or in its container", async () => {
    const loose = await verifyCapsule(sourceOf(capsule), options);
    const packed = await verifyContainer(inChunks(capsule.container), options);
    for (const report of [loose, packed]) {
      expect(report).toMatchObject({ verdict: "pass", capsuleDigest: capsule.capsuleDigest });
      expect(verificationReportSchema.safeParse(report).success).toBe(true);
    }
    expect(packed.steps.map((step) => step.status)).toEqual(Array(12).fill("pass"));
    expect(statusOf(loose, "container")).toBe("skip");
  });

  it("[§5] takes a store's word for bytes whose digest it checked", async () => {
    const files = capsule.manifest.files.map(({ path, sizeBytes, sha256 }) => ({
      path,
      stored: true as const,
      sizeBytes,
      sha256,
    }));
    expect((await verifyCapsule(sourceOf(capsule, { files }), options)).verdict).toBe("pass");
    const other = files.map((file) => ({ ...file, sha256: "0".repeat(64) }));
    expect((await verifyCapsule(sourceOf(capsule, { files: other }), options)).verdict).toBe("fail");
  });

  it("[S5] without a key it cannot be decided", async () => {
    const report = await verifyContainer(inChunks(capsule.container), { ...options, trust: null });
    expect(report.verdict).toBe("undecidable");
    expect(statusOf(report, "thresholds")).toBe("skip");
    const asksNothing = { ...options, trust: null, policy: { requires: [] } };
    expect((await verifyContainer(inChunks(capsule.container), asksNothing)).verdict).toBe("pass");
  });

  it("[S5] an unknown signer is refused", async () => {
    const trust = await trustIn([await fixtureKey(9)]);
    const report = await verifyContainer(inChunks(capsule.container), { ...options, trust });
    expect(report.verdict).toBe("fail");
    expect(stepOf(report, "thresholds")).toMatchObject({
      status: "fail",
      code: "unknown-signer",
      expected: "builder: 1",
      actual: "builder: 0",
    });
  });

  it("[S5] a threshold of two needs two distinct keys", async () => {
    const [a, b] = [await fixtureKey(1), await fixtureKey(2)];
    const trust = await trustIn([a, b], 2);
    const [byA, byB, byBoth] = await Promise.all(
      [[a], [b], [a, b]].map((keys) => provenanceEnvelope(capsule.manifest, keys)),
    );
    const verdictWith = async (envelopes: readonly (Uint8Array | undefined)[]) => {
      const present = envelopes.filter((envelope) => envelope !== undefined);
      return (await verifyCapsule(sourceOf(capsule, { envelopes: present }), { ...options, trust })).verdict;
    };
    expect(await verdictWith([])).toBe("fail");
    expect(await verdictWith([byA])).toBe("fail");
    expect(await verdictWith([byA, byA])).toBe("fail");
    expect(await verdictWith([byA, byB])).toBe("pass");
    expect(await verdictWith([byBoth])).toBe("pass");
  });

  it("[S5] a key counts only for a role that it has", async () => {
    const trust = {
      ...capsule.trust,
      keys: capsule.trust.keys.map((key) => ({ ...key, roles: ["gate" as const] })),
    };
    expect((await verifyCapsule(sourceOf(capsule), { ...options, trust })).verdict).toBe("fail");
    const deployer = { ...options, policy: { requires: ["deployer" as const] } };
    expect((await verifyCapsule(sourceOf(capsule), deployer)).verdict).toBe("fail");
  });

  it("[S3] a trust record whose key id is not that of the key fails", async () => {
    const keyId = `sha256:${"0".repeat(64)}`;
    const trust = { ...capsule.trust, keys: capsule.trust.keys.map((key) => ({ ...key, keyId })) };
    const report = await verifyCapsule(sourceOf(capsule), { ...options, trust });
    expect(stepOf(report, "thresholds")).toMatchObject({ status: "fail", code: "invalid-trust" });
  });

  it("[C2] another digest than expected fails", async () => {
    const report = await verifyCapsule(sourceOf(capsule), {
      ...options,
      expectedDigest: `sha256:${"0".repeat(64)}`,
    });
    expect(report.verdict).toBe("fail");
    expect(stepOf(report, "digest")).toMatchObject({ status: "fail", actual: capsule.capsuleDigest });
  });

  it("[C4] a changed, missing, added or repeated file fails, and an executable bit that was lost", async () => {
    const good = [...capsule.files].map(([path, content]) => ({ path, content }));
    const [first, second] = good;
    if (first === undefined || second === undefined) throw new Error("the fixture has two files");
    const cases: [NonNullable<CapsuleSource["files"]>, string][] = [
      [[first, { ...second, content: encoder.encode("x") }], "file-mismatch"],
      [[first, { ...second, content: inChunks(encoder.encode("x".repeat(1_000)), 10) }], "file-mismatch"],
      [[first], "missing-file"],
      [[...good, { path: "extra", content: encoder.encode("x") }], "unlisted-file"],
      [[...good, first], "unlisted-file"],
      [good.map((file) => ({ ...file, mode: "file" as const })), "mode-mismatch"],
    ];
    for (const [files, code] of cases) {
      const report = await verifyCapsule(sourceOf(capsule, { files }), options);
      expect(report.verdict).toBe("fail");
      expect(stepOf(report, "files")).toMatchObject({ status: "fail", code });
    }
    expect((await verifyCapsule(sourceOf(capsule, { files: null }), options)).verdict).toBe("undecidable");
  });

  it("[C4] names the changed file in a container, and still reports on the statements", async () => {
    const changed = capsule.container.slice();
    const at = new TextDecoder("latin1").decode(changed).indexOf("<h1>Hello");
    changed[at + 5] = 0x58;
    const report = await verifyContainer(inChunks(changed), options);
    expect(report.verdict).toBe("fail");
    expect(stepOf(report, "files")).toMatchObject({
      status: "fail",
      message: expect.stringContaining("index.html"),
    });
    expect(statusOf(report, "thresholds")).toBe("pass");
  });

  it("[S1] a changed manifest no longer has its statements", async () => {
    const manifest = { ...capsule.manifest, name: "Changed" };
    const report = await verifyCapsule(
      sourceOf(capsule, { manifestBytes: canonicalBytes(manifest) }),
      options,
    );
    expect(report.verdict).toBe("fail");
    expect(stepOf(report, "envelopes")).toMatchObject({ status: "fail", code: "subject-mismatch" });
    expect(statusOf(report, "digest")).toBe("fail");
  });

  it("[C1] a manifest that cannot be read fails its step and skips what hangs on it", async () => {
    const report = await verifyCapsule(sourceOf(capsule, { manifestBytes: encoder.encode("{}") }), options);
    expect(report).toMatchObject({ verdict: "fail", capsuleDigest: null });
    expect(statusOf(report, "type")).toBe("fail");
    expect(statusOf(report, "files")).toBe("skip");
    expect((await verifyContainer(inChunks(encoder.encode("not a zip")), options)).verdict).toBe("fail");
    expect((await verifyContainer(inChunks(new Uint8Array(0)), options)).verdict).toBe("fail");
  });

  it("[S2] a bad signature under a known key fails", async () => {
    const text = new TextDecoder().decode(capsule.envelopes[0]);
    const envelope = JSON.parse(text);
    envelope.signatures[0].sig = btoa("\u0001".repeat(64));
    const report = await verifyCapsule(sourceOf(capsule, { envelopes: [canonicalBytes(envelope)] }), options);
    expect(stepOf(report, "envelopes")).toMatchObject({ status: "fail", code: "bad-signature" });
  });

  it("[S6] a predicate must have the shape of its type; an unknown type is kept and never counts", async () => {
    const envelopeOf = async (type: string) => {
      const statement = createStatement(capsule.manifest.id, capsule.capsuleDigest, type, { any: 1 });
      return envelopeBytes(await signEnvelope(statement, [capsule.key], webHashing));
    };
    for (const type of [PREDICATE_PROVENANCE, PREDICATE_DEPLOY]) {
      const envelopes = [...capsule.envelopes, await envelopeOf(type)];
      const report = await verifyCapsule(sourceOf(capsule, { envelopes }), options);
      expect(stepOf(report, "predicates")).toMatchObject({ status: "fail", code: "invalid-predicate" });
    }
    const unknown = await envelopeOf("https://example.com/other/v1");
    expect((await verifyCapsule(sourceOf(capsule, { envelopes: [unknown] }), options)).verdict).toBe("fail");
    const both = [...capsule.envelopes, unknown];
    expect((await verifyCapsule(sourceOf(capsule, { envelopes: both }), options)).verdict).toBe("pass");
  });

  it("[C6] allows 64 envelopes and not 65", async () => {
    const [envelope] = capsule.envelopes;
    if (envelope === undefined) throw new Error("the fixture has an envelope");
    expect(
      (await verifyCapsule(sourceOf(capsule, { envelopes: Array(64).fill(envelope) }), options)).verdict,
    ).toBe("pass");
    const report = await verifyCapsule(sourceOf(capsule, { envelopes: Array(65).fill(envelope) }), options);
    expect(statusOf(report, "limits")).toBe("fail");
  });

  it("[C6] takes no more envelopes than settle that there are too many", async () => {
    const [envelope] = capsule.envelopes;
    if (envelope === undefined) throw new Error("the fixture has an envelope");
    const good = envelope;
    let takenCount = 0;
    function* endless() {
      for (; takenCount < 100_000; takenCount++) yield good;
    }
    const report = await verifyCapsule(sourceOf(capsule, { envelopes: endless() }), options);
    expect(statusOf(report, "limits")).toBe("fail");
    expect(takenCount).toBeLessThan(70);
  });

  it("[C7] carried documents are there exactly as listed", async () => {
    const path = "attestations/build.log";
    const statusWith = async (attestations: CapsuleSource["attestations"]) =>
      statusOf(await verifyCapsule(sourceOf(capsule, { attestations }), options), "attestations");
    expect(await statusWith([{ path, bytes: encoder.encode("built\n") }])).toBe("pass");
    expect(await statusWith([{ path, bytes: encoder.encode("other") }])).toBe("fail");
    expect(await statusWith([])).toBe("fail");
    expect(await statusWith(null)).toBe("skip");
  });

  it("[§5] parents are looked for where there is a place to look", async () => {
    const parent = `sha256:${"1".repeat(64)}`;
    const manifestBytes = canonicalBytes({ ...capsule.manifest, parents: [parent] });
    const statusWith = async (over: Partial<CapsuleSource>) =>
      statusOf(await verifyCapsule(sourceOf(capsule, { manifestBytes, ...over }), options), "parents");
    expect(await statusWith({})).toBe("skip");
    expect(await statusWith({ hasParent: async (digest) => digest === parent })).toBe("pass");
    expect(await statusWith({ hasParent: () => false })).toBe("skip");
  });
});
