// Evidence that a stranger checks (MESH.md M16, M17): what is whole passes, and every change is found at its step.
import { beforeAll, describe, expect, it } from "vitest";
import type { CapsimReport } from "../../schemas/capsim.ts";
import { toBase64 } from "../capsule/bytes.ts";
import { canonicalBytes } from "../capsule/canonical-json.ts";
import { fixtureKey, makeCapsule, trustIn } from "../capsule/capsule-fixture.ts";
import { webHashing } from "../capsule/web-hashing.ts";
import { CAPSIM_LIMITS, writeCapsim } from "./capsim.ts";
import { type CapsimFixture, changeCapsim, makeCapsim, sealCapsim } from "./capsim-fixture.ts";
import { createRerun } from "./rerun-capsim.ts";
import { verifyCapsim } from "./verify-capsim.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
let whole: CapsimFixture;

beforeAll(async () => {
  whole = await makeCapsim();
});

describe("[M16] the evidence file", () => {
  it("is one JSON document in canonical form, whose result is the predicate that was signed", () => {
    const file = JSON.parse(decoder.decode(whole.bytes));
    expect(canonicalBytes(file)).toEqual(whole.bytes);
    expect(Object.keys(file).sort()).toEqual(["_type", "capsule", "envelope", "keys", "result"]);
    const statement = JSON.parse(atob(file.envelope.payload));
    expect(statement.predicate).toEqual(file.result);
    expect(file.keys).toHaveLength(2);
  });

  it("is the same bytes from the same parts, in whatever order they come", async () => {
    const file = JSON.parse(decoder.decode(whole.bytes));
    const parts = {
      envelope: canonicalBytes(file.envelope),
      manifest: whole.capsule.manifest,
      capsuleEnvelopes: [...whole.capsule.envelopes, ...whole.capsule.envelopes],
      publicKeys: [whole.capsule.key, await fixtureKey(9), whole.simulator].map((key) =>
        toBase64(key.publicKey),
      ),
    };
    expect(await writeCapsim(parts, webHashing)).toEqual(whole.bytes);
  });

  it("leaves out what nobody could check, and is not written without the key of the result", async () => {
    const file = JSON.parse(decoder.decode(whole.bytes));
    const parts = {
      envelope: canonicalBytes(file.envelope),
      manifest: whole.capsule.manifest,
      capsuleEnvelopes: whole.capsule.envelopes,
      publicKeys: [toBase64(whole.simulator.publicKey)],
    };
    const bytes = await writeCapsim(parts, webHashing);
    const report = await verifyCapsim(bytes, { trust: whole.trust, hashing: webHashing });
    expect(stepOf(report, "capsule-signatures")).toMatchObject({ status: "skip", code: "unsigned" });
    expect(report.verdict).toBe("undecidable");
    await expect(writeCapsim({ ...parts, publicKeys: [] }, webHashing)).rejects.toThrow(TypeError);
  });
});

describe("[M17] verifying an evidence file", () => {
  it("passes every step of a whole one; health is attested and not observed again", async () => {
    const report = await verify(whole.bytes);
    expect(report.verdict).toBe("pass");
    expect(report.claims).toMatchObject({ outcome: "pass", simId: whole.result.simId, seedCount: 1 });
    for (const { id, status } of report.steps) {
      expect([id, status]).toEqual([id, id === "health" || id === "rerun" ? "skip" : "pass"]);
    }
    expect(stepOf(report, "health").message).toContain("not observed again");
    expect(stepOf(report, "health").message).toContain("attested by sha256:");
  });

  it("simulates again, and finds the same trace", async () => {
    const several = await makeCapsim({ seeds: [1, 2, 3], packetLoss: 5, chaosMode: true });
    const report = await rerun(several.bytes);
    expect(stepOf(report, "rerun")).toMatchObject({ status: "pass", actual: several.result.traceHash });
    expect(report.verdict).toBe("pass");
  });

  it("good evidence of a failed rehearsal passes, and says that the rehearsal failed", async () => {
    const drift = [{ node: "node-2", service: "app", digest: `sha256:${"0".repeat(64)}` }];
    const observed = await makeCapsim();
    const changed = observed.result.observations.map((one) =>
      one.node === "node-2" ? { ...one, digestOk: false, reason: "digest-mismatch: told another" } : one,
    );
    const failed = await makeCapsim({ drift }, { changes: { observations: changed } });
    const report = await rerun(failed.bytes);
    expect(report.claims?.outcome).toBe("fail");
    expect(report.verdict).toBe("pass");
  });

  it("without a key, or with a retired one, it is not decidable", async () => {
    const unkeyed = await verifyCapsim(whole.bytes, { trust: null, hashing: webHashing });
    expect(unkeyed.verdict).toBe("undecidable");
    expect(stepOf(unkeyed, "signatures")).toMatchObject({ status: "skip", code: "no-key" });
    const [builder, simulator] = whole.trust.keys;
    if (builder === undefined || simulator === undefined) throw new Error("two keys");
    const retired = { ...simulator, state: { kind: "rotated" as const, at: 1 } };
    const trust = { ...whole.trust, keys: [builder, retired] };
    const report = await verifyCapsim(whole.bytes, { trust, hashing: webHashing });
    expect(stepOf(report, "signatures")).toMatchObject({ status: "skip", code: "needs-receipt" });
    expect(report.verdict).toBe("undecidable");
  });

  it("a simulator whom one trusts does not vouch for a builder whom one does not know", async () => {
    const trust = { ...whole.trust, keys: whole.trust.keys.slice(1) };
    const report = await verifyCapsim(whole.bytes, { trust, hashing: webHashing });
    expect(stepOf(report, "signatures").status).toBe("pass");
    expect(stepOf(report, "capsule-signatures").status).toBe("skip");
    expect(report.verdict).toBe("undecidable");
  });

  it("a key without the role simulator does not count", async () => {
    const keys = whole.trust.keys.map((key) => ({ ...key, roles: ["builder" as const] }));
    const report = await verifyCapsim(whole.bytes, { trust: { ...whole.trust, keys }, hashing: webHashing });
    expect(stepOf(report, "signatures")).toMatchObject({ status: "fail", code: "threshold-not-met" });
  });

  it("no byte can be flipped", { timeout: 120_000 }, async () => {
    const survivors: string[] = [];
    const bytes = whole.bytes.slice();
    for (let index = 0; index < bytes.length; index++) {
      // Each bit in turn, one of them for each byte.
      bytes[index] = (bytes[index] ?? 0) ^ (1 << (index % 8));
      const { verdict } = await verify(bytes);
      if (verdict !== "fail") survivors.push(`byte ${index}: ${verdict}`);
      bytes[index] = whole.bytes[index] ?? 0;
    }
    expect(bytes.length).toBeLessThan(40_000);
    expect(survivors).toEqual([]);
  });

  it("fails what is not canonical, not an evidence file, or too large", async () => {
    const text = decoder.decode(whole.bytes);
    expect(failedStep(await verify(encoder.encode(` ${text}`)))).toBe("canonical not-canonical");
    expect(failedStep(await verify(encoder.encode("{")))).toContain("canonical");
    expect(failedStep(await verify(encoder.encode("{}")))).toBe("schema not-a-capsim");
    expect(failedStep(await verify(encoder.encode("null")))).toBe("schema not-a-capsim");
    expect(failedStep(await verify(new Uint8Array(CAPSIM_LIMITS.bytes + 1)))).toBe("limits limit");
    const unknown = changeCapsim(whole.bytes, (file) => Object.assign(file, { more: 1 }));
    expect(failedStep(await verify(unknown))).toBe("schema invalid-capsim");
  });

  it("base64 that decodes to the same and is written otherwise fails", async () => {
    const loose = changeCapsim(whole.bytes, (file) => {
      const [signature] = file.envelope.signatures;
      if (signature === undefined) throw new Error("signed");
      // The last digit before the padding has bits that decode to nothing.
      signature.sig = signature.sig.replace(
        /[AQgw]==$/,
        (end) => `${{ A: "B", Q: "R", g: "h", w: "x" }[end[0] ?? ""]}==`,
      );
    });
    expect(failedStep(await verify(loose))).toBe("canonical not-base64");
  });

  it("changed parameters fail as what was not signed, and signed along as a bad signature", async () => {
    const shown = changeCapsim(whole.bytes, ({ result }) => {
      result.params.packetLoss = 50;
    });
    expect(failedStep(await verify(shown))).toBe("statement result-mismatch");
    const both = changeCapsim(whole.bytes, (file) => {
      file.result.params.packetLoss = 50;
      const statement = JSON.parse(atob(file.envelope.payload));
      statement.predicate.params.packetLoss = 50;
      file.envelope.payload = toBase64(canonicalBytes(statement));
    });
    expect(stepOf(await verify(both), "signatures")).toMatchObject({ status: "fail", code: "bad-signature" });
  });

  it("a result that another key signed anew fails for want of trust, though every byte of it agrees", async () => {
    const stranger = await fixtureKey(66);
    const result = { ...whole.result, signedBy: [toBase64(stranger.publicKey)] };
    const report = await verify(await sealCapsim(whole.capsule, result, stranger));
    expect(failedStep(report)).toBe("signatures unknown-signer");
    expect(report.steps.filter(({ status }) => status === "fail")).toHaveLength(1);
    const claimed = await verify(await sealCapsim(whole.capsule, whole.result, stranger));
    expect(stepOf(claimed, "statement")).toMatchObject({ status: "fail", code: "signer-mismatch" });
  });

  it("a result moved to another capsule, or an older one replayed for a newer, fails at the capsule", async () => {
    const newer = await makeCapsim(
      {},
      { capsule: await makeCapsule([{ path: "index.html", text: "newer" }]) },
    );
    const moved = changeCapsim(whole.bytes, (file) => {
      file.capsule = JSON.parse(decoder.decode(newer.bytes)).capsule;
    });
    expect(failedStep(await verify(moved))).toBe("capsule capsule-mismatch");
    const claimed = await sealCapsim(newer.capsule, whole.result, whole.simulator);
    expect(failedStep(await verify(claimed))).toBe("capsule capsule-mismatch");
    const shown = changeCapsim(moved, ({ result }) => {
      result.capsuleHash = newer.capsule.capsuleDigest;
    });
    expect(failedStep(await verify(shown))).toBe("statement result-mismatch");
  });

  it("a capsule whose signature was changed fails, though the result is good", async () => {
    const other = await fixtureKey(3);
    const trust = await trustIn([other]);
    const forged = changeCapsim(whole.bytes, (file) => {
      const [envelope] = file.capsule.envelopes;
      if (envelope?.signatures[0] === undefined) throw new Error("signed");
      envelope.signatures[0].sig = file.envelope.signatures[0]?.sig ?? "";
    });
    expect(failedStep(await verify(forged))).toBe("keys bad-signature");
    expect(trust.keys).toHaveLength(1);
    expect(stepOf(await verify(forged), "capsule-signatures").status).toBe("fail");
  });

  it("a trusted key that signs what never happened is found by simulating again", async () => {
    const bent = await makeCapsim(
      {},
      { changes: { reasons: [], counts: { ...whole.result.counts, sent: 1 } } },
    );
    expect((await verify(bent.bytes)).verdict).toBe("pass");
    expect(failedStep(await rerun(bent.bytes))).toBe("rerun result-mismatch");
    const [run] = whole.result.runs;
    if (run === undefined) throw new Error("one run");
    const traceHash = "0".repeat(64);
    const invented = await makeCapsim({}, { changes: { runs: [{ ...run, traceHash }], traceHash } });
    expect(failedStep(await rerun(invented.bytes))).toBe("rerun trace-mismatch");
    const drift = [{ node: "node-2", service: "app", digest: `sha256:${"0".repeat(64)}` }];
    expect(failedStep(await rerun((await makeCapsim({ drift })).bytes))).toBe("rerun verdict-mismatch");
  });

  it("the traces of another simulator are not decidable, nor more seeds than are run again", async () => {
    const other = await makeCapsim({}, { changes: { simulatorVersion: "0.9.0" } });
    const report = await rerun(other.bytes);
    expect(stepOf(report, "rerun")).toMatchObject({ status: "skip", code: "other-simulator" });
    expect(report.verdict).toBe("undecidable");
    expect((await verify(other.bytes)).verdict).toBe("pass");
    const options = { trust: whole.trust, hashing: webHashing, rerun: createRerun({ seedCountMax: 0 }) };
    const limited = await verifyCapsim(whole.bytes, options);
    expect(stepOf(limited, "rerun").code).toBe("too-many-seeds");
    expect(limited.verdict).toBe("undecidable");
  });
});

function verify(bytes: Uint8Array): Promise<CapsimReport> {
  return verifyCapsim(bytes, { trust: whole.trust, hashing: webHashing });
}

function rerun(bytes: Uint8Array): Promise<CapsimReport> {
  return verifyCapsim(bytes, { trust: whole.trust, hashing: webHashing, rerun: createRerun() });
}

function stepOf(report: CapsimReport, id: string): CapsimReport["steps"][number] {
  const step = report.steps.find((one) => one.id === id);
  if (step === undefined) throw new Error(`no step ${id}`);
  return step;
}

/** The first step that failed, with its code. */
function failedStep({ steps }: CapsimReport): string | null {
  const step = steps.find(({ status }) => status === "fail");
  return step === undefined ? null : `${step.id} ${step.code}`;
}
